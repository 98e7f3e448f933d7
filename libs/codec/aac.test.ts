import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { parseAudioConfig } from './aac.ts';

describe('AudioSpecificConfig', () => {
  // Configurations as ffmpeg 5.1 writes them into `a=fmtp` for each rate and number of channels.
  it.each([
    ['1408', 16_000, 1],
    ['1188', 48_000, 1],
    ['1210', 44_100, 2],
    ['1588', 8_000, 1],
    ['1390', 22_050, 2],
  ])('%s is %d Hz with %d channels', (hex, sampleRate, channels) => {
    const config = Buffer.from(hex, 'hex');
    expect(parseAudioConfig(config)).toMatchObject({
      codec: 'aac',
      codecString: 'mp4a.40.2',
      sampleRate,
      channels,
      frameSamples: 1024,
      config,
    });
  });

  it('reads a rate of its own, and the shorter frames', () => {
    const rate = ((2 << 4) | 15).toString(2).padStart(9, '0') + (12_345).toString(2).padStart(24, '0') + '0001100';
    const bytes = rate
      .padEnd(40, '0')
      .match(/.{8}/g)!
      .map((bits) => Number.parseInt(bits, 2));
    expect(parseAudioConfig(Buffer.from(bytes))).toMatchObject({ sampleRate: 12_345, channels: 1, frameSamples: 960 });
  });

  it.each([
    ['nothing', ''],
    ['one byte', '14'],
    ['HE-AAC', '2b920800'],
    ['a rate that is not in the table', '1688'],
    ['a program config element', '1400'],
    ['an explicit rate of 0', '1780000008'],
    ['an explicit rate cut short', '1788'],
  ])('refuses %s', (_, hex) => expect(parseAudioConfig(Buffer.from(hex, 'hex'))).toBeUndefined());

  it('never gives what is out of range', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 70 }), (bytes) => {
        const format = parseAudioConfig(Buffer.from(bytes));
        if (!format) return;
        expect(format.sampleRate).toBeGreaterThanOrEqual(7_350);
        expect(format.sampleRate).toBeLessThanOrEqual(96_000);
        expect([1, 2, 3, 4, 5, 6, 8]).toContain(format.channels);
      }),
    );
  });
});
