import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { mutate, seededRandom } from '../../scripts/fuzz/mutate.ts';
import { RTSP_LIMITS, RtspReader, formatResponse, type RtspInput } from './message.ts';
import { chooseTransport } from './transport-header.ts';
import { parseDigest } from './digest.ts';

/** Example of RFC 2326 §10.4, and others that real clients send. */
const SETUP =
  'SETUP rtsp://127.0.1.1:8554/live/main/trackID=1 RTSP/1.0\r\nCSeq: 302\r\nTransport: RTP/AVP;unicast;client_port=4588-4589\r\n\r\n';
const OPTIONS = 'OPTIONS * RTSP/1.0\r\nCSeq: 1\r\n\r\n';
const PARAMETER =
  'GET_PARAMETER rtsp://127.0.1.1/live/main RTSP/1.0\r\ncseq:9\r\nContent-Length: 10\r\nSession: 1234\r\n\r\nposition\r\n';
const PACKET = Buffer.from([0x24, 1, 0, 8, 0x80, 201, 0, 1, 1, 2, 3, 4]);

function readAll(reader: RtspReader): RtspInput[] {
  const inputs: RtspInput[] = [];
  for (let next = reader.next(); next.ok && next.value; next = reader.next()) inputs.push(next.value);
  return inputs;
}

function refusalOf(text: string): string | undefined {
  const reader = new RtspReader();
  reader.push(Buffer.from(text, 'latin1'));
  const next = reader.next();
  return next.ok ? undefined : next.refusal.code;
}

describe('RtspReader', () => {
  it('reads requests and packets however they are cut', () => {
    const stream = Buffer.concat([Buffer.from(OPTIONS), PACKET, Buffer.from(SETUP + PARAMETER), PACKET]);
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 1, max: 60 }), { minLength: 1, maxLength: 400 }), (sizes) => {
        const reader = new RtspReader();
        const inputs: RtspInput[] = [];
        let at = 0;
        for (const size of sizes) {
          reader.push(stream.subarray(at, at + size));
          at += size;
          inputs.push(...readAll(reader));
        }
        reader.push(stream.subarray(Math.min(at, stream.length)));
        inputs.push(...readAll(reader));
        expect(inputs.map((input) => (input.kind === 'packet' ? input.channel : input.request.method))).toEqual([
          'OPTIONS',
          1,
          'SETUP',
          'GET_PARAMETER',
          1,
        ]);
      }),
      { numRuns: 50 },
    );
  });

  it('knows header names in any case and keeps the body', () => {
    const reader = new RtspReader();
    reader.push(Buffer.from(PARAMETER));
    const [input] = readAll(reader);
    if (input?.kind !== 'request') throw new Error('expected a request');
    expect(input.request.headers.get('session')).toBe('1234');
    expect(input.request.headers.get('cseq')).toBe('9');
    expect(input.request.body.toString()).toBe('position\r\n');
  });

  it('refuses what is no request, once and for all', () => {
    expect(refusalOf('GET / HTTP/1.1\r\n\r\n')).toBe('rtsp-request-line-malformed');
    expect(refusalOf('OPTIONS * RTSP/1.0\r\nno colon\r\n\r\n')).toBe('rtsp-header-malformed');
    expect(refusalOf('OPTIONS * RTSP/1.0\r\nContent-Length: -1\r\n\r\n')).toBe('rtsp-content-length-malformed');
    const reader = new RtspReader();
    reader.push(Buffer.from('nonsense\r\n\r\n'));
    expect(reader.next().ok).toBe(false);
    reader.push(Buffer.from(OPTIONS));
    expect(reader.next().ok).toBe(false);
  });

  it('refuses what is longer than its named limit', () => {
    expect(refusalOf('x'.repeat(RTSP_LIMITS.headBytes + 1))).toBe('rtsp-head-too-large');
    expect(refusalOf(`OPTIONS * RTSP/1.0\r\nX: ${'x'.repeat(RTSP_LIMITS.lineBytes)}\r\n\r\n`)).toBe(
      'rtsp-line-too-large',
    );
    expect(refusalOf(`OPTIONS * RTSP/1.0\r\n${'X: y\r\n'.repeat(RTSP_LIMITS.headers + 1)}\r\n`)).toBe(
      'rtsp-header-count-too-large',
    );
    expect(refusalOf(`OPTIONS * RTSP/1.0\r\nContent-Length: ${RTSP_LIMITS.bodyBytes + 1}\r\n\r\n`)).toBe(
      'rtsp-body-too-large',
    );
  });

  it('survives 100,000 hostile inputs without throwing and without keeping more than its limits', () => {
    const seeds = [OPTIONS, SETUP, PARAMETER, `${OPTIONS}${SETUP}`].map((text) => Buffer.from(text));
    seeds.push(PACKET, Buffer.concat([PACKET, Buffer.from(PARAMETER)]));
    const random = seededRandom(Number(process.env['ATALAYA_FUZZ_SEED'] ?? 20_260_511));
    const inputs = Number(process.env['ATALAYA_FUZZ_INPUTS'] ?? 100_000);
    let requests = 0;
    for (let run = 0; run < inputs; run++) {
      const reader = new RtspReader();
      const bytes = mutate(seeds, random);
      const cut = Math.floor(random() * bytes.length);
      reader.push(bytes.subarray(0, cut));
      const read = readAll(reader);
      reader.push(bytes.subarray(cut));
      read.push(...readAll(reader));
      for (const input of read) {
        if (input.kind !== 'request') continue;
        requests++;
        expect(input.request.headers.size).toBeLessThanOrEqual(RTSP_LIMITS.headers);
        chooseTransport(input.request.headers.get('transport') ?? bytes.toString('latin1'));
        parseDigest(input.request.headers.get('authorization') ?? `Digest ${bytes.toString('latin1')}`);
      }
    }
    // hostile, but not so much that nothing ever gets through
    expect(requests).toBeGreaterThan(inputs / 20);
  });
});

describe('chooseTransport', () => {
  it('takes the first alternative that it can serve', () => {
    expect(chooseTransport('RTP/AVP/TCP;unicast;interleaved=2-3')).toEqual({
      kind: 'interleaved',
      channel: 2,
      controlChannel: 3,
    });
    expect(chooseTransport('RTP/AVP;multicast;port=5000-5001,RTP/AVP/UDP;unicast;client_port=5000-5001')).toEqual({
      kind: 'udp',
      rtpPort: 5000,
      rtcpPort: 5001,
    });
    expect(chooseTransport('RTP/AVP;unicast;client_port=5000')).toEqual({ kind: 'udp', rtpPort: 5000, rtcpPort: 5001 });
  });

  it('refuses multicast, secure profiles, other services and channels that do not exist', () => {
    for (const header of [
      '',
      'RTP/SAVP;unicast;client_port=5000-5001',
      'RTP/AVP;multicast',
      'RTP/AVP;unicast;client_port=22-23',
      'RTP/AVP/TCP;interleaved=300-301',
      'RTP/AVP;unicast',
    ]) {
      expect(chooseTransport(header)).toBeUndefined();
    }
  });
});

describe('formatResponse', () => {
  it('writes status line, CSeq, headers and body length', () => {
    const bytes = formatResponse({ status: 200, headers: [['Public', 'OPTIONS']], body: 'ñ' }, '7', false);
    expect(bytes.toString('utf8')).toBe('RTSP/1.0 200 OK\r\nCSeq: 7\r\nPublic: OPTIONS\r\nContent-Length: 2\r\n\r\nñ');
    expect(formatResponse({ status: 401 }, '7', true).toString()).toBe('RTSP/1.0 401 Unauthorized\r\ncseq: 7\r\n\r\n');
  });
});
