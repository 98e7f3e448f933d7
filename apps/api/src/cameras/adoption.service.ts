import { Inject, Injectable } from '@nestjs/common';
import { DataSource, type EntityManager } from 'typeorm';
import { ok, uuidV7, type Result } from '#libs/base';
import type { Login } from '#libs/onvif';
import type { AdoptBody, CameraDetail, CandidateProbe } from '#libs/wire';
import type { SignedInUser } from '../access/signed-in.ts';
import { AuditService } from '../audit/audit.service.ts';
import { CLOCK, type Clock } from '../clock.ts';
import { CameraCandidateEntity } from './camera-candidate.entity.ts';
import { CameraPublisher } from './camera-publisher.ts';
import { alreadyAdopted, codeTaken, outcomeOf, valueOrThrow } from './camera-refusals.ts';
import { CameraStreamEntity } from './camera-stream.entity.ts';
import { CameraEntity } from './camera.entity.ts';
import { CameraStore } from './camera.store.ts';
import { CandidateService } from './candidate.service.ts';
import { CredentialVault } from './credential-vault.ts';
import { DeviceLoginLimit } from './device-login-limit.ts';
import { DeviceInspector, type Inspected, type WantedStream } from './device-inspector.ts';

interface Adopted {
  readonly camera: CameraEntity;
  readonly streams: readonly CameraStreamEntity[];
}

/** From a candidate to a camera of the centre: try the login, see the profiles, take it over. */
@Injectable()
export class AdoptionService {
  constructor(
    private readonly dataSource: DataSource,
    private readonly candidates: CandidateService,
    private readonly cameras: CameraStore,
    private readonly inspector: DeviceInspector,
    private readonly logins: DeviceLoginLimit,
    private readonly vault: CredentialVault,
    private readonly publisher: CameraPublisher,
    private readonly audit: AuditService,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  /** @throws {RefusalError} `candidate-unknown`, `candidate-busy`, `address-not-allowed`, or an `OnvifCode`. */
  async test(candidateId: string, login: Login, by: SignedInUser): Promise<CandidateProbe> {
    const candidate = await this.candidates.get(candidateId);
    const inspected = await this.tryLogin(candidate, login);
    await this.recordTry('candidate:test', candidate, inspected, by);
    return valueOrThrow(inspected).probe;
  }

  /**
   * Takes a candidate over as a camera.
   * @throws {RefusalError} as {@link test}, and `camera-already-adopted`, `camera-code-taken`, `profile-unknown`.
   */
  async adopt(candidateId: string, body: AdoptBody, by: SignedInUser): Promise<CameraDetail> {
    const candidate = await this.candidates.get(candidateId);
    const prepared = await this.prepare(candidate, body);
    if (!prepared.ok) await this.recordTry('camera:adopt', candidate, prepared, by);
    const adopted = valueOrThrow(prepared);
    await this.dataSource.transaction((manager) => this.insert(adopted, candidate, body.code, by, manager));
    await Promise.all([this.publisher.publish(adopted.camera.id), this.candidates.publish(candidateId)]);
    return this.publisher.detail(adopted.camera.id);
  }

  private tryLogin({ host, onvifUrl }: CameraCandidateEntity, login: Login): Promise<Result<Inspected>> {
    return this.logins.attempt(host, () => this.inspector.inspect(onvifUrl, login));
  }

  private async prepare(candidate: CameraCandidateEntity, body: AdoptBody): Promise<Result<Adopted>> {
    const { username, password, mainProfile, subProfile } = body;
    const inspected = await this.tryLogin(candidate, { username, password });
    if (!inspected.ok) return inspected;
    const id = uuidV7(this.clock.nowMs());
    const wanted: WantedStream[] = [{ role: 'main', profileToken: mainProfile }];
    if (subProfile !== null) wanted.push({ role: 'sub', profileToken: subProfile });
    const streams = await this.inspector.streamsOf(inspected.value, id, wanted);
    if (!streams.ok) return streams;
    return ok({ camera: this.cameraOf(id, candidate, inspected.value, body), streams: streams.value });
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
    const device = { manufacturer, model, firmware, serialNumber, macAddress, hasPtz, hasEvents };
    const { endpointReference, onvifUrl } = candidate;
    const { host } = opened.address;
    return Object.assign(new CameraEntity(), device, {
      id,
      name,
      endpointReference,
      onvifUrl,
      host,
      // Loopback is reachable in a demonstration alone, and only pretend cameras live there.
      demonstration: host.startsWith('127.'),
      credentialSealed: this.vault.seal({ username, password }, id),
      latitudeDeg: place?.latitudeDeg ?? null,
      longitudeDeg: place?.longitudeDeg ?? null,
      bearingDeg,
      fieldOfViewDeg,
      rangeM,
      warm: true,
      clockErrorMs,
      clockUncertaintyMs,
      clockMeasuredAt: now,
      adoptedAt: now,
      updatedAt: now,
      removedAt: null,
    });
  }

  private async insert(
    { camera, streams }: Adopted,
    candidate: CameraCandidateEntity,
    code: string | undefined,
    by: SignedInUser,
    manager: EntityManager,
  ): Promise<void> {
    await this.cameras.lockAll(manager);
    await this.candidates.lockAll(manager);
    const twin = (await this.cameras.matching(camera, manager)) ?? (await this.cameras.at(camera.onvifUrl, manager));
    if (twin) throw alreadyAdopted(twin);
    if (code !== undefined && (await this.cameras.codeTaken(code, manager))) throw codeTaken(code);
    camera.code = code ?? (await this.cameras.nextCode(manager));
    await manager.insert(CameraEntity, camera);
    await manager.insert(
      CameraStreamEntity,
      streams.map((stream) => ({ ...stream })),
    );
    await manager.update(CameraCandidateEntity, { id: candidate.id }, { cameraId: camera.id });
    await this.cameras.notifyRelays(manager);
    const { id, name, host, manufacturer, model, serialNumber } = camera;
    const details = { code: camera.code, name, host, manufacturer, model, serialNumber };
    const what = { action: 'camera:adopt', objectKind: 'camera', objectId: id, outcome: 'done' as const, details };
    await this.audit.record(what, by, manager);
  }

  private recordTry(
    action: string,
    { id, host }: CameraCandidateEntity,
    result: Result<unknown>,
    by: SignedInUser,
  ): Promise<void> {
    return this.audit.record(
      { action, objectKind: 'candidate', objectId: id, ...outcomeOf(result), details: { host } },
      by,
    );
  }
}
