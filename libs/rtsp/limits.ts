/** Start line and header fields of one message. Cameras send under 1 kB; long WWW-Authenticate lists reach 2 kB. */
export const MAX_HEAD_BYTES = 16 * 1024;
export const MAX_HEADER_FIELDS = 64;
/** A DESCRIBE of a camera with many streams stays under 8 kB. */
export const MAX_BODY_BYTES = 64 * 1024;
/** Bytes that are neither RTSP nor a packet, in one go. Some cameras send a few between packets after a PTZ command. */
export const MAX_GARBAGE_BYTES = 64 * 1024;
/** RFC 9112 §3 advises 8,000; no camera comes near this. */
export const MAX_URL_CHARS = 2_048;
export const MAX_SESSION_ID_CHARS = 256;
export const MAX_CHALLENGES = 8;
export const MAX_REDIRECTS = 3;
/** Requests that a server may put to us within one second. */
export const MAX_SERVER_REQUESTS_PER_SECOND = 20;
export const MAX_SDP_LINES = 1_000;
export const MAX_SDP_MEDIA = 32;
/** Parameter sets taken out of one SDP. */
export const MAX_SDP_PARAMETER_SETS = 16;
/** A server text in one of our messages. */
export const MAX_QUOTED_CHARS = 80;
/** Bounds of the keep-alive period whatever session timeout a server names. */
export const MIN_KEEP_ALIVE_MS = 1_000;
export const MAX_KEEP_ALIVE_MS = 60_000;
