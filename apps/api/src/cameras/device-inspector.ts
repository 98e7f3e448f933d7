import { Injectable } from '@nestjs/common';
import { ok, refusal, refused, type Result } from '#libs/base';
import { chooseProfiles, type Login, type VideoProfile } from '#libs/onvif';
import type { CandidateProbe, StreamRole } from '#libs/wire';
import { CameraStreamEntity } from './camera-stream.entity.ts';
import { DeviceAccess, type OpenDevice } from './device-access.ts';

/** What one look at a device with a login brings. */
export interface Inspected {
  readonly opened: OpenDevice;
  readonly probe: CandidateProbe;
  readonly profiles: readonly VideoProfile[];
  readonly macAddress: string | null;
}

/** A profile of the device for a role of the camera. */
export interface WantedStream {
  readonly role: StreamRole;
  readonly profileToken: string;
}

/** Looks at devices with a login, one look at a device at a time: many lock themselves after a few wrong logins. */
@Injectable()
export class DeviceInspector {
  private readonly busy = new Set<string>();

  constructor(private readonly access: DeviceAccess) {}

  /** Everything that a login opens. Refusals: `candidate-busy`, `address-not-allowed`, and every `OnvifCode`. */
  async inspect(onvifUrl: string, login: Login): Promise<Result<Inspected>> {
    if (this.busy.has(onvifUrl))
      return refused(refusal('too-many', 'candidate-busy', 'a login to this device is being tried already'));
    this.busy.add(onvifUrl);
    try {
      return await this.look(onvifUrl, login);
    } finally {
      this.busy.delete(onvifUrl);
    }
  }

  /** The rows of the streams that are wanted. Refusals: `profile-unknown` and every `OnvifCode`. */
  async streamsOf(
    inspected: Inspected,
    cameraId: string,
    wanted: readonly WantedStream[],
  ): Promise<Result<CameraStreamEntity[]>> {
    const streams: CameraStreamEntity[] = [];
    for (const { role, profileToken } of wanted) {
      const profile = inspected.profiles.find((candidate) => candidate.token === profileToken);
      if (!profile)
        return refused(
          refusal('bad-input', 'profile-unknown', 'the device has no such video profile', { profile: profileToken }),
        );
      const held = await inspected.opened.device.streamUri(profileToken);
      if (!held.ok) return held;
      const { codec, widthPx, heightPx, framesPerSecond, bitrateKbps } = profile;
      const row = {
        cameraId,
        role,
        profileToken,
        uri: held.value.uri,
        codec,
        widthPx,
        heightPx,
        framesPerSecond,
        bitrateKbps,
      };
      streams.push(Object.assign(new CameraStreamEntity(), row));
    }
    return ok(streams);
  }

  private async look(onvifUrl: string, login: Login): Promise<Result<Inspected>> {
    const opened = await this.access.open(onvifUrl, login);
    if (!opened.ok) return opened;
    const { device, clock } = opened.value;
    const information = await device.information();
    if (!information.ok) return information;
    const services = await device.services();
    if (!services.ok) return services;
    const profiles = await device.profiles();
    if (!profiles.ok) return profiles;
    const probe: CandidateProbe = {
      ...information.value,
      hasPtz: services.value.hasPtz && profiles.value.some((profile) => profile.hasPtz),
      hasEvents: services.value.hasEvents,
      clockErrorMs: clock.errorMs,
      clockUncertaintyMs: clock.uncertaintyMs,
      profiles: suggested(profiles.value),
    };
    return ok({ opened: opened.value, probe, profiles: profiles.value, macAddress: await device.macAddress() });
  }
}

function suggested(profiles: readonly VideoProfile[]): CandidateProbe['profiles'] {
  const { main, sub } = chooseProfiles(profiles);
  return profiles.map((profile) => {
    const { token, name, codec, widthPx, heightPx, framesPerSecond, bitrateKbps } = profile;
    const suggestedRole = profile === main ? 'main' : profile === sub ? 'sub' : null;
    return { token, name, codec, widthPx, heightPx, framesPerSecond, bitrateKbps, suggestedRole };
  });
}
