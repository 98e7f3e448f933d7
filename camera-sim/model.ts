/**
 * One pretend camera: what it is (spec), how it is (state), and who listens. The ONVIF services, the RTSP server and the
 * control API all act on this one object; none of them talks to another.
 */

export type SimCodec = 'h264' | 'h265';

/** One encoder profile. `clip` names a family in `clips/`; a PTZ camera has one clip of it per preset. */
export interface SimProfile {
  readonly token: string;
  readonly name: string;
  readonly codec: SimCodec;
  readonly widthPx: number;
  readonly heightPx: number;
  readonly framesPerSecond: number;
  readonly bitrateKbps: number;
  readonly gopFrames: number;
  readonly clip: string;
}

/** Pretended makers. Each reproduces deviations from the specifications that cameras in the field are known for. */
export type VendorName = 'plain' | 'northgate' | 'halcon' | 'bluecape';

export interface SimPreset {
  readonly token: string;
  readonly name: string;
  /** Position in the ONVIF generic spaces, -1..1, zoom 0..1. */
  readonly pan: number;
  readonly tilt: number;
  readonly zoom: number;
}

export interface SimCameraSpec {
  /** Short id, stable over reboots: `sim-01`. */
  readonly id: string;
  readonly name: string;
  readonly location: string;
  readonly vendor: VendorName;
  readonly model: string;
  readonly serialNumber: string;
  readonly macAddress: string;
  /** `urn:uuid:…`, as WS-Addressing wants it. */
  readonly endpointReference: string;
  readonly username: string;
  readonly password: string;
  readonly host: string;
  readonly onvifPort: number;
  readonly rtspPort: number;
  readonly main: SimProfile;
  readonly sub: SimProfile;
  /** Empty for a fixed camera. The first preset is home. */
  readonly presets: readonly SimPreset[];
  /** How far the camera's clock is from the machine's, milliseconds. */
  readonly clockSkewMs: number;
  readonly latitudeDeg: number;
  readonly longitudeDeg: number;
  readonly bearingDeg: number;
  readonly fieldOfViewDeg: number;
  readonly rangeM: number;
  /**
   * When in each 10 s of wall-clock time this camera's loops begin, milliseconds, 0 when left out. Spreads the key frames
   * of a town over time; the clock drawn in the clips counts it in.
   */
  readonly loopPhaseMs?: number;
  /** Loop of sound in `clips/`, sent to clients that set the audio track up. Absent: no microphone. */
  readonly audioClip?: string;
}

/** What goes wrong on command. All at once is allowed; each is cleared on its own. */
export interface SimFaults {
  /** No answer at all: listening sockets closed, connections reset, no discovery replies. */
  unplugged: boolean;
  /** Connections stay, no more frames come. */
  frozen: boolean;
  /** Share of RTP packets whose payload is damaged, 0..1. */
  corruptShare: number;
  /** Bytes a second the link carries, 0 = unlimited. */
  linkBytesPerSecond: number;
  /** Added to the spec's clock skew. */
  extraClockSkewMs: number;
  /** The main stream carries another resolution (and so another SPS) from now on. */
  spsChanged: boolean;
}

export const NO_FAULTS: SimFaults = {
  unplugged: false,
  frozen: false,
  corruptShare: 0,
  linkBytesPerSecond: 0,
  extraClockSkewMs: 0,
  spsChanged: false,
};

export type SimEvent =
  | { readonly kind: 'motion'; readonly active: boolean }
  | { readonly kind: 'line-crossed'; readonly rule: string }
  | { readonly kind: 'tamper'; readonly active: boolean }
  | { readonly kind: 'signal-loss'; readonly active: boolean };

/** What a listener hears: a fault was set or cleared, the camera rebooted (perhaps elsewhere), the head moved, it saw something. */
export type SimChange =
  | { readonly kind: 'faults' }
  | { readonly kind: 'rebooted'; readonly oldHost: string }
  | { readonly kind: 'moved' }
  | { readonly kind: 'event'; readonly event: SimEvent };

export interface PtzPosition {
  readonly pan: number;
  readonly tilt: number;
  readonly zoom: number;
  readonly moving: boolean;
  /** Token of the preset that the picture shows: the nearest one to the position. */
  readonly preset: string | undefined;
}

/** State of one camera and the one place that changes it. */
export class SimCamera {
  host: string;
  faults: SimFaults = { ...NO_FAULTS };
  position: PtzPosition;
  private readonly listeners = new Set<(change: SimChange) => void>();

  constructor(readonly spec: SimCameraSpec) {
    this.host = spec.host;
    const home = spec.presets[0];
    this.position = {
      pan: home?.pan ?? 0,
      tilt: home?.tilt ?? 0,
      zoom: home?.zoom ?? 0,
      moving: false,
      preset: home?.token,
    };
  }

  get profiles(): readonly SimProfile[] {
    return [this.spec.main, this.spec.sub];
  }

  /** The hour this camera believes it is. */
  nowMs(machineNowMs: number): number {
    return machineNowMs + this.spec.clockSkewMs + this.faults.extraClockSkewMs;
  }

  listen(listener: (change: SimChange) => void): () => void {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }

  setFaults(faults: Partial<SimFaults>): void {
    this.faults = { ...this.faults, ...faults };
    this.tell({ kind: 'faults' });
  }

  /** Comes back at `host` (its own when left out), as after a power cut and a new DHCP lease. */
  reboot(host = this.host): void {
    const oldHost = this.host;
    this.host = host;
    this.tell({ kind: 'rebooted', oldHost });
  }

  moveTo(position: PtzPosition): void {
    this.position = position;
    this.tell({ kind: 'moved' });
  }

  raise(event: SimEvent): void {
    this.tell({ kind: 'event', event });
  }

  private tell(change: SimChange): void {
    for (const listener of this.listeners) listener(change);
  }
}
