import { ok, refused, type Result } from '#libs/base';
import { onvifRefusal } from './failure.ts';
import type { HeldCam } from './held-cam.ts';
import { escapeXml, find, findAll, plainText, textAt } from './xml.ts';

/** Shares of full speed in ONVIF's generic velocity spaces (ONVIF PTZ 5.8.3.2), -1..1; right, up and near are positive. */
export interface PtzVelocity {
  readonly pan: number;
  readonly tilt: number;
  readonly zoom: number;
}

export interface PtzPreset {
  readonly token: string;
  readonly name: string;
}

/** Where a head is, in the generic position spaces: pan and tilt -1..1, zoom 0..1; `null` when the device does not say. */
export interface PtzStatus {
  readonly pan: number | null;
  readonly tilt: number | null;
  readonly zoom: number | null;
  /** `undefined` when the device does not say (ONVIF PTZ 5.4.1: MoveStatus is optional). */
  readonly moving: boolean | undefined;
}

/** More are not shown: domes keep up to 256, and some list 300 empty places. */
const MAX_PRESETS = 300;
/** tt:ReferenceToken; names are of free length, this much is shown. */
const MAX_TOKEN_CHARS = 64;
const MAX_NAME_CHARS = 64;

/**
 * The head of one device (ONVIF PTZ service 2.0, chapter 5), reached through one media profile that carries a PTZ
 * configuration. Ask the device for its services first. Refuses with an `OnvifCode`, never throws.
 */
export class PtzFace {
  constructor(private readonly cam: HeldCam) {}

  /**
   * ContinuousMove (5.3.3). The device ends it by itself after `deviceTimeoutMs`, if it keeps to that at all; leave it out for
   * devices that refuse it. Axes outside `axes` are not named: some devices obey nothing when all three are, and an axis
   * that is not named goes on as it was.
   */
  async move(
    profileToken: string,
    velocity: PtzVelocity,
    axes: 'all' | 'pan-tilt' | 'zoom',
    deviceTimeoutMs?: number,
  ): Promise<Result<void>> {
    const { pan, tilt, zoom } = velocity;
    const options = {
      profileToken: escapeXml(profileToken),
      x: rounded(pan),
      y: rounded(tilt),
      zoom: rounded(zoom),
      onlySendPanTilt: axes === 'pan-tilt',
      onlySendZoom: axes === 'zoom',
      ...(deviceTimeoutMs === undefined ? {} : { timeout: deviceTimeoutMs }),
    };
    return done(await this.cam.ask((cam, settled) => cam.continuousMove(options, settled)));
  }

  /** Stop of every axis (5.3.4). */
  async stop(profileToken: string): Promise<Result<void>> {
    const options = { profileToken: escapeXml(profileToken), panTilt: true, zoom: true };
    return done(await this.cam.ask((cam, settled) => cam.stop(options, settled)));
  }

  /** GetPresets (5.5.2), those with a usable token, in the device's order. */
  async presets(profileToken: string): Promise<Result<PtzPreset[]>> {
    const options = { profileToken: escapeXml(profileToken) };
    const body = await this.cam.ask((cam, settled) => cam.getPresets(options, settled));
    if (!body.ok) return body;
    const listed = findAll(body.value, 'Preset').slice(0, MAX_PRESETS);
    return ok(
      listed.flatMap((element) => {
        const token = element.attributes.get('token') ?? '';
        if (!isToken(token)) return [];
        return [{ token, name: textAt(element, ['Name'], MAX_NAME_CHARS) || token }];
      }),
    );
  }

  /** GotoPreset (5.5.4): answered when the head sets off. */
  async goToPreset(profileToken: string, presetToken: string): Promise<Result<void>> {
    const options = { profileToken: escapeXml(profileToken), preset: escapeXml(presetToken) };
    return done(await this.cam.ask((cam, settled) => cam.gotoPreset(options, settled)));
  }

  /** SetPreset (5.5.1) of a new preset where the head is; answers its token. */
  async savePreset(profileToken: string, name: string): Promise<Result<string>> {
    const options = { profileToken: escapeXml(profileToken), presetName: escapeXml(name) };
    const body = await this.cam.ask((cam, settled) => cam.setPreset(options, settled));
    if (!body.ok) return body;
    const token = find(body.value, 'PresetToken')?.text ?? '';
    return isToken(token)
      ? ok(token)
      : refused(onvifRefusal('onvif-malformed', 'the device saved a preset and did not say under which token'));
  }

  /** RemovePreset (5.5.3). */
  async removePreset(profileToken: string, presetToken: string): Promise<Result<void>> {
    const options = { profileToken: escapeXml(profileToken), presetToken: escapeXml(presetToken) };
    return done(await this.cam.ask((cam, settled) => cam.removePreset(options, settled)));
  }

  /** GotoHomePosition (5.6.1). */
  async goHome(profileToken: string): Promise<Result<void>> {
    const options = { profileToken: escapeXml(profileToken) };
    return done(await this.cam.ask((cam, settled) => cam.gotoHomePosition(options, settled)));
  }

  /** GetStatus (5.4.1). */
  async status(profileToken: string): Promise<Result<PtzStatus>> {
    const options = { profileToken: escapeXml(profileToken) };
    const body = await this.cam.ask((cam, settled) => cam.getStatus(options, settled));
    if (!body.ok) return body;
    const status = find(body.value, 'PTZStatus');
    const at = (axis: string, attribute: string): number | null =>
      coordinate(find(status, 'Position', axis)?.attributes.get(attribute));
    const states = ['PanTilt', 'Zoom'].map((axis) => textAt(status, ['MoveStatus', axis]).toUpperCase());
    const known = states.some((state) => state === 'IDLE' || state === 'MOVING');
    return ok({
      pan: at('PanTilt', 'x'),
      tilt: at('PanTilt', 'y'),
      zoom: at('Zoom', 'x'),
      moving: known ? states.includes('MOVING') : undefined,
    });
  }
}

function isToken(token: string): boolean {
  return token !== '' && plainText(token, MAX_TOKEN_CHARS) === token;
}

function done(body: Result<unknown>): Result<void> {
  return body.ok ? ok(undefined) : body;
}

/** No exponents in a request: not every device reads them. */
function rounded(share: number): number {
  return Math.round(Math.max(-1, Math.min(1, share)) * 1_000) / 1_000;
}

function coordinate(text: string | undefined): number | null {
  const value = text !== undefined && /^[+-]?[\d.]{1,20}(e[+-]?\d{1,3})?$/i.test(text) ? Number(text) : Number.NaN;
  return Number.isFinite(value) ? value : null;
}
