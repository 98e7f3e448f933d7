import { Counter, Gauge, Registry, collectDefaultMetrics } from 'prom-client';
import type { Clock } from '#libs/base';
import { CAMERA_STATES, type FfmpegReport } from '#libs/wire';
import type { CameraRelay } from './camera-relay.ts';
import type { FfmpegCounters } from './ffmpeg/ffmpeg-pool.ts';
import type { RtmpIntake } from './rtmp/intake.ts';
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
    name: 'atalaya_stream_jitter_seconds',
    help: 'Interarrival jitter of RTP packets (RFC 3550 6.4.1)',
    value: (stream) => stream.jitterMs && stream.jitterMs / 1000,
  },
  {
    name: 'atalaya_stream_capture_delay_seconds',
    help: 'From capture to arrival of the last key frame, as good as the camera clock was measured',
    value: (stream) => stream.delayMs && stream.delayMs / 1000,
  },
  {
    name: 'atalaya_stream_pulled',
    help: '1 while the stream is fetched from its camera, or tried to be',
    value: (stream) => (stream.isPulled ? 1 : 0),
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
  {
    name: 'atalaya_stream_packets_lost',
    help: 'RTP packets that never came, of this connection',
    value: (stream) => stream.lostPackets,
  },
  {
    name: 'atalaya_stream_over_udp',
    help: '1 where packets come as datagrams, 0 where they come on a connection',
    value: (stream) => stream.packetTransport && Number(stream.packetTransport === 'udp'),
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
  {
    name: 'atalaya_relay_segments_forgotten_early_total',
    help: 'Segments that readers were still owed (RFC 8216 6.2.2) and there was no room for',
    value: (stream) => stream.window.forgottenEarly,
  },
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

const RTMP_GAUGES: readonly {
  readonly name: string;
  readonly help: string;
  readonly value: (rtmp: RtmpFigures) => number;
}[] = [
  { name: 'atalaya_rtmp_connections', help: 'Connections of the RTMP port', value: (rtmp) => rtmp.sessionCount },
  {
    name: 'atalaya_rtmp_published_total',
    help: 'Publishers that were let in',
    value: (rtmp) => rtmp.counters.published,
  },
  {
    name: 'atalaya_rtmp_refused_total',
    help: 'RTMP connections that were ended with a reason',
    value: (rtmp) => rtmp.counters.refused,
  },
  {
    name: 'atalaya_rtmp_turned_away_total',
    help: 'RTMP connections that were one too many, or of an address that is shut out',
    value: (rtmp) => rtmp.counters.turnedAway,
  },
];

/** What is told of the RTMP port. */
export type RtmpFigures = Pick<RtmpIntake, 'sessionCount' | 'counters'>;

/** How this relay stands among others. */
export interface LeaseFigures {
  readonly cameras: number;
  /** Since the database confirmed the leases; 0 for a relay that shares nothing. */
  readonly confirmedAgoMs: number;
  /** How often cameras were let go because the leases ran out. */
  readonly fenced: number;
}

const LEASE_GAUGES: readonly {
  readonly name: string;
  readonly help: string;
  readonly value: (leases: LeaseFigures) => number;
}[] = [
  { name: 'atalaya_relay_cameras', help: 'Cameras that this relay has', value: ({ cameras }) => cameras },
  {
    name: 'atalaya_relay_leases_confirmed_seconds',
    help: 'Since the database confirmed the leases of this relay',
    value: ({ confirmedAgoMs }) => confirmedAgoMs / 1000,
  },
  {
    name: 'atalaya_relay_leases_fenced_total',
    help: 'Times that all cameras were let go because the leases ran out',
    value: ({ fenced }) => fenced,
  },
];

/** What is told of ffmpeg. */
export interface FfmpegFigures {
  readonly report: FfmpegReport;
  readonly counters: Readonly<FfmpegCounters>;
}

const FFMPEG_GAUGES: readonly {
  readonly name: string;
  readonly help: string;
  readonly value: (ffmpeg: FfmpegFigures) => number;
}[] = [
  { name: 'atalaya_ffmpeg_available', help: '1: ffmpeg was found', value: ({ report }) => Number(report.available) },
  { name: 'atalaya_conversions', help: 'Streams being converted', value: ({ report }) => report.conversions },
  {
    name: 'atalaya_conversions_started_total',
    help: 'Conversions that were begun',
    value: ({ counters }) => counters.conversionsStarted,
  },
  {
    name: 'atalaya_conversions_refused_total',
    help: 'Conversions that were one too many',
    value: ({ counters }) => counters.conversionsRefused,
  },
  {
    name: 'atalaya_ffmpeg_pictures_total',
    help: 'Snapshots that ffmpeg made or tried to',
    value: ({ counters }) => counters.shortRuns,
  },
  {
    name: 'atalaya_ffmpeg_pictures_failed_total',
    help: 'Snapshots that ffmpeg could not make',
    value: ({ counters }) => counters.shortRunsFailed,
  },
];

export interface MetricsOptions {
  readonly tiles: TilesFigures;
  readonly ffmpeg: FfmpegFigures;
  readonly rtmp?: RtmpFigures | undefined;
  readonly clock: Clock;
  cameras(): Iterable<CameraRelay>;
  leases(): LeaseFigures;
}

/** Prometheus figures of this relay. Camera figures are read when somebody asks, not kept up to date. */
export class Metrics {
  private readonly registry = new Registry();
  private readonly answers: Counter<'status'>;
  private readonly slowReaders: Counter;

  constructor({ cameras, tiles, ffmpeg, leases, rtmp, clock }: MetricsOptions) {
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
    for (const { name, help, value } of rtmp ? RTMP_GAUGES : []) {
      const gauge: Gauge = new Gauge({ name, help, registers, collect: () => gauge.set(value(rtmp!)) });
    }
    for (const { name, help, value } of LEASE_GAUGES) {
      const gauge: Gauge = new Gauge({ name, help, registers, collect: () => gauge.set(value(leases())) });
    }
    for (const { name, help, value } of FFMPEG_GAUGES) {
      const gauge: Gauge = new Gauge({ name, help, registers, collect: () => gauge.set(value(ffmpeg)) });
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
