import { describe, expect, it } from '@jest/globals';
import { readSoap } from './soap.ts';
import { EVERY_SAMPLE, sampleXml } from './testing/every-operation.ts';
import { mutate, seededRandom } from './testing/mutate.ts';
import { envelope, securityHeader } from './testing/client.ts';
import { readTopicFilter } from './topic-filter.ts';
import { parseDateTime, parseDuration } from './xsd-time.ts';
import { readXml } from './xml-reader.ts';

/** More by `ATALAYA_FUZZ_RUNS`. */
const RUNS = Number(process.env['ATALAYA_FUZZ_RUNS'] ?? 100_000);

describe('what strangers may send', () => {
  it(`reads ${RUNS} bent requests to a request or a fault, and throws never`, () => {
    const random = seededRandom(7);
    const header = securityHeader({ username: 'a', password: 'b', createdMs: 0, nonce: Buffer.alloc(16) });
    const seeds = EVERY_SAMPLE.map((sample, index) =>
      Buffer.from(envelope(sampleXml(sample), index % 3 === 0 ? header : '')),
    );
    const seen = { request: 0, fault: 0 };
    for (let run = 0; run < RUNS; run++) {
      const seed = seeds[run % seeds.length] ?? Buffer.alloc(0);
      const reading = readSoap(mutate(seed, random));
      if (reading.ok) seen.request++;
      else {
        seen.fault++;
        expect(reading.fault.reason.length).toBeLessThan(400);
      }
    }
    // Bending must reach both: all alike would mean that it tests nothing.
    expect(seen.request).toBeGreaterThan(RUNS / 100);
    expect(seen.fault).toBeGreaterThan(RUNS / 10);
  }, 60_000);

  it('reads bent filters and times to a value or undefined', () => {
    const random = seededRandom(11);
    const filter = Buffer.from(
      '<wsnt:Filter xmlns:wsnt="http://docs.oasis-open.org/wsn/b-2" xmlns:tns1="http://www.onvif.org/ver10/topics">' +
        '<wsnt:TopicExpression Dialect="http://www.onvif.org/ver10/tev/topicExpression/ConcreteSet">' +
        'tns1:VideoSource/MotionAlarm|tns1:RuleEngine//.</wsnt:TopicExpression></wsnt:Filter>',
    );
    let understood = 0;
    for (let run = 0; run < 5_000; run++) {
      const xml = readXml(mutate(filter, random));
      if (xml.ok && readTopicFilter(xml.value, ['VideoSource/MotionAlarm', 'RuleEngine/LineDetector/Crossed']))
        understood++;
      const text = mutate(Buffer.from(run % 2 === 0 ? 'P1DT2H3M4.5S' : '2026-01-02T03:04:05.678Z'), random).toString(
        'latin1',
      );
      for (const value of [parseDuration(text), parseDateTime(text)]) {
        expect(value === undefined || Number.isFinite(value)).toBe(true);
      }
    }
    expect(understood).toBeGreaterThan(50);
  }, 30_000);
});
