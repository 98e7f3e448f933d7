import { execFileSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from '@jest/globals';
import { writeReceiverReport } from '#libs/rtp';

const script = fileURLToPath(new URL('./testdata/read-rtcp.py', import.meta.url));

function readByGStreamer(packet: Buffer): unknown {
  return JSON.parse(execFileSync('/usr/bin/python3', [script, packet.toString('hex')], { encoding: 'utf8' }));
}

describe('writeReceiverReport', () => {
  it('is understood by GStreamer', () => {
    const packet = writeReceiverReport(0xdeadbeef, {
      sourceSsrc: 0x12345678,
      fractionLost: 129,
      cumulativeLost: -3,
      extendedHighest: 65_540,
      jitter: 77,
      lastReport: 0x9a76f5a6,
      delaySinceLastReport: 131_072,
    });
    expect(readByGStreamer(packet)).toEqual({
      isValid: true,
      packets: [
        { type: 'rr', ssrc: 0xdeadbeef, blocks: [[0x12345678, 129, -3, 65_540, 77, 0x9a76f5a6, 131_072]] },
        { type: 'sdes', ssrc: 0xdeadbeef, chunks: 1 },
      ],
    });
  });

  it('has no block while nothing was received', () => {
    expect(readByGStreamer(writeReceiverReport(7, undefined))).toMatchObject({
      isValid: true,
      packets: [{ type: 'rr', ssrc: 7, blocks: [] }, { type: 'sdes' }],
    });
  });
});
