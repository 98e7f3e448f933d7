import type { AccessUnitInfo, TrackFormat } from '#libs/codec';

/** An access unit where it lies: `buffer[from..to)`, valid only during the call. A sink that keeps it copies it. */
export interface UnitView {
  readonly buffer: Buffer;
  readonly from: number;
  readonly to: number;
  readonly info: AccessUnitInfo;
}

/** One reader of a camera: tiles, recorder, snapshot, activity. None may wait in its callbacks. */
export interface Sink {
  /** Before the first unit of this format; always followed by a key unit. */
  format(format: TrackFormat): void;
  /** `false`: there was no room. The sink is not called again before the next key unit, and the loss is counted. */
  unit(view: UnitView): boolean;
  /** The source was lost or skipped: the next unit is a key unit and does not continue the timeline. */
  gap(): void;
}

/** What the hub knows of a sink. `skipping` ends with the next key unit. */
type Place =
  | { readonly name: 'flowing' }
  /** Joined, or refused a unit; needs `format` too when it has not been told the current one. */
  | { readonly name: 'skipping'; readonly knowsFormat: boolean };

interface Reader {
  readonly sink: Sink;
  place: Place;
  droppedUnits: number;
}

const FLOWING: Place = { name: 'flowing' };
const SKIPPING: Place = { name: 'skipping', knowsFormat: true };
const JOINING: Place = { name: 'skipping', knowsFormat: false };

/** Hard bound of readers of one stream: a bug that leaks sinks must not take the camera with it. */
const MAX_SINKS = 256;

/**
 * One source, many sinks. The source never waits: a sink that cannot take a unit loses everything up to the next key
 * unit, so that what it gets always decodes, and no other sink notices.
 */
export class Hub {
  private readonly readers = new Map<Sink, Reader>();
  private format: TrackFormat | undefined;
  /** Units that sinks lost because they were slow, all sinks that ever were together. */
  droppedUnits = 0;

  get size(): number {
    return this.readers.size;
  }

  /**
   * `false` when there are too many. The sink begins with the next key unit, or with the next unit of any kind when it
   * was primed: told the format and given every unit since the last key unit already.
   */
  add(sink: Sink, isPrimed = false): boolean {
    if (this.readers.size >= MAX_SINKS) return false;
    this.readers.set(sink, { sink, place: isPrimed ? FLOWING : JOINING, droppedUnits: 0 });
    return true;
  }

  remove(sink: Sink): void {
    this.readers.delete(sink);
  }

  droppedBy(sink: Sink): number {
    return this.readers.get(sink)?.droppedUnits ?? 0;
  }

  publishFormat(format: TrackFormat): void {
    this.format = format;
    for (const reader of this.readers.values()) reader.place = JOINING;
  }

  publishGap(): void {
    for (const reader of this.readers.values()) {
      if (reader.place.name === 'flowing') reader.place = SKIPPING;
      reader.sink.gap();
    }
  }

  publishUnit(view: UnitView): void {
    for (const reader of this.readers.values()) {
      if (reader.place.name === 'flowing' || this.admit(reader, view)) this.deliver(reader, view);
    }
  }

  /** Lets a skipping reader in again at a key unit. */
  private admit(reader: Reader, view: UnitView): boolean {
    if (!view.info.isKey || !this.format) {
      this.countDrop(reader);
      return false;
    }
    if (reader.place.name === 'skipping' && !reader.place.knowsFormat) reader.sink.format(this.format);
    reader.place = FLOWING;
    return true;
  }

  private deliver(reader: Reader, view: UnitView): void {
    if (reader.sink.unit(view)) return;
    reader.place = SKIPPING;
    this.countDrop(reader);
  }

  /** A reader that has just joined loses nothing while it waits for its first key unit. */
  private countDrop(reader: Reader): void {
    if (reader.place === JOINING) return;
    reader.droppedUnits++;
    this.droppedUnits++;
  }
}
