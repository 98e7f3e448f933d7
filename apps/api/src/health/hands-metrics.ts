import { Counter, Gauge, Histogram, type Registry } from 'prom-client';
import { FIX_AGES } from '#libs/avl';
import type { LedgerService } from '../ledger/ledger.service.ts';
import type { DeviceRegistry } from '../positions/device-registry.ts';
import type { PositionMeter } from '../positions/position-meter.ts';
import type { PositionsService } from '../positions/positions.service.ts';
import type { TrackWriter } from '../positions/track-writer.ts';

/** Seconds that a flush of the disk takes, from a good one to one that is in trouble. */
const DISK_BUCKETS = [0.002, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5];

/** What the numbers of positions come from. */
export interface PositionSources {
  readonly meter: PositionMeter;
  readonly writer: TrackWriter;
  readonly devices: DeviceRegistry;
  readonly positions: PositionsService;
}

/** Numbers of the intake of positions. Labels are codes of our own and ages: strangers cannot grow them. */
export function addPositionMetrics(registry: Registry, { meter, writer, devices, positions }: PositionSources): void {
  registry.registerMetric(
    new Counter({
      name: 'atalaya_position_fixes_total',
      help: 'Positions that were reported; outcome is live, late, or the code of the refusal',
      labelNames: ['outcome'],
      registers: [],
      collect() {
        this.reset();
        for (const [outcome, count] of meter.outcomes) this.inc({ outcome }, count);
      },
    }),
  );
  const storing = new Histogram({
    name: 'atalaya_position_store_duration_seconds',
    help: 'Time to bring a group of positions to the disk',
    buckets: DISK_BUCKETS,
    registers: [registry],
  });
  meter.onStored((tookMs) => storing.observe(tookMs / 1_000));
  addGauge(registry, 'atalaya_position_waiting', 'Positions that wait for the disk', () => writer.queued);
  addGauge(registry, 'atalaya_position_devices', 'Devices that may report', () => devices.size);
  registry.registerMetric(
    new Gauge({
      name: 'atalaya_units_positioned',
      help: 'Units by the age of their last position',
      labelNames: ['age'],
      registers: [],
      collect() {
        const live = positions.live();
        for (const age of FIX_AGES) this.set({ age }, live.filter(({ position }) => position.age === age).length);
      },
    }),
  );
}

/** Numbers of the ledger's writer. */
export function addLedgerMetrics(registry: Registry, ledger: LedgerService): void {
  registry.registerMetric(
    new Counter({
      name: 'atalaya_ledger_events_total',
      help: 'Events that this process appended',
      registers: [],
      collect() {
        this.reset();
        this.inc(ledger.figures.appended);
      },
    }),
  );
  const commands = new Histogram({
    name: 'atalaya_ledger_command_duration_seconds',
    help: 'Time from the arrival of a command to its answer, which comes after the commit',
    labelNames: ['end'],
    buckets: DISK_BUCKETS,
    registers: [registry],
  });
  ledger.onCommand((tookMs, end) => commands.observe({ end }, tookMs / 1_000));
  addGauge(registry, 'atalaya_ledger_waiting', 'Commands that wait for their turn', () => ledger.figures.waiting);
  addGauge(registry, 'atalaya_ledger_head', 'Number of the last event heard', () => ledger.seq);
  addGauge(registry, 'atalaya_ledger_writes_here', '1 in the process that writes', () => (ledger.writesHere ? 1 : 0));
}

export function addGauge(registry: Registry, name: string, help: string, read: () => number): void {
  registry.registerMetric(
    new Gauge({
      name,
      help,
      registers: [],
      collect() {
        this.set(read());
      },
    }),
  );
}
