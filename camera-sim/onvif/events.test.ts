import { describe, expect, it } from '@jest/globals';
import type { VendorName } from '../model.ts';
import { NAMESPACES } from './namespaces.ts';
import { MAX_PULL_POINTS, MAX_QUEUED } from './pull-points.ts';
import { TestFace, allNamed, envelope, securityHeader, subcodesOf, type Heard } from './testing/client.ts';
import type { XmlElement } from './xml-reader.ts';

const SET_DIALECT = 'http://www.onvif.org/ver10/tev/topicExpression/ConcreteSet';

function filterOf(expression: string, dialect = SET_DIALECT): string {
  return `<Filter><w:TopicExpression xmlns:w="${NAMESPACES.wsnt}" xmlns:t="${NAMESPACES.tns1}" Dialect="${dialect}">${expression}</w:TopicExpression></Filter>`;
}

function create(face: TestFace, content = ''): Promise<Heard> {
  return face.ask(
    '/onvif/event_service',
    `<CreatePullPointSubscription xmlns="${NAMESPACES.tev}">${content}</CreatePullPointSubscription>`,
  );
}

async function subscribed(face: TestFace, content = ''): Promise<string> {
  const address = allNamed((await create(face, content)).body(), 'Address')[0]?.text ?? '';
  return new URL(address).pathname;
}

function pullXml(timeout: string, limit: number): string {
  return `<PullMessages xmlns="${NAMESPACES.tev}"><Timeout>${timeout}</Timeout><MessageLimit>${limit}</MessageLimit></PullMessages>`;
}

function pull(face: TestFace, path: string, limit = 100, timeout = 'PT0S'): Promise<Heard> {
  return face.ask(path, pullXml(timeout, limit));
}

/** Topic, operation and data of each message. */
function told(heard: Heard): string[] {
  return allNamed(heard.body(), 'NotificationMessage').map((notification) => {
    const topic = allNamed(notification, 'Topic')[0]?.text.replace(/^.*:/, '');
    const message = allNamed(notification, 'Message').find((element) => element.namespace === NAMESPACES.tt);
    const [data] = message ? allNamed(message, 'Data') : [];
    const items = data ? allNamed(data, 'SimpleItem').map(itemText) : [];
    return [topic, message?.attributes.get('PropertyOperation') ?? '-', ...items].join(' ');
  });
}

function itemText(item: XmlElement): string {
  return `${item.attributes.get('Name')}=${item.attributes.get('Value')}`;
}

describe('a pull point', () => {
  it('tells every property first, then what changes', async () => {
    const face = new TestFace();
    const path = await subscribed(face);
    expect(told(await pull(face, path))).toEqual([
      'VideoSource/MotionAlarm Initialized State=false',
      'VideoSource/GlobalSceneChange/ImagingService Initialized State=false',
      'VideoSource/SignalLoss Initialized State=false',
    ]);
    face.camera.raise({ kind: 'motion', active: true });
    face.camera.raise({ kind: 'motion', active: true });
    face.camera.raise({ kind: 'line-crossed', rule: 'Cerco norte' });
    face.camera.raise({ kind: 'signal-loss', active: true });
    face.camera.raise({ kind: 'motion', active: false });
    const heard = await pull(face, path);
    expect(told(heard)).toEqual([
      'VideoSource/MotionAlarm Changed State=true',
      'RuleEngine/LineDetector/Crossed - ObjectId=1',
      'VideoSource/SignalLoss Changed State=true',
      'VideoSource/MotionAlarm Changed State=false',
    ]);
    const sources = allNamed(heard.body(), 'Source').flatMap((source) => allNamed(source, 'SimpleItem').map(itemText));
    expect(sources).toContain('Rule=Cerco norte');
    expect(told(await pull(face, path))).toEqual([]);
  });

  it.each<[VendorName, string, string]>([
    [
      'northgate',
      'RuleEngine/CellMotionDetector/Motion Initialized IsMotion=false',
      'RuleEngine/TamperDetector/Tamper Initialized IsTamper=false',
    ],
    [
      'bluecape',
      'VideoSource/MotionAlarm Initialized State=false',
      'RuleEngine/TamperDetector/Tamper Initialized IsTamper=false',
    ],
  ])('of %s speaks of the topics that this maker uses', async (vendor, motion, tamper) => {
    const face = new TestFace({ vendor });
    expect(told(await pull(face, await subscribed(face))).slice(0, 2)).toEqual([motion, tamper]);
  });

  it('waits for the first message, and no longer than asked', async () => {
    const face = new TestFace();
    const path = await subscribed(face);
    await pull(face, path);
    const first = pull(face, path, 10, 'PT20S');
    await face.clock.advance(4_000);
    face.camera.raise({ kind: 'tamper', active: true });
    expect(told(await first)).toEqual(['VideoSource/GlobalSceneChange/ImagingService Changed State=true']);
    let done = false;
    const second = pull(face, path, 10, 'PT20S').then((heard) => {
      done = true;
      return told(heard);
    });
    await face.clock.advance(19_999);
    expect(done).toBe(false);
    await face.clock.advance(1);
    expect(await second).toEqual([]);
  });

  it('hands out at most the limit and keeps the rest', async () => {
    const face = new TestFace();
    const path = await subscribed(face);
    expect(told(await pull(face, path, 2))).toHaveLength(2);
    expect(told(await pull(face, path, 2))).toHaveLength(1);
  });

  it('drops the oldest when nobody pulls', async () => {
    const face = new TestFace();
    const path = await subscribed(face, filterOf('t:RuleEngine//.'));
    for (let count = 1; count <= MAX_QUEUED + 5; count++) face.camera.raise({ kind: 'line-crossed', rule: 'r' });
    const messages: string[] = [];
    for (let more = told(await pull(face, path)); more.length > 0; more = told(await pull(face, path)))
      messages.push(...more);
    expect([messages.length, messages[0]]).toEqual([MAX_QUEUED, 'RuleEngine/LineDetector/Crossed - ObjectId=6']);
  });

  it('loses nothing when the one who waits goes away', async () => {
    const face = new TestFace();
    const path = await subscribed(face);
    await pull(face, path);
    const gone = new AbortController();
    const { username, password } = face.camera.spec;
    const text = envelope(pullXml('PT20S', 10), securityHeader({ username, password, createdMs: face.device.nowMs() }));
    const waiting = face.send(path, text, undefined, gone.signal);
    await face.clock.advance(10);
    gone.abort();
    await waiting;
    face.camera.raise({ kind: 'motion', active: true });
    expect(told(await pull(face, path))).toEqual(['VideoSource/MotionAlarm Changed State=true']);
  });

  it('tells the state again at a synchronization point', async () => {
    const face = new TestFace();
    const path = await subscribed(face, filterOf('t:VideoSource/MotionAlarm'));
    face.camera.raise({ kind: 'motion', active: true });
    await pull(face, path);
    await face.ask(path, `<SetSynchronizationPoint xmlns="${NAMESPACES.tev}"/>`);
    expect(told(await pull(face, path))).toEqual(['VideoSource/MotionAlarm Initialized State=true']);
  });

  it('ends at its time unless it is renewed', async () => {
    const face = new TestFace({ clockSkewMs: 3_600_000 });
    const path = await subscribed(face, '<InitialTerminationTime>PT10S</InitialTerminationTime>');
    await face.clock.advance(9_000);
    const renewed = await face.ask(
      path,
      `<Renew xmlns="${NAMESPACES.wsnt}"><TerminationTime>PT30S</TerminationTime></Renew>`,
    );
    const [termination, current] = renewed.body().children.map(({ text }) => Date.parse(text));
    expect([(termination ?? 0) - (current ?? 0), current]).toEqual([30_000, face.device.nowMs()]);
    await face.clock.advance(29_000);
    expect((await pull(face, path)).status).toBe(200);
    await face.clock.advance(1_000);
    const late = await pull(face, path);
    expect([late.status, allNamed(late.body(), 'ResourceUnknownFault').length]).toEqual([400, 1]);
  });

  it('takes an end by the camera clock, and outlives a clock that is set', async () => {
    const face = new TestFace({ clockSkewMs: -86_400_000 });
    const until = new Date(face.device.nowMs() + 20_000).toISOString();
    const path = await subscribed(face, `<InitialTerminationTime>${until}</InitialTerminationTime>`);
    face.camera.setFaults({ extraClockSkewMs: 86_400_000 });
    await face.clock.advance(19_000);
    expect((await pull(face, path)).status).toBe(200);
    await face.clock.advance(2_000);
    expect((await pull(face, path)).status).toBe(400);
  });

  it('wakes the one who waits when it is unsubscribed', async () => {
    const face = new TestFace();
    const path = await subscribed(face);
    await pull(face, path);
    const waiting = pull(face, path, 10, 'PT60S');
    await face.clock.advance(10);
    expect((await face.ask(path, `<Unsubscribe xmlns="${NAMESPACES.wsnt}"/>`)).status).toBe(200);
    expect((await waiting).status).toBe(400);
    expect((await pull(face, path)).status).toBe(400);
  });

  it.each([
    ['t:VideoSource//.', 3],
    ['t:VideoSource/MotionAlarm', 1],
    ['t:VideoSource/t:MotionAlarm|t:VideoSource/SignalLoss', 2],
    ['t:RuleEngine/LineDetector/Crossed', 0],
  ])('filters by %s', async (expression, count) => {
    const face = new TestFace();
    expect(told(await pull(face, await subscribed(face, filterOf(expression))))).toHaveLength(count);
  });

  it.each([
    filterOf('t:VideoSource/NoSuchTopic'),
    filterOf('VideoSource/MotionAlarm'),
    filterOf('nobody:VideoSource//.'),
    filterOf('w:VideoSource//.'),
    filterOf('t:VideoSource//.', 'urn:other'),
    filterOf(`${'t:VideoSource//.|'.repeat(40)}t:VideoSource//.`),
  ])('refuses a filter that it does not understand: %#', async (filter) => {
    const heard = await create(new TestFace(), filter);
    expect([heard.status, allNamed(heard.body(), 'InvalidTopicExpressionFault').length]).toEqual([400, 1]);
  });

  it('refuses times that make no sense', async () => {
    const face = new TestFace();
    for (const time of ['PT0S', '-PT5S', 'P1Y', 'soon', '2020-01-01T00:00:00Z']) {
      expect([time, (await create(face, `<InitialTerminationTime>${time}</InitialTerminationTime>`)).status]).toEqual([
        time,
        400,
      ]);
    }
    const path = await subscribed(face);
    expect(allNamed((await pull(face, path, 1, 'PT2M')).body(), 'MaxTimeout')[0]?.text).toBe('PT60S');
    expect((await pull(face, path, 0)).status).toBe(400);
  });

  it('is one of ten, and its place is free again when it ends', async () => {
    const face = new TestFace();
    for (let count = 0; count < MAX_PULL_POINTS; count++) expect((await create(face)).status).toBe(200);
    const full = await create(face);
    expect([
      full.status,
      subcodesOf(full.body()),
      allNamed(full.body(), 'SubscribeCreationFailedFault').length,
    ]).toEqual([500, ['Receiver', 'Action'], 1]);
    await face.clock.advance(60_000);
    expect((await create(face)).status).toBe(200);
  });
});
