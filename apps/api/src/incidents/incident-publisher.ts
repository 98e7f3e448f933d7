import { Inject, Injectable, type OnModuleInit } from '@nestjs/common';
import type { DispatchRules } from '#libs/dispatch';
import type { IncidentItem } from '#libs/wire';
import { CLOCK, type Clock } from '../clock.ts';
import { DISPATCH_RULES } from '../dispatch/dispatch-rules.ts';
import { LiveBoard } from '../dispatch/live-board.ts';
import { RealtimeService } from '../realtime/realtime.service.ts';
import { audienceOf, type IncidentSource, type Reader } from './incident-source.ts';
import { itemFor } from './incident-views.ts';

/** Nobody in particular: what an item shows before it is known who reads it. */
const STRANGER: Reader = { role: 'auditor', accountId: '' };

/**
 * Owner of the realtime topic `incidents`: those that are live. What is published is what a stranger would see; each
 * reader gets their own view of it at the moment when it is sent to them.
 */
@Injectable()
export class IncidentPublisher implements OnModuleInit {
  /** What an item was made from, and the views that were made of it. */
  private readonly origins = new WeakMap<IncidentItem, { source: IncidentSource; views: Map<string, IncidentItem> }>();

  constructor(
    private readonly board: LiveBoard,
    private readonly realtime: RealtimeService,
    @Inject(DISPATCH_RULES) private readonly rules: DispatchRules,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  onModuleInit(): void {
    this.realtime.register(
      'incidents',
      () => Promise.resolve([...this.board.incidents.values()].map((source) => this.itemOf(source))),
      (item, reader) => this.viewOf(item, reader),
    );
    this.board.onNews(({ incidentIds }) => {
      for (const id of incidentIds) this.publish(id);
    });
  }

  private publish(id: string): void {
    const source = this.board.incidents.get(id);
    if (source) this.realtime.changed('incidents', this.itemOf(source));
    else this.realtime.removed('incidents', id);
  }

  private itemOf(source: IncidentSource): IncidentItem {
    const item = itemFor(STRANGER, source, this.clock.nowMs(), this.rules);
    this.origins.set(item, { source, views: new Map() });
    return item;
  }

  /** Readers who see the same share one view. */
  private viewOf(item: IncidentItem, reader: Reader): IncidentItem {
    const origin = this.origins.get(item);
    if (!origin) return item;
    const nowMs = this.clock.nowMs();
    const { opened, unmasked } = audienceOf(reader, origin.source, nowMs);
    const key = `${reader.role} ${opened} ${unmasked}`;
    const known = origin.views.get(key);
    if (known) return known;
    const view = itemFor(reader, origin.source, nowMs, this.rules);
    origin.views.set(key, view);
    return view;
  }
}
