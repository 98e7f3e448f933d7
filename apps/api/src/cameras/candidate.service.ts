import { Inject, Injectable, type OnModuleInit } from '@nestjs/common';
import { DataSource, type EntityManager } from 'typeorm';
import { ok, refusal, refused, uuidV7, type Result } from '#libs/base';
import { identityOf, parseWebAddress, webAddressText } from '#libs/onvif';
import type { CandidateView } from '#libs/wire';
import type { SignedInUser } from '../access/signed-in.ts';
import { AuditService } from '../audit/audit.service.ts';
import { CLOCK, type Clock } from '../clock.ts';
import { removeInBatches } from '../housekeeping/batches.ts';
import { RealtimeService } from '../realtime/realtime.service.ts';
import { CameraCandidateEntity } from './camera-candidate.entity.ts';
import { candidateUnknown } from './camera-refusals.ts';
import { CameraStore } from './camera.store.ts';
import { CandidateStore, MAX_CANDIDATES } from './candidate.store.ts';
import type { Sighting } from './device-finder.ts';
import type { CameraEntity } from './camera.entity.ts';

/** A device that nobody has met for so long is gone, or was never there. */
const UNSEEN_MS = 30 * 86_400_000;

/** What became of a sighting. */
export interface Sighted {
  readonly candidate: CandidateView;
  /** The adopted camera that it is, when it is one. */
  readonly camera: CameraEntity | null;
}

/** The list of devices that answered as ONVIF. One device is one candidate, however it was met. */
@Injectable()
export class CandidateService implements OnModuleInit {
  constructor(
    private readonly dataSource: DataSource,
    private readonly store: CandidateStore,
    private readonly cameras: CameraStore,
    private readonly realtime: RealtimeService,
    private readonly audit: AuditService,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  onModuleInit(): void {
    this.realtime.register('candidates', () => this.list());
  }

  async list(): Promise<CandidateView[]> {
    return (await this.store.all()).map(viewOf);
  }

  /** @throws {RefusalError} `candidate-unknown`. */
  async get(id: string): Promise<CameraCandidateEntity> {
    const candidate = await this.store.byId(id);
    if (!candidate) throw candidateUnknown();
    return candidate;
  }

  /** Takes a device that answered into the list. Refusal: `candidates-full`. */
  async seen(sighting: Sighting): Promise<Result<Sighted>> {
    const done = await this.dataSource.transaction(async (manager) => {
      await this.store.lockAll(manager);
      const known = await this.knownAs(sighting, manager);
      if (!known && (await this.store.count(manager)) >= MAX_CANDIDATES) return undefined;
      const camera = await this.cameraOf(sighting, manager);
      const row = merged(known, sighting, this.clock.nowMs(), camera?.id ?? null);
      const gone = await this.dropShadow(row, manager);
      await manager.save(CameraCandidateEntity, row);
      return { row, camera, gone };
    });
    if (!done) return refused(refusal('too-many', 'candidates-full', `at most ${MAX_CANDIDATES} candidates are kept`));
    await Promise.all([this.publish(done.row.id), done.gone === undefined ? undefined : this.publish(done.gone)]);
    return ok({ candidate: viewOf(done.row), camera: done.camera });
  }

  /** A device that is gone, or never was a camera. It comes back when it is met again. */
  async forget(id: string, by: SignedInUser): Promise<void> {
    const candidate = await this.get(id);
    await this.dataSource.transaction(async (manager) => {
      await manager.delete(CameraCandidateEntity, { id });
      const details = { host: candidate.host, name: candidate.name };
      await this.audit.record(
        { action: 'candidate:forget', objectKind: 'candidate', objectId: id, outcome: 'done', details },
        by,
        manager,
      );
    });
    await this.publish(id);
  }

  /** Forgets devices that were not met for {@link UNSEEN_MS} and never became a camera. Answers how many. */
  async forgetUnseen(): Promise<number> {
    const before = new Date(this.clock.nowMs() - UNSEEN_MS);
    return removeInBatches(async (limit) => {
      const gone = await this.dataSource.transaction(async (manager) => {
        await this.store.lockAll(manager);
        return this.store.removeUnseen(before, limit, manager);
      });
      for (const id of gone) await this.publish(id);
      return gone.length;
    });
  }

  /** Publishes a candidate as it is now, or that it is gone. */
  publish(id: string): Promise<void> {
    return this.realtime.refresh('candidates', id, async () => {
      const row = await this.store.byId(id);
      return row ? viewOf(row) : undefined;
    });
  }

  /** One change of the list at a time, until the transaction ends. Take it before any row lock of a camera. */
  lockAll(manager: EntityManager): Promise<void> {
    return this.store.lockAll(manager);
  }

  /** Lets go of a removed camera's candidates, and answers which to publish after the commit. */
  release(cameraId: string, manager: EntityManager): Promise<string[]> {
    return this.store.release(cameraId, manager);
  }

  /**
   * By identity; else, as one of the two knows only an address, by address: what a sweep found without a lasting mark
   * becomes the device that multicast names there.
   */
  private async knownAs(sighting: Sighting, manager: EntityManager): Promise<CameraCandidateEntity | null> {
    const byMark = await this.store.byIdentity(identityOfSighting(sighting), manager);
    if (byMark) return byMark;
    const sameAddress = await this.store.at(webAddressText(sighting.address), manager);
    const oneIsNameless = !sighting.endpointReference || sameAddress?.endpointReference === null;
    return sameAddress && oneIsNameless ? sameAddress : null;
  }

  /** A device that was met by its address alone, and has since been met by name too, is one row: the named one. */
  private async dropShadow(row: CameraCandidateEntity, manager: EntityManager): Promise<string | undefined> {
    if (!row.endpointReference) return undefined;
    const { host, port } = parseWebAddress(row.onvifUrl)!;
    const shadow = await this.store.byIdentity(`host:${host}:${port}`, manager);
    if (!shadow || shadow.id === row.id) return undefined;
    await manager.delete(CameraCandidateEntity, { id: shadow.id });
    return shadow.id;
  }

  private async cameraOf(sighting: Sighting, manager: EntityManager): Promise<CameraEntity | null> {
    const { endpointReference, scopes, address } = sighting;
    const marks = { endpointReference, macAddress: scopes.macAddress, manufacturer: '', serialNumber: null };
    const byMark = await this.cameras.matching(marks, manager);
    if (byMark) return byMark;
    const byPlace = await this.cameras.at(webAddressText(address), manager);
    // Another lasting name at a camera's address is another device that took it over.
    return byPlace && (!endpointReference || !byPlace.endpointReference) ? byPlace : null;
  }
}

function identityOfSighting({ endpointReference, scopes, address }: Sighting): string {
  const { macAddress } = scopes;
  return identityOf({
    endpointReference,
    macAddress,
    manufacturer: '',
    serialNumber: null,
    host: address.host,
    port: address.port,
  });
}

function merged(
  known: CameraCandidateEntity | null,
  sighting: Sighting,
  nowMs: number,
  cameraId: string | null,
): CameraCandidateEntity {
  const { scopes, clock, address } = sighting;
  const now = new Date(nowMs);
  const row =
    known ??
    Object.assign(new CameraCandidateEntity(), {
      id: uuidV7(nowMs),
      foundBy: [],
      firstSeenAt: now,
      name: '',
      hardware: '',
      location: '',
      endpointReference: null,
      identity: '',
      clockErrorMs: null,
      clockUncertaintyMs: null,
    });
  const endpointReference = sighting.endpointReference ?? row.endpointReference;
  const identity = identityOfSighting({ ...sighting, endpointReference });
  return Object.assign(row, {
    endpointReference,
    identity: endpointReference || row.identity === '' || sighting.scopes.macAddress ? identity : row.identity,
    host: address.host,
    onvifUrl: webAddressText(address),
    name: scopes.name || row.name,
    hardware: scopes.hardware || row.hardware,
    location: scopes.location || row.location,
    foundBy: [...new Set([...row.foundBy, sighting.foundBy])],
    clockErrorMs: clock?.errorMs ?? row.clockErrorMs,
    clockUncertaintyMs: clock?.uncertaintyMs ?? row.clockUncertaintyMs,
    lastSeenAt: now,
    cameraId,
  });
}

export function viewOf(row: CameraCandidateEntity): CandidateView {
  const { id, endpointReference, host, onvifUrl, name, hardware, location, foundBy, cameraId } = row;
  const { clockErrorMs, clockUncertaintyMs } = row;
  return {
    id,
    endpointReference,
    host,
    onvifUrl,
    name,
    hardware,
    location,
    foundBy,
    clockErrorMs,
    clockUncertaintyMs,
    firstSeenAtMs: row.firstSeenAt.getTime(),
    lastSeenAtMs: row.lastSeenAt.getTime(),
    cameraId,
  };
}
