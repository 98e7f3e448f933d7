import { Counter, Gauge, Registry, collectDefaultMetrics } from 'prom-client';
import type { Clock } from '#libs/base';
import { CAMERA_STATES } from '#libs/wire';
import type { CameraRelay } from './camera-relay.ts';
import type { StreamRelay } from './stream-relay.ts';
import type { TilesCounters } from './tiles/tiles-counters.ts';

/** What is measured of each stream. `undefined` leaves the series out: there is nothing to say just now. */
const STREAM_GAUGES: readonly {
  readonly name: string;
  readonly help: string;
  readonly value: (stream: StreamRelay, nowMs: number) => number | undefined;
}[] = [
  {
    name: 'atalaya_stream_bits_per_second',
    help: 'RTP payload received',
    value: (stream) => stream.rates && stream.rates.bitrateKbps * 1000,
  },
  {
    name: 'atalaya_stream_frames_per_second',
    help: 'Frames received',
    value: (stream) => stream.rates?.framesPerSecond,
  },
  {
    name: 'atalaya_stream_loss_ratio',
    help: 'Share of RTP packets that never came',
    value: (stream) => stream.rates?.lossShare,
  },
  {
    name: 'atalaya_stream_key_frame_interval_seconds',
    help: 'Distance of the last two key frames',
    value: (stream) => (stream.keyFrameIntervalMs === undefined ? undefined : stream.keyFrameIntervalMs / 1000),
  },
  {
    name: 'atalaya_stream_readers',
    help: 'Readers of the last ten seconds',
    value: (stream, nowMs) => stream.readerCount(nowMs),
  },
  { name: 'atalaya_stream_reconnects_total', help: 'Connections made again', value: (stream) => stream.reconnects },
  {
    name: 'atalaya_stream_dropped_units_total',
    help: 'Units that slow readers lost',
    value: (stream) => stream.droppedUnits,
  },
  {
    name: 'atalaya_stream_units_total',
    help: 'Pictures received whole since the connection was made',
    value: (stream) => stream.unitsReceived,
  },
  { name: 'atalaya_relay_window_bytes', help: 'Segments held in memory', value: (stream) => stream.window.totalBytes },
];

/** What is told of the tiles sockets. */
export interface TilesFigures {
  readonly counters: Readonly<TilesCounters>;
  readonly socketCount: number;
  readonly tileCount: number;
}

const TILES_GAUGES: readonly {
  readonly name: string;
  readonly help: string;
  readonly value: (tiles: TilesFigures) => number;
}[] = [
  { name: 'atalaya_tiles_sockets', help: 'Tiles sockets that are open', value: (tiles) => tiles.socketCount },
  { name: 'atalaya_tiles', help: 'Tiles that are open on all sockets', value: (tiles) => tiles.tileCount },
  {
    name: 'atalaya_tiles_sockets_accepted_total',
    help: 'Tiles sockets that were opened',
    value: (tiles) => tiles.counters.socketsAccepted,
  },
  {
    name: 'atalaya_tiles_sockets_refused_total',
    help: 'Tiles sockets that were one too many',
    value: (tiles) => tiles.counters.socketsRefused,
  },
  {
    name: 'atalaya_tiles_fragments_sent_total',
    help: 'Pictures sent to tiles',
    value: (tiles) => tiles.counters.fragmentsSent,
  },
  {
    name: 'atalaya_tiles_fragments_skipped_total',
    help: 'Pictures that slow pages lost',
    value: (tiles) => tiles.counters.fragmentsSkipped,
  },
  { name: 'atalaya_tiles_bytes_total', help: 'Bytes sent to tiles', value: (tiles) => tiles.counters.bytesSent },
];

/** Prometheus figures of this relay. Camera figures are read when somebody asks, not kept up to date. */
export class Metrics {
  private readonly registry = new Registry();
  private readonly answers: Counter<'status'>;
  private readonly slowReaders: Counter;

  constructor(cameras: () => Iterable<CameraRelay>, tiles: TilesFigures, clock: Clock) {
    collectDefaultMetrics({ register: this.registry });
    const registers = [this.registry];
    this.answers = new Counter({
      name: 'atalaya_relay_http_answers_total',
      help: 'Answers by status',
      labelNames: ['status'],
      registers,
    });
    this.slowReaders = new Counter({
      name: 'atalaya_relay_slow_readers_cut_total',
      help: 'HTTP readers that did not take their answer in time',
      registers,
    });
    this.addCameraState(cameras);
    for (const { name, help, value } of TILES_GAUGES) {
      const gauge: Gauge = new Gauge({ name, help, registers, collect: () => gauge.set(value(tiles)) });
    }
    for (const gauge of STREAM_GAUGES) this.addStreamGauge(gauge, cameras, clock);
  }

  get contentType(): string {
    return this.registry.contentType;
  }

  text(): Promise<string> {
    return this.registry.metrics();
  }

  answered(status: number): void {
    this.answers.inc({ status: String(status) });
  }

  cutSlowReader(): void {
    this.slowReaders.inc();
  }

  private addCameraState(cameras: () => Iterable<CameraRelay>): void {
    const gauge: Gauge<'camera' | 'state'> = new Gauge({
      name: 'atalaya_camera_state',
      help: '1 for the state that a camera is in',
      labelNames: ['camera', 'state'],
      registers: [this.registry],
      collect: () => {
        gauge.reset();
        for (const camera of cameras()) {
          for (const state of CAMERA_STATES) {
            gauge.set({ camera: camera.config.code, state }, camera.state.name === state ? 1 : 0);
          }
        }
      },
    });
  }

  private addStreamGauge(
    { name, help, value }: (typeof STREAM_GAUGES)[number],
    cameras: () => Iterable<CameraRelay>,
    clock: Clock,
  ): void {
    const gauge: Gauge<'camera' | 'stream'> = new Gauge({
      name,
      help,
      labelNames: ['camera', 'stream'],
      registers: [this.registry],
      collect: () => {
        gauge.reset();
        const nowMs = clock.monotonicMs();
        for (const camera of cameras()) {
          for (const stream of camera.allStreams()) {
            const reading = value(stream, nowMs);
            if (reading !== undefined) gauge.set({ camera: camera.config.code, stream: stream.role }, reading);
          }
        }
      },
    });
  }
}
