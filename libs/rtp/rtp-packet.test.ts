import { describe, expect, it } from '@jest/globals';
import { RtpPacket } from '#libs/rtp';

function parsed(hex: string): { ok: boolean; packet: RtpPacket; payload: string } {
  const bytes = Buffer.from(`ffff${hex.replaceAll(' ', '')}`, 'hex');
  const packet = new RtpPacket();
  const ok = packet.parse(bytes, 2, bytes.length);
  return { ok, packet, payload: ok ? bytes.toString('hex', packet.payloadFrom, packet.payloadTo) : '' };
}

describe('RtpPacket', () => {
  it('reads the fixed header where it lies', () => {
    const { packet, payload } = parsed('80 e0 1234 89abcdef 12345678 aabbcc');
    expect(packet).toMatchObject({
      marker: true,
      payloadType: 96,
      sequence: 0x1234,
      timestamp: 0x89abcdef,
      ssrc: 0x12345678,
    });
    expect(payload).toBe('aabbcc');
  });

  it('steps over contributing sources and an extension, and leaves padding out', () => {
    const sources = '00000001 00000002';
    const extension = 'bede0001 10aa0000';
    expect(parsed(`b2 60 0001 00000002 00000003 ${sources} ${extension} aabbcc 000003`).payload).toBe('aabbcc');
  });

  it.each([
    ['too short', '80 60 0001 00000002 000000'],
    ['version 1', '40 60 0001 00000002 00000003 aa'],
    ['sources past the end', '8f 60 0001 00000002 00000003 aa'],
    ['an extension header past the end', '90 60 0001 00000002 00000003 bede'],
    ['an extension past the end', '90 60 0001 00000002 00000003 bedeffff aa'],
    ['padding of no bytes', 'a0 60 0001 00000002 00000003 aa00'],
    ['padding longer than the payload', 'a0 60 0001 00000002 00000003 aa03'],
  ])('refuses %s', (_, hex) => {
    expect(parsed(hex).ok).toBe(false);
  });
});
