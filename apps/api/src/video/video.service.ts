import { Inject, Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { deriveKey, signTicket, type VideoTicket } from '#libs/secret';
import type { StreamRole, TicketsBody, TicketsView } from '#libs/wire';
import type { SignedInUser } from '../access/signed-in.ts';
import { AuditService } from '../audit/audit.service.ts';
import { RELAY_SILENT_MS } from '../cameras/camera-health-board.ts';
import { CameraHealthStore } from '../cameras/camera-health.store.ts';
import { CameraStore, type CameraWithStreams } from '../cameras/camera.store.ts';
import { CLOCK, type Clock } from '../clock.ts';
import { API_CONFIG, type ApiConfig } from '../config.ts';
import { relayUrlFor } from './relay-url.ts';
import { ViewLog } from './view-log.ts';

/** A page renews its tickets while it plays; a copied address is worth this long at most. */
const TICKET_MS = 120_000;

type Wanted = TicketsBody['wanted'][number];
type Decision =
  | { readonly ok: true; readonly camera: CameraWithStreams; readonly publicUrl: string }
  | { readonly ok: false; readonly code: string };

/** Gives leave to watch, per camera, and writes down who watches. No video passes through here. */
@Injectable()
export class VideoService {
  private readonly key: Buffer;
  private readonly views: ViewLog;

  constructor(
    private readonly dataSource: DataSource,
    private readonly cameras: CameraStore,
    private readonly relays: CameraHealthStore,
    private readonly audit: AuditService,
    @Inject(CLOCK) private readonly clock: Clock,
    @Inject(API_CONFIG) config: Pick<ApiConfig, 'masterKey'>,
  ) {
    this.key = deriveKey(config.masterKey, 'video-ticket');
    this.views = new ViewLog(clock);
  }

  /**
   * Tickets for what may be watched now, each with the address of the relay that has the camera at this moment: who holds a
   * ticket asks again when that one is gone. Refused one by one: `camera-not-found`, `stream-missing`, `relay-silent`. A
   * watching that begins is in the audit before its ticket exists; renewals of the same watching are not. An overview is one
   * line for all cameras of a request that were not in it before.
   */
  async tickets({ wanted }: TicketsBody, host: string, by: SignedInUser): Promise<TicketsView> {
    const expiresAtMs = this.clock.nowMs() + TICKET_MS;
    const view: TicketsView = { expiresAtMs, tickets: [], refused: [] };
    const begun: Begun = { watched: new Map(), overviewed: [] };
    const wishes = unique(wanted);
    const ids = wishes.map(({ cameraId }) => cameraId);
    const publicUrls = await this.relays.publicUrls(ids, RELAY_SILENT_MS);
    for (const { cameraId, stream, ...how } of wishes) {
      const decision = await this.decide(cameraId, stream, publicUrls.get(cameraId));
      if (!decision.ok) {
        view.refused.push({ cameraId, stream, ...how, code: decision.code });
        continue;
      }
      if (this.views.isNew(viewerOf(by, how.use), cameraId)) note(begun, decision.camera.camera, how.use);
      const ticket = signTicket(this.key, { cameraId, accountId: by.accountId, stream, expiresAtMs, ...given(how) });
      const relayUrl = relayUrlFor(decision.publicUrl, host);
      const playlistUrl = `${relayUrl}/hls/${cameraId}/${stream}/index.m3u8?ticket=${ticket}`;
      const snapshotUrl = `${relayUrl}/snapshot/${cameraId}?ticket=${ticket}`;
      const urls = { playlistUrl, tilesUrl: tilesUrlOf(relayUrl), snapshotUrl };
      view.tickets.push({ cameraId, stream, ...how, ticket, ...urls });
    }
    await this.writeDown(begun, by);
    for (const { cameraId, use } of view.tickets) this.views.note(viewerOf(by, use), cameraId);
    return view;
  }

  private async decide(cameraId: string, stream: StreamRole, publicUrl: string | undefined): Promise<Decision> {
    const camera = await this.cameras.byId(cameraId);
    if (!camera) return { ok: false, code: 'camera-not-found' };
    if (!camera.streams.some((candidate) => candidate.role === stream)) return { ok: false, code: 'stream-missing' };
    return publicUrl === undefined ? { ok: false, code: 'relay-silent' } : { ok: true, camera, publicUrl };
  }

  private async writeDown({ watched, overviewed }: Begun, by: SignedInUser): Promise<void> {
    if (watched.size === 0 && overviewed.length === 0) return;
    await this.dataSource.transaction(async (manager) => {
      const cameras = overviewed.toSorted();
      if (cameras.length > 0)
        await this.audit.record({ action: 'camera:overview', outcome: 'done', details: { cameras } }, by, manager);
      for (const [objectId, camera] of watched) {
        await this.audit.record(
          { action: 'camera:watch', objectKind: 'camera', objectId, outcome: 'done', details: { camera } },
          by,
          manager,
        );
      }
    });
  }
}

/** `http` becomes `ws`, `https` becomes `wss` (RFC 6455 §3). */
function tilesUrlOf(relayUrl: string): string {
  return `${relayUrl.replace(/^http/, 'ws')}/tiles`;
}

/** Cameras whose watching begins, by id, and codes of those that come into an overview. */
interface Begun {
  readonly watched: Map<string, string>;
  readonly overviewed: string[];
}

function note(begun: Begun, { id, code }: { readonly id: string; readonly code: string }, use: Wanted['use']): void {
  if (use === undefined) begun.watched.set(id, code);
  else if (!begun.overviewed.includes(code)) begun.overviewed.push(code);
}

/** Looking a camera over is another thing than watching it: each is written down by itself. */
function viewerOf(by: SignedInUser, use: Wanted['use']): string {
  return use === undefined ? by.accountId : `${by.accountId} ${use}`;
}

function given({ as, use }: Pick<Wanted, 'as' | 'use'>): Pick<VideoTicket, 'as' | 'use'> {
  return { ...(as !== undefined && { as }), ...(use !== undefined && { use }) };
}

function unique(wanted: readonly Wanted[]): Wanted[] {
  const keyOf = ({ cameraId, stream, as, use }: Wanted): string => `${cameraId} ${stream} ${as} ${use}`;
  return [...new Map(wanted.map((want) => [keyOf(want), want])).values()];
}
