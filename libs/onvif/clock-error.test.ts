import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { clockErrorOf, readDeviceTime, readSoap } from '#libs/onvif';

const body = (xml: string): string => `<s:Envelope xmlns:s="x"><s:Header/><s:Body>${xml}</s:Body></s:Envelope>`;

describe('device time', () => {
  const time = (inner: string): string =>
    body(
      `<GetSystemDateAndTimeResponse><SystemDateAndTime>${inner}</SystemDateAndTime></GetSystemDateAndTimeResponse>`,
    );
  const moment = (name: string, month = 2): string =>
    `<${name}><Time><Hour>23</Hour><Minute>4</Minute><Second>5</Second></Time><Date><Year>2026</Year><Month>${month}</Month><Day>1</Day></Date></${name}>`;
  const read = (inner: string): unknown => {
    const soap = readSoap(time(inner));
    const said = soap.ok ? readDeviceTime(soap.value) : soap;
    return said.ok ? [new Date(said.value.utcMs).toISOString(), said.value.source] : said.refusal.code;
  };

  it('prefers UTC, then local with its zone, then local alone', () => {
    expect(read(moment('UTCDateTime') + moment('LocalDateTime', 3))).toEqual(['2026-02-01T23:04:05.000Z', 'utc']);
    expect(read(`<TimeZone><TZ>PET5</TZ></TimeZone>${moment('LocalDateTime')}`)).toEqual([
      '2026-02-02T04:04:05.000Z',
      'local',
    ]);
    expect(read(`<TimeZone><TZ>&lt;-05&gt;5</TZ></TimeZone>${moment('LocalDateTime')}`)).toEqual([
      '2026-02-02T04:04:05.000Z',
      'local',
    ]);
    expect(read(`<TimeZone><TZ>CET-1CEST,M3.5.0</TZ></TimeZone>${moment('LocalDateTime')}`)).toEqual([
      '2026-02-01T22:04:05.000Z',
      'local',
    ]);
    expect(read(moment('LocalDateTime'))).toEqual(['2026-02-01T23:04:05.000Z', 'local-without-zone']);
    expect(read('')).toBe('onvif-malformed');
    expect(read(moment('UTCDateTime', 13))).toBe('onvif-malformed');
  });

  it('bounds the true error by half the trip and the second cut off', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: -1e9, max: 1e9 }),
        fc.integer({ min: 0, max: 5000 }),
        fc.double({ min: 0, max: 1, noNaN: true }),
        fc.integer({ min: 0, max: 1e6 }),
        (trueErrorMs, tripMs, when, startMs) => {
          const sentMs = 1.7e12 + startMs;
          const deviceMs = sentMs + tripMs * when + trueErrorMs;
          const said = Math.floor(deviceMs / 1000) * 1000;
          const { errorMs, uncertaintyMs } = clockErrorOf(said, sentMs, sentMs + tripMs);
          expect(Math.abs(errorMs - trueErrorMs)).toBeLessThanOrEqual(uncertaintyMs + 1);
        },
      ),
      { numRuns: 5000 },
    );
  });
});
