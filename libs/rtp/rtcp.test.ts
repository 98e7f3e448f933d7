import { describe, expect, it } from '@jest/globals';
import { readRtcp, type RtcpSink } from '#libs/rtp';

/** By GStreamer's rtpbin: SR and SDES; two seconds later SR and SDES and, as the stream ends, BYE. */
const FIRST =
  '80c8000612345678eead9a76f5a63f9a1a0aebd10000000100000002' +
  '81ca000612345678010e63616d657261406578616d706c6500000000';
const LAST =
  '80c8000612345678eead9a795c5f06f61a0e36e3000000f40000b0ed' +
  '81ca000612345678010e63616d657261406578616d706c6500000000' +
  '81cb000112345678';

function read(hex: string): { ok: boolean; told: unknown[] } {
  const told: unknown[] = [];
  const sink: RtcpSink = {
    onSenderReport: (...report) => told.push(['report', ...report]),
    onSourceName: (...name) => told.push(['name', ...name]),
    onBye: (ssrc) => told.push(['bye', ssrc]),
  };
  const bytes = Buffer.from(hex, 'hex');
  return { ok: readRtcp(bytes, 0, bytes.length, sink), told };
}

describe('readRtcp', () => {
  it('reads what rtpbin sends', () => {
    const { ok, told } = read(FIRST);
    expect(ok).toBe(true);
    expect(told).toEqual([
      ['report', 0x12345678, 0x9a76f5a6, 0x1a0aebd1, expect.any(Number)],
      ['name', 0x12345678, 'camera@example'],
    ]);
    expect(new Date((told[0] as number[])[4]!).toISOString()).toBe('2026-11-22T16:44:38.959Z');
  });

  it('hears the goodbye at the end of a compound packet', () => {
    expect(read(LAST).told.at(-1)).toEqual(['bye', 0x12345678]);
  });

  it('knows the sender without a wall clock', () => {
    const clockless = FIRST.replace('eead9a76f5a63f9a', '0000000000000000');
    expect(read(clockless).told[0]).toEqual(['report', 0x12345678, 0, 0x1a0aebd1, undefined]);
  });

  it.each([
    ['nothing', ''],
    ['another version', `40${FIRST.slice(2)}`],
    ['a length past the end', `80c8ffff${FIRST.slice(8)}`],
    ['a sender report of no content', '80c80000'],
    ['more chunks than there are', '9fca000612345678010e63616d657261406578616d706c6500000000'],
    ['an item past its packet', '81ca00011234567801ff'],
    ['more goodbyes than there are', '9fcb000112345678'],
    ['a tail that is no packet', `${FIRST}80`],
  ])('refuses %s', (_, hex) => {
    expect(read(hex).ok).toBe(false);
  });
});
