import { isDeepStrictEqual } from 'node:util';
import { Assembly, type AccessUnitInfo, type TrackFormat } from '#libs/codec';
import { Packager, type PackagerOptions, type SegmentWindow } from '#libs/hls';
import { StreamStats, type Hub, type Sink } from '#libs/relay';

/** The unit being received, and what waits for the next block; a large key frame is 1 MB. */
const ASSEMBLY_BYTES = 64 * 1024;
const MAX_ASSEMBLY_BYTES = 6 * 1024 * 1024;

/** A unit that was committed. Read it during the call: it is one object for all units. */
export type ArrivedUnit = AccessUnitInfo & { readonly bytes: number };

/** Where units go, and how their times are known. */
export interface UnitFlowOptions extends Pick<PackagerOptions, 'clock' | 'follower' | 'takenAtMs'> {
  readonly window: SegmentWindow;
  readonly hub: Hub;
  /** A unit that can be shown arrived. Hot path. `isFirst`: of this connection. */
  onFrame(unit: ArrivedUnit, isFirst: boolean): void;
  /** What comes next has another format, or does not continue what came. */
  onBreak?(isNewFormat: boolean): void;
}

/**
 * From access units to readers: assembly, packager, window and hub of one stream, whatever its input is. Lives longer than
 * the connections that bring the units, so that a stream continues after a break.
 */
export class UnitFlow {
  readonly stats = new StreamStats();
  private assembly: Assembly | undefined;
  private packager: Packager | undefined;
  private trackFormat: TrackFormat | undefined;
  private isConnected = false;
  private framesCame = false;
  /** The newest unit: where the video stands. */
  private lastPts90k = 0;
  private lastArrivedMs = 0;

  // Read for every unit: see the fields of AccessUnitBuilder (libs/rtp).
  private readonly hub: Hub;
  private readonly onFrame: UnitFlowOptions['onFrame'];

  constructor(private readonly options: UnitFlowOptions) {
    this.hub = options.hub;
    this.onFrame = (unit, isFirst) => options.onFrame(unit, isFirst);
  }

  get format(): TrackFormat | undefined {
    return this.trackFormat;
  }

  /** Of this connection. */
  get hasFrames(): boolean {
    return this.framesCame;
  }

  /** Time of the newest unit on the stream's own line. */
  get newestPts90k(): number {
    return this.lastPts90k;
  }

  /** Its arrival, monotonic. */
  get newestArrivedMs(): number {
    return this.lastArrivedMs;
  }

  /** A connection stands; its receiver writes into what is answered, and tells {@link useFormat} and {@link unit}. */
  begin(): Assembly {
    const { window, clock, follower, takenAtMs } = this.options;
    const assembly = (this.assembly ??= new Assembly(ASSEMBLY_BYTES, MAX_ASSEMBLY_BYTES));
    this.packager ??= new Packager({
      assembly,
      window,
      clock,
      ...(takenAtMs && { takenAtMs }),
      ...(follower && { follower }),
    });
    this.stats.restart(clock.monotonicMs());
    this.isConnected = true;
    return assembly;
  }

  useFormat(format: TrackFormat): void {
    const isOther = !isDeepStrictEqual(this.trackFormat, format);
    this.trackFormat = format;
    this.packager!.useFormat(format);
    this.hub.publishFormat(format);
    if (isOther) this.options.onBreak?.(true);
  }

  /** The unit that was just committed. Hot path: one call a frame. */
  unit(info: ArrivedUnit): void {
    const { hub } = this;
    const assembly = this.assembly!;
    const isFirst = !this.framesCame;
    this.framesCame = true;
    if (info.isKey) this.stats.keyFrame(info.arrivedMs, info.pts90k);
    if (hub.size > 0) {
      hub.publishUnit({ buffer: assembly.buffer, from: assembly.unitStart - info.bytes, to: assembly.unitStart, info });
    }
    this.packager!.addUnit(info);
    this.lastPts90k = info.pts90k;
    this.lastArrivedMs = info.arrivedMs;
    this.onFrame(info, isFirst);
  }

  /**
   * Tells a sink that is about to join the format and every unit since the last key unit, as if it had been there.
   * `false` when there are none, or they are more than `maxBytes`: the sink has to wait for a key unit.
   */
  prime(sink: Sink, maxBytes: number): boolean {
    const units = this.isConnected && this.trackFormat ? this.packager!.recall(maxBytes) : [];
    if (units.length === 0) return false;
    sink.format(this.trackFormat!);
    return units.every(({ bytes, info }) => sink.unit({ buffer: bytes, from: 0, to: bytes.length, info }));
  }

  /** Media time so long after the newest picture, or before it; undefined while nothing is packaged. */
  mediaTicksAfter(ms: number): number | undefined {
    return this.framesCame ? this.packager?.mediaTicksOf(this.lastPts90k + ms * 90) : undefined;
  }

  /** The connection is gone. What follows does not continue what came. */
  end(): void {
    if (!this.isConnected) return;
    this.isConnected = false;
    this.framesCame = false;
    this.assembly?.dropUnit();
    this.packager?.breakTimeline();
    this.hub.publishGap();
    this.options.onBreak?.(false);
  }

  /** Gives the memory back. What was packaged stays in the window. */
  close(): void {
    this.packager?.finish();
    this.end();
    this.assembly = undefined;
    this.packager = undefined;
  }

  /** After a defect nothing that is half done can be trusted. */
  discard(): void {
    this.packager?.release();
    this.assembly = undefined;
    this.packager = undefined;
    this.options.window.clear();
  }

  /** What was received is old by now: it is not listed any more, and what follows does not continue it. */
  expire(): void {
    this.packager?.breakTimeline();
    this.options.window.clear();
  }
}
