import { Inject, Injectable } from '@nestjs/common';
import { DataSource, type EntityManager } from 'typeorm';
import { RefusalError, ok, refusal, refused, uuidV7, type Refusal, type Result } from '#libs/base';
import { chooseProfiles, type Login, type VideoProfile } from '#libs/onvif';
import type { AdoptBody, CameraDetail, CandidateProbe, StreamRole } from '#libs/wire';
import type { SignedInUser } from '../access/signed-in.ts';
import { AuditService } from '../audit/audit.service.ts';
import { CLOCK, type Clock } from '../clock.ts';
import { CameraCandidateEntity } from './camera-candidate.entity.ts';
import { CameraStreamEntity } from './camera-stream.entity.ts';
import { CameraEntity } from './camera.entity.ts';
import { CameraPublisher } from './camera-publisher.ts';
import { CameraStore } from './camera.store.ts';
import { CandidateService } from './candidate.service.ts';
import { CredentialVault } from './credential-vault.ts';
import { DeviceAccess, type OpenDevice } from './device-access.ts';

/** What one look at a device with a login brings. */
export interface Inspected {
  readonly opened: OpenDevice;
  readonly probe: CandidateProbe;
  readonly profiles: readonly VideoProfile[];
  readonly macAddress: string | null;
}

/** From a candidate to a camera of the centre: try the login, see the profiles, take it over. */
@Injectable()
export class AdoptionService {
  /** Candidates whose login is being tried: devices lock themselves after a few wrong ones. */
  private readonly busy = new Set<string>();

  constructor(
    private readonly dataSource: DataSource,
    private readonly candidates: CandidateService,
    private readonly cameras: CameraStore,
    private readonly access: DeviceAccess,
    private readonly vault: CredentialVault,
    private readonly publisher: CameraPublisher,
    private readonly audit: AuditService,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  /** @throws {RefusalError} `candidate-unknown`, `candidate-busy`, `address-not-allowed`, or an `OnvifCode`. */
  async test(candidateId: string, login: Login, by: SignedInUser): Promise<CandidateProbe> {
    const candidate = await this.candidates.get(candidateId);
    const inspected = await this.alone(candidateId, () => this.inspect(candidate.onvifUrl, login));
    await this.audit.record(
      {
        action: 'candidate:test',
        objectKind: 'candidate',
        objectId: candidateId,
        ...outcomeOf(inspected),
        details: { host: candidate.host },
      },
      by,
    );
    return valueOrThrow(inspected).probe;
  }

  /**
   * Takes a candidate over as a camera.
   * @throws {RefusalError} also `camera-already-adopted`, `camera-code-taken`, `profile-unknown`.
   */
  async adopt(candidateId: string, body: AdoptBody, by: SignedInUser): Promise<CameraDetail> {
    const candidate = await this.candidates.get(candidateId);
    const made = await this.alone(candidateId, () => this.prepare(candidate, body));
    if (!made.ok) {
      await this.audit.record(
        {
          action: 'camera:adopt',
          objectKind: 'candidate',
          objectId: candidateId,
          ...outcomeOf(made),
          details: { host: candidate.host },
        },
        by,
      );
    }
    const { camera, streams } = valueOrThrow(made);
    await this.dataSource.transaction((manager) => this.insert(camera, streams, candidate, body, by, manager));
    await Promise.all([this.publisher.publish(camera.id), this.candidates.publish(candidateId)]);
    return this.publisher.detail(camera.id);
  }

  /** Everything that a login opens. */
  async inspect(onvifUrl: string, login: Login): Promise<Result<Inspected>> {
    const opened = await this.access.open(onvifUrl, login);
    if (!opened.ok) return opened;
    const { device, clock } = opened.value;
    const information = await device.information();
    if (!information.ok) return information;
    const services = await device.services();
    if (!services.ok) return services;
    const profiles = await device.profiles();
    if (!profiles.ok) return profiles;
    const { main, sub } = chooseProfiles(profiles.value);
    const roleOf = (profile: VideoProfile): StreamRole | null =>
      profile === main ? 'main' : profile === sub ? 'sub' : null;
    const probe: CandidateProbe = {
      ...information.value,
      hasPtz: services.value.hasPtz && profiles.value.some((profile) => profile.hasPtz),
      hasEvents: services.value.hasEvents,
      clockErrorMs: clock.errorMs,
      clockUncertaintyMs: clock.uncertaintyMs,
      profiles: profiles.value.map((profile) => profileView(profile, roleOf(profile))),
    };
    return ok({ opened: opened.value, probe, profiles: profiles.value, macAddress: await device.macAddress() });
  }

  private async prepare(
    candidate: CameraCandidateEntity,
    body: AdoptBody,
  ): Promise<Result<{ camera: CameraEntity; streams: CameraStreamEntity[] }>> {
    const { username, password } = body;
    const inspected = await this.inspect(candidate.onvifUrl, { username, password });
    if (!inspected.ok) return inspected;
    const id = uuidV7(this.clock.nowMs());
    const streams: CameraStreamEntity[] = [];
    for (const [role, token] of [
      ['main', body.mainProfile],
      ['sub', body.subProfile],
    ] as const) {
      if (token === null) continue;
      const stream = await this.streamOf(inspected.value, id, role, token);
      if (!stream.ok) return stream;
      streams.push(stream.value);
    }
    return ok({ camera: this.cameraOf(id, candidate, inspected.value, body), streams });
  }

  private async streamOf(
    inspected: Inspected,
    cameraId: string,
    role: StreamRole,
    token: string,
  ): Promise<Result<CameraStreamEntity>> {
    const profile = inspected.profiles.find((candidate) => candidate.token === token);
    if (!profile)
      return refused(
        refusal('bad-input', 'profile-unknown', 'the device has no such video profile', { profile: token }),
      );
    const held = await inspected.opened.device.streamUri(token);
    if (!held.ok) return held;
    const { codec, widthPx, heightPx, framesPerSecond, bitrateKbps } = profile;
    return ok(
      Object.assign(new CameraStreamEntity(), {
        cameraId,
        role,
        profileToken: token,
        uri: held.value.uri,
        codec,
        widthPx,
        heightPx,
        framesPerSecond,
        bitrateKbps,
      }),
    );
  }

  private cameraOf(
    id: string,
    candidate: CameraCandidateEntity,
    { probe, macAddress, opened }: Inspected,
    body: AdoptBody,
  ): CameraEntity {
    const now = new Date(this.clock.nowMs());
    const { manufacturer, model, firmware, serialNumber, hasPtz, hasEvents, clockErrorMs, clockUncertaintyMs } = probe;
    const { username, password, name, place, bearingDeg, fieldOfViewDeg, rangeM } = body;
    return Object.assign(new CameraEntity(), {
      id,
      name,
      manufacturer,
      model,
      firmware,
      serialNumber,
      macAddress,
      hasPtz,
      hasEvents,
      endpointReference: candidate.endpointReference,
      onvifUrl: candidate.onvifUrl,
      host: opened.address.host,
      // Loopback is reachable in a demonstration alone, and only pretend cameras live there.
      demonstration: opened.address.host.startsWith('127.'),
      credentialSealed: this.vault.seal({ username, password }, id),
      latitudeDeg: place?.latitudeDeg ?? null,
      longitudeDeg: place?.longitudeDeg ?? null,
      bearingDeg,
      fieldOfViewDeg,
      rangeM,
      clockErrorMs,
      clockUncertaintyMs,
      clockMeasuredAt: now,
      adoptedAt: now,
      updatedAt: now,
      removedAt: null,
    });
  }

  private async insert(
    camera: CameraEntity,
    streams: readonly CameraStreamEntity[],
    candidate: CameraCandidateEntity,
    body: AdoptBody,
    by: SignedInUser,
    manager: EntityManager,
  ): Promise<void> {
    await this.cameras.lockAll(manager);
    const twin = (await this.cameras.matching(camera, manager)) ?? (await this.cameras.at(camera.onvifUrl, manager));
    if (twin) throw alreadyAdopted(twin);
    if (body.code !== undefined && (await this.cameras.codeTaken(body.code, manager))) throw codeTaken(body.code);
    camera.code = body.code ?? (await this.cameras.nextCode(manager));
    await manager.insert(CameraEntity, camera);
    await manager.insert(
      CameraStreamEntity,
      streams.map((stream) => ({ ...stream })),
    );
    await manager.update(CameraCandidateEntity, { id: candidate.id }, { cameraId: camera.id });
    await this.cameras.notifyRelays(manager);
    const { id, code, name, host, manufacturer, model, serialNumber } = camera;
    const details = { code, name, host, manufacturer, model, serialNumber };
    await this.audit.record(
      { action: 'camera:adopt', objectKind: 'camera', objectId: id, outcome: 'done', details },
      by,
      manager,
    );
  }

  private async alone<T>(candidateId: string, task: () => Promise<Result<T>>): Promise<Result<T>> {
    if (this.busy.has(candidateId))
      return refused(refusal('too-many', 'candidate-busy', 'a login to this device is being tried already'));
    this.busy.add(candidateId);
    try {
      return await task();
    } finally {
      this.busy.delete(candidateId);
    }
  }
}

export function codeTaken(code: string): RefusalError {
  return new RefusalError(
    refusal('conflict', 'camera-code-taken', `the code ${code} is or was another camera's`, { code }),
  );
}

function alreadyAdopted({ id, code }: CameraEntity): RefusalError {
  return new RefusalError(
    refusal('conflict', 'camera-already-adopted', `this device is camera ${code} already`, { cameraId: id, code }),
  );
}

function profileView(profile: VideoProfile, suggestedRole: StreamRole | null): CandidateProbe['profiles'][number] {
  const { token, name, codec, widthPx, heightPx, framesPerSecond, bitrateKbps } = profile;
  return { token, name, codec, widthPx, heightPx, framesPerSecond, bitrateKbps, suggestedRole };
}

/** For the audit: how a try ended. */
export function outcomeOf(result: Result<unknown>): { outcome: 'done' | 'refused' | 'failed'; code?: string } {
  if (result.ok) return { outcome: 'done' };
  const { kind, code } = result.refusal;
  return { outcome: kind === 'peer-failed' ? 'failed' : 'refused', code };
}

export function valueOrThrow<T>(result: Result<T>): T {
  if (result.ok) return result.value;
  throw new RefusalError(result.refusal satisfies Refusal);
}
