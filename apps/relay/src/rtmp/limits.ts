import { MAX_VIDEO_TAG_BYTES } from '#libs/flv';

/** Connections of the RTMP port in all, and those that have not shown a valid key yet. */
export const MAX_SESSIONS = 512;
export const MAX_UNPROVEN_SESSIONS = 64;
/** Unproven connections of one address. Devices of one mobile operator may share an address. */
export const MAX_UNPROVEN_PER_ADDRESS = 16;

/** From the connection to the end of the handshake; a phone on 3G needs two round trips of a second. */
export const HANDSHAKE_MS = 5_000;
/** From the connection to an admitted `publish`. */
export const OPENING_MS = 10_000;
/** An admitted publisher that sends no picture for this long is let go: it may come again. */
export const IDLE_MS = 10_000;
/** An admitted publisher that sent no picture for this long gives way to a newer one with the same key. */
export const SILENT_MS = 3_000;
/** A publisher that is gone for longer is said to be away; shorter gaps are a change of network. */
export const AWAY_MS = 2_500;
/** What was refused is told on the camera for this long. */
export const TELL_REFUSAL_MS = 60_000;
/** A connection that was ended is destroyed when its last words were not taken by then. */
export const FAREWELL_MS = 1_000;

/** Everything that is received before an admitted `publish`: handshake 3,073 bytes, commands about 1,000. */
export const MAX_OPENING_BYTES = 32 * 1024;
/** A command (AMF0), a data message; `connect` of the talkative is 600 bytes. */
export const MAX_COMMAND_BYTES = 4 * 1024;
/** Before an admitted `publish`. */
export const MAX_COMMANDS = 32;
/** Metadata and captions. They are not read. */
export const MAX_DATA_BYTES = 64 * 1024;
/** One AAC frame has at most 8,191 bytes (ISO/IEC 14496-3); PCM of a device with large buffers more. */
export const MAX_AUDIO_BYTES = 64 * 1024;
export const MAX_VIDEO_BYTES = MAX_VIDEO_TAG_BYTES;
/** Protocol control messages have at most 5 bytes (Adobe RTMP 1.0 §5.4); user control messages 10 (§7.1.7). */
export const MAX_CONTROL_BYTES = 64;
/** Chunk streams of one connection (§5.3.1.1 allows 65,597); encoders use four to six. */
export const MAX_CHUNK_STREAMS = 16;
/** Messages under construction on all chunk streams of one connection. */
export const MAX_HELD_BYTES = 6 * 1024 * 1024;
/** §5.4.1: 1 to 0x7fffffff, where more than the largest message (0xffffff) means the same. */
export const MAX_CHUNK_BYTES = 0x7fff_ffff;
/** Our acknowledgements and answers that a publisher does not read. */
export const MAX_UNSENT_BYTES = 64 * 1024;
/** A publisher's mean rate over {@link RATE_SPAN_MS}: 100 Mbit/s is twice what 4K phones send. */
export const MAX_BYTES_A_SECOND = 12_500_000;
export const RATE_SPAN_MS = 4_000;

/** Acknowledgement window (§5.4.4) when the publisher names none, and the smallest that is heeded. */
export const USUAL_WINDOW_BYTES = 2_500_000;
export const MIN_WINDOW_BYTES = 64 * 1024;

/** Characters of `app` and of the stream name with its key. */
export const MAX_NAME_CHARS = 256;

/** Offences (garbage of an address, wrong keys of a device) that are answered; more within the refill are shut out. */
export const OFFENCES_AT_ONCE = 12;
export const OFFENCE_REFILL_MS = 10_000;
/** Offenders that are remembered; the one that offended longest ago is forgotten first. */
export const MAX_REMEMBERED_OFFENDERS = 4_096;
