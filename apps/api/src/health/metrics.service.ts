import { Inject, Injectable, type OnModuleDestroy } from '@nestjs/common';
import { Counter, Gauge, Histogram, Registry, collectDefaultMetrics } from 'prom-client';
import { reasonOf, type Logger } from '#libs/base';
import { CAMERA_STATES } from '#libs/wire';
import type { FinishedRequest } from '../http/request-log.ts';
import { LOGGER } from '../logging.ts';
import { LedgerService } from '../ledger/ledger.service.ts';
import { DeviceRegistry } from '../positions/device-registry.ts';
import { PositionMeter } from '../positions/position-meter.ts';
import { PositionsService } from '../positions/positions.service.ts';
import { TrackWriter } from '../positions/track-writer.ts';
import { RealtimeGateway } from '../realtime/realtime.gateway.ts';
import { RealtimeService } from '../realtime/realtime.service.ts';
import { addGauge, addLedgerMetrics, addPositionMetrics } from './hands-metrics.ts';

/** The numbers that Prometheus reads. One registry per application, so that two can live in one process. */
@Injectable()
export class MetricsService implements OnModuleDestroy {
  private readonly registry = new Registry();
  private readonly requests = new Histogram({
    name: 'atalaya_http_request_duration_seconds',
    help: 'Time to answer an HTTP request',
    labelNames: ['method', 'route', 'status'],
    buckets: [0.005, 0.02, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 10],
    registers: [this.registry],
  });
  private readonly dropped = new Counter({
    name: 'atalaya_realtime_dropped_total',
    help: 'Sockets closed because they read too slowly',
    registers: [this.registry],
  });

  constructor(
    private readonly realtime: RealtimeService,
    gateway: RealtimeGateway,
    ledger: LedgerService,
    meter: PositionMeter,
    writer: TrackWriter,
    devices: DeviceRegistry,
    positions: PositionsService,
    @Inject(LOGGER) private readonly logger: Logger,
  ) {
    // Process, heap, garbage collection and event loop lag.
    collectDefaultMetrics({ register: this.registry });
    addGauge(this.registry, 'atalaya_realtime_sockets', 'Open sockets of signed-in pages', () => gateway.openSockets);
    addPositionMetrics(this.registry, { meter, writer, devices, positions });
    addLedgerMetrics(this.registry, ledger);
    this.registry.registerMetric(cameraStateGauge((gauge) => this.fillCameraStates(gauge)));
    gateway.onDropped(() => this.dropped.inc());
  }

  get contentType(): string {
    return this.registry.contentType;
  }

  text(): Promise<string> {
    return this.registry.metrics();
  }

  requestFinished({ method, route, status, durationMs }: FinishedRequest): void {
    this.requests.observe({ method, route, status: String(status) }, durationMs / 1000);
  }

  onModuleDestroy(): void {
    this.registry.clear();
  }

  /** From the same snapshot that the walls are given: the two can never disagree. No numbers rather than old ones. */
  private async fillCameraStates(gauge: Gauge): Promise<void> {
    gauge.reset();
    if (!this.realtime.hasOwner('cameras')) return;
    try {
      const { items } = await this.realtime.snapshot('cameras');
      for (const { code, health } of items) {
        for (const state of CAMERA_STATES) gauge.set({ camera: code, state }, state === health.state ? 1 : 0);
      }
    } catch (thrown) {
      this.logger.warn({ reason: reasonOf(thrown) }, 'camera states could not be read for the metrics');
    }
  }
}

function cameraStateGauge(fill: (gauge: Gauge) => Promise<void>): Gauge {
  return new Gauge({
    name: 'atalaya_camera_state',
    help: '1 for the state that a camera is in, 0 for the others; camera is its code',
    labelNames: ['camera', 'state'],
    registers: [],
    collect() {
      return fill(this);
    },
  });
}
