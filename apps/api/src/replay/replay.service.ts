import { Inject, Injectable } from '@nestjs/common';
import { RefusalError, refusal } from '#libs/base';
import type { DispatchEvent, DispatchRules, Incident, PastBoard, Unit } from '#libs/dispatch';
import type { LedgerEvent } from '#libs/ledger';
import {
  REPLAY_CAPS,
  type ReplayChangeView,
  type ReplayOpeningView,
  type ReplayOutlineView,
  type ReplayPageQuery,
  type ReplayPageView,
  type ReplaySpanView,
  type ReplayTracksView,
} from '#libs/wire';
import type { SignedInUser } from '../access/signed-in.ts';
import { CLOCK, type Clock } from '../clock.ts';
import { DISPATCH_RULES } from '../dispatch/dispatch-rules.ts';
import { IncidentStore } from '../incidents/incident.store.ts';
import { TrackStore } from '../positions/track.store.ts';
import { unitViewOf } from '../units/unit-views.ts';
import { PastBoards } from './past-boards.ts';
import { PastTrackStore } from './past-track.store.ts';
import { lineFor, pastIncident, pastItem, positionView, type Looker, type PastIncident } from './replay-views.ts';
import { ReplayStore, type Range } from './replay.store.ts';

const MAX_UNITS = 5_000;

/** First and last entry of an opening's time: it shows what came after the first, up to the last. */
interface Bounds {
  readonly first: number;
  readonly last: number;
}

/** One entry with what it made, before it is anybody's to see. */
export interface PastChange {
  readonly entry: LedgerEvent;
  readonly event: DispatchEvent | undefined;
  readonly incidents: readonly PastIncident[];
  readonly units: readonly Unit[];
}

/** What an opening shows, as the one who opened it may see it today. */
@Injectable()
export class ReplayService {
  constructor(
    private readonly store: ReplayStore,
    private readonly boards: PastBoards,
    private readonly pastTracks: PastTrackStore,
    private readonly tracks: TrackStore,
    private readonly incidents: IncidentStore,
    @Inject(DISPATCH_RULES) private readonly rules: DispatchRules,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  async outline(opening: ReplayOpeningView): Promise<ReplayOutlineView> {
    const bounds = await this.boundsOf(opening);
    const [density, spans, cameraLosses, tracksSinceMs] = await Promise.all([
      this.store.density(opening, REPLAY_CAPS.buckets),
      this.spans(opening, bounds),
      this.store.cameraLosses(opening),
      this.tracks.keptSinceMs(),
    ]);
    return { opening, ...density, spans, cameraLosses, tracksSinceMs: tracksSinceMs ?? null };
  }

  /** @throws {RefusalError} `replay-outside`, `replay-catching-up`. */
  async page(opening: ReplayOpeningView, query: ReplayPageQuery, reader: SignedInUser): Promise<ReplayPageView> {
    const bounds = await this.boundsOf(opening);
    const after =
      query.after === undefined ? await this.pageOf(opening, bounds, query.atMs!) : startIn(bounds, query.after);
    const upTo = Math.min(alignedStart(after) + REPLAY_CAPS.pageEntries, bounds.last);
    const [fromMs, untilMs] = await Promise.all([
      after === bounds.first ? opening.fromMs : this.store.atOf(after),
      upTo === bounds.last ? opening.toMs : this.store.atOf(upTo),
    ]);
    const { board, changes } = await this.stretch(after, upTo);
    const looker = await this.lookerAt(
      [...board.incidents, ...changes.flatMap(({ incidents }) => incidents)],
      changes,
      reader,
    );
    const startMs = fromMs ?? opening.fromMs;
    const fixes = await this.pastTracks.lastAt(
      board.units.map(({ id }) => id),
      startMs,
    );
    return {
      after,
      upTo,
      fromMs: startMs,
      untilMs: untilMs ?? opening.toMs,
      board: {
        incidents: board.incidents.flatMap((one) => pastItem(one, startMs, looker)),
        units: board.units.map((unit) =>
          unitViewOf(unit, positionView(fixes.get(unit.id), startMs), startMs, this.rules),
        ),
      },
      changes: changeViews(changes, startMs, looker),
      previousAfter: after > bounds.first ? startIn(bounds, after - 1) : null,
      nextAfter: upTo < bounds.last ? upTo : null,
    };
  }

  /** Positions of all units. @throws {RefusalError} `replay-outside`. */
  async piece(opening: ReplayOpeningView, atMs: number): Promise<ReplayTracksView> {
    demandInside(opening, atMs);
    const pieceMs = REPLAY_CAPS.trackPieceMs;
    const start = Math.floor(atMs / pieceMs) * pieceMs;
    const fromMs = Math.max(start, opening.fromMs);
    const toMs = Math.min(start + pieceMs, opening.toMs);
    const since = await this.tracks.keptSinceMs();
    if (since === undefined || toMs <= since) return { fromMs, toMs, kept: false, stepMs: 0, tracks: [] };
    const units = await this.pastTracks.unitsSince(fromMs, MAX_UNITS);
    const leastMs = ((toMs - fromMs) * units.length) / REPLAY_CAPS.trackFixes;
    const stepMs = Math.max(1, Math.ceil(leastMs / 1_000)) * 1_000;
    const tracks = units.length === 0 ? [] : await this.pastTracks.sampled(units, fromMs, toMs, stepMs);
    return { fromMs, toMs, kept: true, stepMs, tracks };
  }

  async boundsOf({ fromMs, toMs }: Range): Promise<Bounds> {
    const [first, last] = await Promise.all([this.store.seqAt(fromMs), this.store.seqAt(toMs)]);
    return { first, last: Math.max(first, last) };
  }

  /** Entries with what they made, and the board before them. */
  async stretch(
    after: number,
    upTo: number,
  ): Promise<{
    readonly board: { readonly incidents: readonly PastIncident[]; readonly units: readonly Unit[] };
    readonly changes: readonly PastChange[];
  }> {
    const rewound = await this.boards.after(after);
    const { past } = rewound;
    const { incidents, units } = past.open();
    const board = { incidents: incidents.map((one) => pastIncident(one, past, after)), units };
    const changes: PastChange[] = [];
    await this.boards.on(rewound, upTo, (entry, event, change) => {
      const changed = change?.incidents ?? [];
      const attended = (change?.units ?? []).flatMap((unit) => attendedBy(unit, past, changed));
      const seen = [...changed, ...attended].map((one) => pastIncident(one, past, entry.seq));
      changes.push({ entry, event, incidents: seen, units: change?.units ?? [] });
    });
    return { board, changes };
  }

  /** Everything that is shown of incidents is redacted by how they are today. */
  async lookerAt(
    incidents: readonly PastIncident[],
    changes: readonly PastChange[],
    reader: SignedInUser,
  ): Promise<Looker> {
    const nowMs = this.clock.nowMs();
    const named = changes.flatMap(({ event }) => (event && 'incidentId' in event ? [event.incidentId] : []));
    const ids = [...new Set([...incidents.map(({ incident }) => incident.id), ...named])];
    const sources = ids.length === 0 ? [] : await this.incidents.byIds(ids, nowMs);
    return { reader, today: new Map(sources.map((source) => [source.incident.id, source])), nowMs, rules: this.rules };
  }

  private async pageOf(opening: ReplayOpeningView, bounds: Bounds, atMs: number): Promise<number> {
    demandInside(opening, atMs);
    return startIn(bounds, await this.store.seqAt(atMs));
  }

  /** When which incident was open. What it is called and how grave it is, is told as today. */
  private async spans({ fromMs }: ReplayOpeningView, { first, last }: Bounds): Promise<ReplaySpanView[]> {
    const [{ past }, entries] = await Promise.all([
      this.boards.after(first),
      this.store.lives(first, last, REPLAY_CAPS.incidents),
    ]);
    const spans: { incidentId: string; fromMs: number; toMs: number | null }[] = past
      .open()
      .incidents.map(({ id }) => ({ incidentId: id, fromMs, toMs: null }));
    for (const { incidentId, kind, atMs } of entries) {
      const running = spans.findLast((span) => span.incidentId === incidentId && span.toMs === null);
      if (kind === 'incident:opened' || kind === 'incident:reopened') {
        if (!running) spans.push({ incidentId, fromMs: atMs, toMs: null });
      } else if (running) running.toMs = atMs;
    }
    const shown = spans.slice(0, REPLAY_CAPS.incidents);
    const sources = await this.incidents.byIds(
      [...new Set(shown.map(({ incidentId }) => incidentId))],
      this.clock.nowMs(),
    );
    const today = new Map(sources.map(({ incident }) => [incident.id, incident]));
    return shown.flatMap((span) => {
      const incident = today.get(span.incidentId);
      if (!incident) return [];
      const { code, priority, classification } = incident;
      return [{ ...span, code, priority, typeCode: classification?.typeCode ?? null }];
    });
  }
}

/** Where the page with an entry begins: whole hundreds, so that everybody's pages are the same. */
function alignedStart(seq: number): number {
  return Math.floor(seq / REPLAY_CAPS.pageEntries) * REPLAY_CAPS.pageEntries;
}

/** The page that shows the board after an entry; the last page shows the last one too. */
function startIn({ first, last }: Bounds, seq: number): number {
  const within = Math.max(first, Math.min(seq, last));
  return Math.max(first, alignedStart(within === last && last > first ? last - 1 : within));
}

function demandInside({ fromMs, toMs }: Range, atMs: number): void {
  if (atMs >= fromMs && atMs <= toMs) return;
  throw new RefusalError(
    refusal('bad-input', 'replay-outside', 'this moment is not within the time that was opened', { fromMs, toMs }),
  );
}

/** A unit that is called otherwise changes what its incident shows. */
function attendedBy({ state }: Unit, past: PastBoard, shown: readonly Incident[]): Incident[] {
  if (state.kind !== 'assigned' || shown.some(({ id }) => id === state.incidentId)) return [];
  const incident = past.incident(state.incidentId);
  return incident ? [incident] : [];
}

function changeViews(changes: readonly PastChange[], fromMs: number, looker: Looker): ReplayChangeView[] {
  let atMs = fromMs;
  return changes.map(({ entry, event, incidents, units }) => {
    atMs = Math.max(atMs, entry.atMs);
    return {
      seq: entry.seq,
      atMs,
      line: lineFor(entry, event, looker),
      incidents: incidents.flatMap((one) => pastItem(one, atMs, looker)),
      units: units.map((unit) => unitViewOf(unit, undefined, atMs, looker.rules)),
    };
  });
}
