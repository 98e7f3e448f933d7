import { describe, expect, it } from '@jest/globals';
import { FakeClock, ok, type Result } from '#libs/base';
import { OnvifDevice, type EventsFace, type SoapLine, type SoapReply, type SoapRequest } from '#libs/onvif';

const AT = { secure: false, host: '10.0.0.7', port: 80, path: '/onvif/device_service' };
const NAMESPACES =
  'xmlns:s="http://www.w3.org/2003/05/soap-envelope" xmlns:wsa="http://www.w3.org/2005/08/addressing" ' +
  'xmlns:dom0="http://www.axis.com/2009/event" xmlns:wsnt="http://docs.oasis-open.org/wsn/b-2"';

/** A camera that answers what it is told to, after it has said where its event service is. */
class Camera implements SoapLine {
  readonly asked: SoapRequest[] = [];
  constructor(private readonly answers: string[]) {}

  post(request: SoapRequest): Promise<Result<SoapReply>> {
    this.asked.push(request);
    const body = request.body.includes('<GetServices')
      ? `<GetServicesResponse>${service('ver10/media/wsdl', 'media')}${service('ver10/events/wsdl', 'events')}</GetServicesResponse>`
      : this.answers.shift()!;
    const text = `<s:Envelope ${NAMESPACES}><s:Body>${body}</s:Body></s:Envelope>`;
    return Promise.resolve(ok({ status: 200, challenges: [], body: Buffer.from(text), sentMs: 0, receivedMs: 1 }));
  }
}

function service(name: string, path: string): string {
  return `<Service><Namespace>http://www.onvif.org/${name}</Namespace><XAddr>http://10.0.0.7/${path}</XAddr></Service>`;
}

async function cameraWith(...answers: string[]): Promise<{ camera: Camera; events: EventsFace }> {
  const camera = new Camera(answers);
  const device = new OnvifDevice(camera, AT, { username: 'ñ', password: 'x' }, new FakeClock());
  await device.services();
  return { camera, events: device.events };
}

const created = (parameters: string, address = 'http://192.168.1.88:8000/pull?id=3'): string =>
  `<CreatePullPointSubscriptionResponse><SubscriptionReference><wsa:Address>${address}</wsa:Address>${parameters}` +
  '</SubscriptionReference><CurrentTime>2026-11-22T10:00:00Z</CurrentTime>' +
  '<TerminationTime>2026-11-22T10:01:30Z</TerminationTime></CreatePullPointSubscriptionResponse>';
const never = new AbortController().signal;

describe('the events of a device', () => {
  it('are subscribed to at its own host, though it names another, for as long as its own hours say', async () => {
    const { camera, events } = await cameraWith(created(''), '<PullMessagesResponse/>');
    const point = await events.subscribe(120_000);
    expect(point).toMatchObject(ok({ port: 80, path: '/pull?id=3', echo: '', lastsMs: 90_000 }));
    expect(camera.asked.at(-1)!.path).toBe('/events');
    expect(camera.asked.at(-1)!.body).toContain('<InitialTerminationTime>PT120S</InitialTerminationTime>');
    if (!point.ok) throw new Error('unreachable');
    expect(await events.pull(point.value, 20_000, 32, never)).toEqual(ok({ messages: [], dropped: 0 }));
    const sent = camera.asked.at(-1)!;
    expect(sent).toMatchObject({ path: '/pull?id=3', waiting: { forMs: 20_000 } });
    expect(sent.body).toContain('<Timeout>PT20S</Timeout><MessageLimit>32</MessageLimit>');
    expect(sent.body).toMatch(/<a:To [^>]*>http:\/\/192\.168\.1\.88:8000\/pull\?id=3<\/a:To>/);
    expect(sent.body).toMatch(/<UsernameToken>.*<a:Action /s);
  });

  it('are asked for with what the device wants to see again, its names declared', async () => {
    const id = '<wsa:ReferenceParameters><dom0:SubscriptionId>17</dom0:SubscriptionId></wsa:ReferenceParameters>';
    const { camera, events } = await cameraWith(created(id), '<RenewResponse/>');
    const point = await events.subscribe(60_000);
    if (!point.ok) throw new Error(point.refusal.message);
    expect(await events.renew(point.value, 60_000)).toEqual(ok(null));
    expect(camera.asked.at(-1)!.body).toMatch(
      /<dom0:SubscriptionId xmlns:dom0="http:\/\/www\.axis\.com\/2009\/event"[^>]* wsa5:IsReferenceParameter="true">17<\/dom0:SubscriptionId><\/s:Header>/,
    );
  });

  it.each([
    ['too long', `<wsa:ReferenceParameters><a>${'x'.repeat(3_000)}</a></wsa:ReferenceParameters>`],
    ['a comment', '<wsa:ReferenceParameters><a><!-- x --></a></wsa:ReferenceParameters>'],
    ['closing what it did not open', '<wsa:ReferenceParameters></a><a></wsa:ReferenceParameters>'],
  ])('are refused when what is to be repeated is %s', async (_, parameters) => {
    const { events } = await cameraWith(created(parameters));
    expect(await events.subscribe(60_000)).toMatchObject({ ok: false, refusal: { code: 'onvif-malformed' } });
  });

  it('are subscribed to without a duration at devices that accept none', async () => {
    const fault = '<s:Fault><s:Code><s:Value>s:Sender</s:Value></s:Code></s:Fault>';
    const { camera, events } = await cameraWith(fault, created(''));
    expect((await events.subscribe(60_000)).ok).toBe(true);
    expect(camera.asked.at(-1)!.body).not.toContain('InitialTerminationTime');
  });

  it.each([
    ['in the past', '2026-11-22T09:59:59Z'],
    ['years ahead', '2036-11-22T09:59:59Z'],
    ['no hour', 'soon'],
  ])('say nothing of their end when it lies %s', async (_, end) => {
    const { events } = await cameraWith(created('').replace('2026-11-22T10:01:30Z', end));
    expect(await events.subscribe(60_000)).toMatchObject({ ok: true, value: { lastsMs: null } });
  });

  it('are read with their topics bare and what cannot be read counted', async () => {
    const told = (topic: string, message: string): string =>
      `<wsnt:NotificationMessage><wsnt:Topic>${topic}</wsnt:Topic><wsnt:Message>${message}</wsnt:Message></wsnt:NotificationMessage>`;
    const motion =
      '<tt:Message xmlns:tt="t" UtcTime="2026-11-22T10:00:00Z" PropertyOperation="Changed">' +
      '<tt:Source><tt:SimpleItem Name="Rule" Value="Cerco"/></tt:Source>' +
      '<tt:Data><tt:SimpleItem Name="IsMotion" Value="true"/></tt:Data></tt:Message>';
    const { events } = await cameraWith(
      created(''),
      `<PullMessagesResponse>${told('tns1:RuleEngine/tnsx:CellMotionDetector/Motion//.', motion)}` +
        `${told('tns1:a b', motion)}${told('tns1:A', '')}${told(`tns1:${'A'.repeat(200)}`, motion)}</PullMessagesResponse>`,
    );
    const point = await events.subscribe(60_000);
    if (!point.ok) throw new Error('unreachable');
    expect(await events.pull(point.value, 1_000, 32, never)).toEqual(
      ok({
        messages: [
          {
            topic: 'RuleEngine/CellMotionDetector/Motion',
            operation: 'changed',
            source: [{ name: 'Rule', value: 'Cerco' }],
            data: [{ name: 'IsMotion', value: 'true' }],
          },
        ],
        dropped: 3,
      }),
    );
  });

  it('are not asked of a device without them', async () => {
    const device = new OnvifDevice(new Camera([]), AT, undefined, new FakeClock());
    expect(await device.events.subscribe(60_000)).toMatchObject({ refusal: { code: 'onvif-not-supported' } });
  });
});
