import { FRAME_HEADER_BYTES, FRAME_KIND, initPayload, noticePayload, readFrame, writeFrameHeader } from './frame.ts';
import { readFragmentTimes } from './fragment-times.ts';
import { MAX_TILE_NUMBER, readRequest } from './request.ts';

/** A parser and what must hold whatever bytes it gets; throws when it does not. `seeds` are valid inputs to bend. */
export interface FuzzCase {
  readonly name: string;
  readonly seeds: readonly Buffer[];
  run(bytes: Buffer): void;
}

/** The 28th picture of `testsrc=size=64x48:rate=25`, by ffmpeg 5.1 (`frag_every_frame+empty_moov+default_base_moof`, 90,000 a second). */
export const FFMPEG_FRAGMENT = Buffer.from(
  '000000646d6f6f66000000106d666864000000000000001c0000004c747261660000001c74666864000200380000000100000e10000000360101' +
    '00000000001474666474010000000000000000017bb0000000147472756e00000001000000010000006c0000003e6d64617400000032419a4f08' +
    '64ca6111ff0c2b34ffd5830f00e57be8a325a6e8eeba8f068f0b560476101d5c38a49d5a0c5739499747323104c0',
  'hex',
);

export const tilesFuzzCases: readonly FuzzCase[] = [
  {
    name: 'tiles-frame',
    seeds: [
      frame(FRAME_KIND.init, initPayload('video/mp4; codecs="avc1.42C01E"', Buffer.from('segment'))),
      frame(FRAME_KIND.fragment, FFMPEG_FRAGMENT),
      frame(FRAME_KIND.notice, noticePayload({ state: 'waiting', code: 'connecting' })),
    ],
    run: checkFrame,
  },
  { name: 'tiles-fragment-times', seeds: [FFMPEG_FRAGMENT], run: checkTimes },
  {
    name: 'tiles-request',
    seeds: ['{"op":"open","tile":3,"ticket":"ab.cd"}', '{"op":"pause","tile":65535}'].map((text) => Buffer.from(text)),
    run: checkRequest,
  },
];

function frame(kind: number, payload: Uint8Array): Buffer {
  const header = Buffer.alloc(FRAME_HEADER_BYTES);
  writeFrameHeader(header, { kind, flags: 1, tile: 3, sequence: 7, capturedMs: 1_795_000_000_000 });
  return Buffer.concat([header, payload]);
}

function checkFrame(bytes: Buffer): void {
  const read = readFrame(new Uint8Array(bytes));
  if (!read) return;
  if (read.tile > MAX_TILE_NUMBER) throw new Error(`tile ${read.tile}`);
  if (read.kind === 'init' && read.segment.length === 0) throw new Error('an init without a segment');
  if (read.kind === 'fragment' && !(read.showMs >= 0 && read.durationMs >= 0)) throw new Error(`time ${read.showMs}`);
  if (read.kind === 'notice' && !/^[a-z0-9-]+$/.test(read.notice.code)) throw new Error(`code ${read.notice.code}`);
}

function checkTimes(bytes: Buffer): void {
  const times = readFragmentTimes(bytes);
  if (times && !(Number.isFinite(times.showMs) && times.durationMs <= 2 ** 32)) throw new Error('impossible times');
}

function checkRequest(bytes: Buffer): void {
  const request = readRequest(bytes.toString('latin1'));
  if (request && 'ticket' in request && request.ticket.length > 512) throw new Error('an endless ticket');
}
