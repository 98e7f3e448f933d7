import { systemClock } from '#libs/base';
import { hasUserInformation, joinControl, parseAddress } from './address.ts';
import { chooseAudio } from './audio-offer.ts';
import { chooseChallenge } from './challenge.ts';
import { Deframer } from './deframer.ts';
import { digestAuthorization } from './digest.ts';
import { MAX_CHALLENGES } from './limits.ts';
import { RtspSession } from './session.ts';
import { parseInterleaved, parseSessionHeader, parseUdpReply } from './setup-reply.ts';
import { parseSdp } from './sdp.ts';
import { chooseVideo } from './video-offer.ts';

/** A parser and what must hold whatever bytes it gets; throws when it does not. `seeds` are valid inputs to bend. */
export interface FuzzCase {
  readonly name: string;
  readonly seeds: readonly Buffer[];
  run(bytes: Buffer): void;
}

const SDP =
  'v=0\r\na=control:*\r\nm=video 0 RTP/AVP 96\r\na=rtpmap:96 H264/90000\r\na=control:trackID=1\r\n' +
  'a=fmtp:96 packetization-mode=1;sprop-parameter-sets=Z01AKOygPAET8uAiAAADAAIAAAMAZB4wYyw=,aOvjyyA=\r\n';
const AUDIO_SDP =
  'm=audio 0 RTP/AVP 97\r\na=rtpmap:97 MPEG4-GENERIC/16000/1\r\na=control:trackID=2\r\n' +
  'a=fmtp:97 mode=AAC-hbr;sizelength=13;indexlength=3;indexdeltalength=3;config=1408\r\n';
const CHALLENGES = 'Digest realm="cam", nonce="abc", qop="auth", algorithm=SHA-256, Basic realm="cam"';
const TRANSPORT = 'RTP/AVP/TCP;unicast;interleaved=0-1;ssrc=1234ABCD';
const UDP_TRANSPORT = 'RTP/AVP;unicast;client_port=50000-50001;server_port=6970-6971;source=10.0.0.9';
const PACKET = '$\0\0\u0010\u0080`\0\u0001\0\0\0\u0001\0\0\0\u0001abcd';
/** A whole conversation as the camera says it, packets in between. */
const CONVERSATION = [
  'RTSP/1.0 200 OK\r\nCSeq: 1\r\nPublic: OPTIONS, GET_PARAMETER\r\n\r\n',
  `RTSP/1.0 401 Unauthorized\r\nCSeq: 2\r\nWWW-Authenticate: ${CHALLENGES}\r\n\r\n`,
  `RTSP/1.0 200 OK\r\nCSeq: 3\r\nContent-Base: rtsp://10.0.0.9/live/\r\nContent-Length: ${SDP.length}\r\n\r\n${SDP}`,
  `RTSP/1.0 200 OK\r\nCSeq: 4\r\nSession: 47;timeout=60\r\nTransport: ${TRANSPORT}\r\n\r\n${PACKET}`,
  `RTSP/1.0 200 OK\r\nCSeq: 5\r\n\r\n${PACKET}OPTIONS * RTSP/1.0\r\nCSeq: 1\r\n\r\n${PACKET}`,
].join('');

/** `text`: one byte a letter, as it stands on the wire. */
function wire(text: string): Buffer {
  return Buffer.from(text, 'latin1');
}

export const rtspFuzzCases: readonly FuzzCase[] = [
  { name: 'rtsp-deframer', seeds: [wire(CONVERSATION)], run: deframe },
  { name: 'rtsp-session', seeds: [wire(CONVERSATION)], run: converse },
  { name: 'sdp', seeds: [wire(SDP), wire(SDP + AUDIO_SDP)], run: describeVideo },
  { name: 'rtsp-challenge', seeds: [wire(CHALLENGES)], run: login },
  { name: 'rtsp-transport', seeds: [wire(TRANSPORT), wire(UDP_TRANSPORT), wire('47;timeout=60')], run: readSetupReply },
  { name: 'rtsp-address', seeds: [wire('rtsp://a:b@[::1]:8554/live?x=1#y')], run: readAddress },
];

/** In reads of seven bytes and in one read: the same must come out, and nothing out of bounds. */
function deframe(bytes: Buffer): void {
  const whole = deframed(bytes, bytes.length);
  const pieces = deframed(bytes, 7);
  if (whole.isLost || pieces.isLost) return;
  if (whole.out.join('\n') !== pieces.out.join('\n')) throw new Error('the cut of the reads matters');
}

function deframed(bytes: Buffer, readBytes: number): { out: string[]; isLost: boolean } {
  const out: string[] = [];
  const deframer = new Deframer({
    onPacket: (buffer, from, to, channel) => {
      if (from < 4 || from > to || to > buffer.length) throw new Error('packet out of bounds');
      out.push(`${channel}:${buffer.toString('latin1', from, to)}`);
    },
    onMessage: (message) => out.push(message.kind === 'response' ? `${message.status}${message.body}` : message.method),
    isChannel: (channel) => channel < 2,
  });
  for (let at = 0; at < bytes.length; at += readBytes) {
    const read = bytes.subarray(at, at + readBytes);
    if (deframer.push(read, read.length) !== undefined) break;
  }
  return { out, isLost: deframer.wasLost };
}

/** Whatever a camera says: at most one failure, nothing sent after it, and no password in what is sent or told. */
function converse(bytes: Buffer): void {
  const password = 'pAssw0rd';
  let failures = 0;
  const session = new RtspSession({
    url: 'rtsp://10.0.0.9/live',
    credential: { username: 'operator', password },
    clock: systemClock,
    clientNonce: () => '0a4f113b0a4f113b',
    send: (sent) => {
      if (failures > 0) throw new Error('said something after the end');
      if (sent.includes(password)) throw new Error('said the password');
    },
    onTrack: () => {},
    onPacket: (buffer, from, to) => {
      if (failures > 0 || from > to || to > buffer.length) throw new Error('packet out of place');
    },
    onFail: (reason) => {
      if (++failures > 1 || JSON.stringify(reason).includes(password)) throw new Error('a failure that must not be');
    },
  });
  session.start();
  for (let at = 0; at < bytes.length; at += 200) {
    const read = bytes.subarray(at, at + 200);
    session.receive(read, read.length);
  }
  session.tick();
}

function describeVideo(bytes: Buffer): void {
  const sdp = parseSdp(bytes.toString('utf8'));
  const audio = sdp && chooseAudio(sdp);
  if (audio && audio.clockRate !== audio.format.sampleRate) throw new Error('a clock that is not the rate');
  const offer = sdp && chooseVideo(sdp);
  if (!offer?.ok) return;
  const { payloadType, clockRate } = offer.value;
  if (payloadType > 127 || !(clockRate >= 1_000)) throw new Error('an offer out of range');
}

function login(bytes: Buffer): void {
  const text = bytes.toString('latin1');
  const challenge = chooseChallenge(Array.from({ length: MAX_CHALLENGES + 1 }, () => text));
  if (challenge?.scheme !== 'digest') return;
  const credential = { username: 'operator', password: 'x' };
  const written = digestAuthorization(challenge, credential, {
    method: 'PLAY',
    url: 'rtsp://h/',
    clientNonce: 'c',
    nonceCount: 1,
  });
  if (!written.includes('response="')) throw new Error('a login without response');
}

function readSetupReply(bytes: Buffer): void {
  const text = bytes.toString('latin1');
  parseSessionHeader(text);
  const channels = parseInterleaved(text);
  if (channels && (channels.rtpChannel > 255 || channels.rtcpChannel > 255)) throw new Error('channels out of range');
  const reply = parseUdpReply(text, { rtpPort: 50_000, rtcpPort: 50_001 });
  const { rtpPort = 1, rtcpPort = 1 } = (reply.isGranted && reply.from) || {};
  if (!(rtpPort >= 1 && rtpPort <= 65_535 && rtcpPort >= 1 && rtcpPort <= 65_535))
    throw new Error('ports out of range');
}

function readAddress(bytes: Buffer): void {
  const text = bytes.toString('latin1');
  const address = parseAddress(joinControl('rtsp://h/base?q=1', text));
  if (!address) return;
  if (/[^\x21-\x7e]/.test(address.url) || hasUserInformation(address.url))
    throw new Error(`let through ${address.url}`);
}
