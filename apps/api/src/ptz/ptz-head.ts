import { ok, refusal, refused, type Clock, type Logger, type Result, type Timer } from '#libs/base';
import type { OnvifDevice, PtzFace, PtzPreset, PtzStatus, PtzVelocity } from '#libs/onvif';
import type { CameraEntity } from '../cameras/camera.entity.ts';
import type { CredentialVault } from '../cameras/credential-vault.ts';
import type { DeviceAccess } from '../cameras/device-access.ts';
import { noPtz, overtaken } from './ptz-refusals.ts';

/** What a head needs of the rest. */
export interface HeadSurroundings {
  readonly access: Pick<DeviceAccess, 'open'>;
  readonly vault: Pick<CredentialVault, 'open'>;
  readonly clock: Clock;
  readonly logger: Logger;
}

/** One question to a camera. A head that needs longer is no use to a hand on a joystick. */
const MAX_EXCHANGE_MS = 2_500;
/** Orders that wait for the camera's answer to earlier ones. */
const MAX_WAITING = 8;
/** The clock error of a camera and its services are asked again after this. */
const MAX_LINK_AGE_MS = 600_000;
/** The camera's own safety net, should this process die: it ends a move so long after we would have. */
const DEVICE_MARGIN_MS = 1_000;
/** A stop that fails is tried again after these. */
const STOP_RETRIES_MS = [250, 500, 1_000, 2_000];

interface Link {
  /** Address and sealed login: when either changes, the link is another one. */
  readonly key: string;
  readonly openedMs: number;
  readonly face: PtzFace;
  readonly profileToken: string;
}

type Task<T> = (link: Link) => Promise<Result<T>>;

const STILL: PtzVelocity = { pan: 0, tilt: 0, zoom: 0 };

/**
 * The head of one camera: one question at a time, the newest move wins, and every move ends by itself. Refusals: every
 * `OnvifCode`, `address-not-allowed`, `credential-unreadable`, `ptz-none`, `ptz-busy`, `ptz-overtaken`.
 */
export class PtzHead {
  private link: Link | undefined;
  private last: Promise<unknown> = Promise.resolve();
  private waiting = 0;
  /** Number of the newest move or stop; an older one that still waits is not made. */
  private newest = 0;
  private stoppedPress: string | undefined;
  private velocity: PtzVelocity = STILL;
  private stopTimer: Timer | undefined;
  private refusesTimeout = false;

  constructor(
    private camera: CameraEntity,
    private readonly profileToken: string | undefined,
    private readonly by: HeadSurroundings,
  ) {}

  /** Takes the row as it is now: its address or login may have changed. */
  renew(camera: CameraEntity): this {
    this.camera = camera;
    return this;
  }

  /** A move was made and not yet ended. */
  get isMoving(): boolean {
    return this.stopTimer !== undefined;
  }

  /**
   * Turns until another order, or for `timeoutMs`. A move of a press that was stopped already is not made: on several
   * connections a move may arrive after its own stop.
   */
  move(
    velocity: PtzVelocity,
    timeoutMs: number,
    press: string | undefined,
    wanted: () => boolean,
  ): Promise<Result<void>> {
    if (press !== undefined && press === this.stoppedPress) return Promise.resolve(ok(undefined));
    const number = ++this.newest;
    return this.ask(async (link) => {
      if (number !== this.newest) return ok(undefined);
      const moved = await this.moveBy(link, velocity, timeoutMs);
      // A stop that came meanwhile waits behind this and ends it.
      if (moved.ok) this.stopAfter(timeoutMs, velocity);
      return moved;
    }, wanted);
  }

  /** Ends a move at once, and any that waits. */
  stop(press?: string): Promise<Result<void>> {
    if (press !== undefined) this.stoppedPress = press;
    const number = ++this.newest;
    this.cancelStop();
    return this.tryStop(number, 0);
  }

  goToPreset(token: string, wanted: () => boolean): Promise<Result<void>> {
    return this.goSomewhere((link) => link.face.goToPreset(link.profileToken, token), wanted);
  }

  goHome(wanted: () => boolean): Promise<Result<void>> {
    return this.goSomewhere((link) => link.face.goHome(link.profileToken), wanted);
  }

  presets(): Promise<Result<PtzPreset[]>> {
    return this.ask((link) => link.face.presets(link.profileToken));
  }

  savePreset(name: string, wanted: () => boolean): Promise<Result<string>> {
    return this.ask((link) => link.face.savePreset(link.profileToken, name), wanted);
  }

  removePreset(token: string): Promise<Result<void>> {
    return this.ask((link) => link.face.removePreset(link.profileToken, token));
  }

  status(): Promise<Result<PtzStatus>> {
    return this.ask((link) => link.face.status(link.profileToken));
  }

  /** Leaves nothing turning and nothing waiting. */
  async close(): Promise<void> {
    if (this.isMoving) await this.stop();
    this.newest++;
    this.cancelStop();
  }

  private goSomewhere(task: Task<void>, wanted: () => boolean): Promise<Result<void>> {
    const number = ++this.newest;
    return this.ask((link) => {
      // Something newer of the same hand: this one need not be made any more.
      if (number !== this.newest) return Promise.resolve(ok(undefined));
      this.cancelStop();
      this.velocity = STILL;
      return task(link);
    }, wanted);
  }

  private async moveBy(link: Link, velocity: PtzVelocity, timeoutMs: number): Promise<Result<void>> {
    const axes = axesOf(this.velocity, velocity);
    const deviceTimeoutMs = Math.ceil((timeoutMs + DEVICE_MARGIN_MS) / 1_000) * 1_000;
    const { face, profileToken } = link;
    if (!this.refusesTimeout) {
      const moved = await face.move(profileToken, velocity, axes, deviceTimeoutMs);
      if (moved.ok || moved.refusal.code !== 'onvif-fault') return moved;
    }
    const moved = await face.move(profileToken, velocity, axes);
    if (moved.ok) this.refusesTimeout = true;
    return moved;
  }

  private stopAfter(timeoutMs: number, velocity: PtzVelocity): void {
    this.cancelStop();
    this.velocity = velocity;
    this.stopTimer = this.by.clock.after(timeoutMs, () => void this.stop());
  }

  private cancelStop(): void {
    this.stopTimer?.cancel();
    this.stopTimer = undefined;
  }

  /** A camera that turns and does not hear the stop is told again, unless something newer was ordered. */
  private async tryStop(number: number, tries: number): Promise<Result<void>> {
    const stopped = await this.ask((link) =>
      number === this.newest ? link.face.stop(link.profileToken) : Promise.resolve(ok(undefined)),
    );
    if (number !== this.newest) return stopped;
    if (stopped.ok) {
      this.velocity = STILL;
      return stopped;
    }
    const { code: reason } = stopped.refusal;
    const delayMs = STOP_RETRIES_MS[tries];
    this.by.logger.warn({ camera: this.camera.code, code: reason, tries: tries + 1 }, 'a camera did not take the stop');
    if (delayMs !== undefined)
      this.stopTimer = this.by.clock.after(delayMs, () => void this.retryStop(number, tries + 1));
    return stopped;
  }

  private async retryStop(number: number, tries: number): Promise<void> {
    if (number !== this.newest) return;
    this.stopTimer = undefined;
    await this.tryStop(number, tries);
  }

  /** `wanted` is asked when the turn comes: who ordered it may have lost the camera while it waited. */
  private ask<T>(task: Task<T>, wanted: () => boolean = () => true): Promise<Result<T>> {
    if (this.waiting >= MAX_WAITING)
      return Promise.resolve(
        refused(refusal('too-many', 'ptz-busy', 'the camera is slow: too many orders wait for it')),
      );
    this.waiting++;
    const turn = this.last.then(() => (wanted() ? this.perform(task) : refused(overtaken())));
    this.last = turn.then(
      () => this.waiting--,
      () => this.waiting--,
    );
    return turn;
  }

  /** A login may be refused because the camera's clock was set since it was measured: it is measured once more. */
  private async perform<T>(task: Task<T>): Promise<Result<T>> {
    const known = this.link;
    const result = await this.performOnce(task);
    if (result.ok || result.refusal.code !== 'onvif-unauthorized' || known === undefined) return result;
    return this.performOnce(task);
  }

  private async performOnce<T>(task: Task<T>): Promise<Result<T>> {
    const link = await this.open();
    if (!link.ok) return link;
    const result = await task(link.value);
    if (!result.ok && ABOUT_THE_LINK.has(result.refusal.code)) this.link = undefined;
    return result;
  }

  private async open(): Promise<Result<Link>> {
    const { camera, by } = this;
    if (!camera.hasPtz) return refused(noPtz());
    const key = `${camera.onvifUrl} ${camera.credentialSealed.toString('base64')}`;
    const nowMs = by.clock.monotonicMs();
    if (this.link?.key === key && nowMs - this.link.openedMs < MAX_LINK_AGE_MS) return ok(this.link);
    this.link = undefined;
    const login = by.vault.open(camera.credentialSealed, camera.id);
    if (!login) return refused(refusal('conflict', 'credential-unreadable', 'the stored login cannot be opened'));
    const opened = await by.access.open(camera.onvifUrl, login, MAX_EXCHANGE_MS);
    if (!opened.ok) return opened;
    const { device } = opened.value;
    const profileToken = await this.profileOf(device);
    if (!profileToken.ok) return profileToken;
    this.link = { key, openedMs: nowMs, face: device.ptz, profileToken: profileToken.value };
    return ok(this.link);
  }

  /** The main stream's profile when it steers, else the first that does. */
  private async profileOf(device: OnvifDevice): Promise<Result<string>> {
    const services = await device.services();
    if (!services.ok) return services;
    if (!services.value.hasPtz) return refused(noPtz());
    const profiles = await device.profiles();
    if (!profiles.ok) return profiles;
    const steering = profiles.value.filter((profile) => profile.hasPtz);
    const chosen = steering.find(({ token }) => token === this.profileToken) ?? steering[0];
    return chosen ? ok(chosen.token) : refused(noPtz());
  }
}

const ABOUT_THE_LINK: ReadonlySet<string> = new Set([
  'onvif-unreachable',
  'onvif-timeout',
  'onvif-unauthorized',
  'onvif-locked',
]);

/** An axis that turned must be told to stand; one that stands need not be named. */
function axesOf(before: PtzVelocity, next: PtzVelocity): 'all' | 'pan-tilt' | 'zoom' {
  const turns = [before, next].some(({ pan, tilt }) => pan !== 0 || tilt !== 0);
  const zooms = [before, next].some(({ zoom }) => zoom !== 0);
  if (turns && zooms) return 'all';
  return zooms ? 'zoom' : 'pan-tilt';
}
