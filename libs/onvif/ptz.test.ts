import { describe, expect, it } from '@jest/globals';
import { FakeClock, ok, type Result } from '#libs/base';
import { OnvifDevice, type SoapLine, type SoapReply, type SoapRequest } from '#libs/onvif';

const AT = { secure: false, host: '10.0.0.7', port: 80, path: '/onvif/device_service' };

/** A dome that answers one thing to everything, after it has said where its PTZ service is. */
class Dome implements SoapLine {
  readonly asked: SoapRequest[] = [];
  constructor(private readonly answer: string) {}

  post(request: SoapRequest): Promise<Result<SoapReply>> {
    this.asked.push(request);
    const service = (name: string, address: string): string =>
      `<Service><Namespace>http://www.onvif.org/${name}</Namespace><XAddr>http://10.0.0.7/${address}</XAddr></Service>`;
    const services = `${service('ver10/media/wsdl', 'media')}${service('ver20/ptz/wsdl', 'ptz')}`;
    const body = request.body.includes('<GetServices')
      ? `<GetServicesResponse>${services}</GetServicesResponse>`
      : this.answer;
    const text = `<s:Envelope xmlns:s="x"><s:Body>${body}</s:Body></s:Envelope>`;
    return Promise.resolve(ok({ status: 200, challenges: [], body: Buffer.from(text), sentMs: 0, receivedMs: 1 }));
  }
}

async function domeWith(answer: string): Promise<{ dome: Dome; device: OnvifDevice }> {
  const dome = new Dome(answer);
  const device = new OnvifDevice(dome, AT, undefined, new FakeClock());
  await device.services();
  return { dome, device };
}

describe('the head of a device', () => {
  it('is told velocities in plain decimals, the axes that count, and when to end by itself', async () => {
    const { dome, device } = await domeWith('<ContinuousMoveResponse/>');
    expect(await device.ptz.move('p<1>', { pan: 1e-7, tilt: -0.25, zoom: 0 }, 'pan-tilt', 2_000)).toEqual(
      ok(undefined),
    );
    const sent = dome.asked.at(-1)!;
    expect(sent.path).toBe('/ptz');
    expect(sent.body).toContain('<ProfileToken>p&#60;1&#62;</ProfileToken>');
    expect(sent.body).toContain('<PanTilt x="0" y="-0.25"');
    expect(sent.body).toContain('<Timeout>PT2S</Timeout>');
    expect(sent.body).not.toContain('<Zoom');
    await device.ptz.move('p', { pan: 0, tilt: 0, zoom: 1 }, 'zoom');
    expect(dome.asked.at(-1)!.body).toMatch(/<Velocity><Zoom x="1"[^>]*\/><\/Velocity><\/ContinuousMove>/);
    await device.ptz.move('p', { pan: 2, tilt: 0, zoom: -0.5 }, 'all');
    expect(dome.asked.at(-1)!.body).toMatch(/<PanTilt x="1" y="0"[^>]*\/><Zoom x="-0.5"/);
  });

  it('lists presets with usable tokens, whatever they are called', async () => {
    const { device } = await domeWith(
      `<GetPresetsResponse><Preset token="1"><Name>Plaza &amp; faro</Name></Preset><Preset token="01"/>
       <Preset token=""><Name>x</Name></Preset><Preset><Name>y</Name></Preset>
       <Preset token="${'t'.repeat(65)}"><Name>z</Name></Preset><Preset token="__proto__"><Name>p</Name></Preset></GetPresetsResponse>`,
    );
    expect(await device.ptz.presets('p')).toEqual(
      ok([
        { token: '1', name: 'Plaza & faro' },
        { token: '01', name: '01' },
        { token: '__proto__', name: 'p' },
      ]),
    );
  });

  it.each([
    ['<MoveStatus><PanTilt>MOVING</PanTilt><Zoom>IDLE</Zoom></MoveStatus>', true],
    ['<MoveStatus><PanTilt>IDLE</PanTilt></MoveStatus>', false],
    ['<MoveStatus><PanTilt>UNKNOWN</PanTilt></MoveStatus>', undefined],
    ['', undefined],
  ])('says where it is, and with %s that it moves: %s', async (moveStatus, moving) => {
    const { device } = await domeWith(
      `<GetStatusResponse><PTZStatus><Position><PanTilt x="-0.5" y="1e-2"/><Zoom x="far"/></Position>${moveStatus}</PTZStatus></GetStatusResponse>`,
    );
    expect(await device.ptz.status('p')).toEqual(ok({ pan: -0.5, tilt: 0.01, zoom: null, moving }));
  });

  it('saves a preset under the name as it is, and wants its token', async () => {
    const { dome, device } = await domeWith('<SetPresetResponse><PresetToken>P7</PresetToken></SetPresetResponse>');
    expect(await device.ptz.savePreset('p', 'A <b> & ñ')).toEqual(ok('P7'));
    expect(dome.asked.at(-1)!.body).toContain('<PresetName>A &#60;b&#62; &#38; ñ</PresetName>');
    const mute = await domeWith('<SetPresetResponse/>');
    expect(await mute.device.ptz.savePreset('p', 'x')).toMatchObject({
      ok: false,
      refusal: { code: 'onvif-malformed' },
    });
  });

  it('survives answers of any shape', async () => {
    for (const answer of ['<GetPresetsResponse/>', '<Odd/>', '<GetStatusResponse/>']) {
      const { device } = await domeWith(answer);
      expect((await device.ptz.presets('p')).ok).toBe(true);
      expect(await device.ptz.status('p')).toEqual(ok({ pan: null, tilt: null, zoom: null, moving: undefined }));
      expect((await device.ptz.savePreset('p', 'x')).ok).toBe(false);
    }
  });
});
