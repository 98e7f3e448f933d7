import {
  MAX_PARAMETER_SET_BYTES,
  NalRole,
  type AccessUnitInfo,
  type Assembly,
  type NalSyntax,
  type ParameterSets,
  type TrackFormat,
} from '#libs/codec';
import type { ReceiverStats } from './receiver-types.ts';
import type { Units } from './units.ts';

const START_CODE = Buffer.from([0, 0, 1]);
/** Parameter sets and SEI that one NAL unit may hold by mistake. */
const MAX_PACKED_NALS = 16;

/** What the builder needs of its receiver. */
export interface UnitSink {
  readonly syntax: NalSyntax;
  readonly assembly: Assembly;
  readonly sets: ParameterSets;
  readonly stats: ReceiverStats;
  onFormat(format: TrackFormat): void;
  onAccessUnit(info: AccessUnitInfo & { readonly bytes: number }): void;
}

/**
 * `open`: NAL units of this timestamp are being written (ended by the marker, another timestamp or damage).
 * `ended`: the marker came (ended by another timestamp, or by more NAL units of the same one).
 * `lost`: damaged or not wanted, its NAL units are thrown away (ended by the marker or another timestamp).
 */
type Phase = 'open' | 'ended' | 'lost';

/**
 * NAL units to access units. Knows nothing of how RTP cuts NAL units up; decides where a unit ends, which units are whole,
 * and from which on a decoder can follow. Writes straight into the assembly.
 */
export class AccessUnitBuilder implements Units {
  private phase: Phase = 'ended';
  private pts90k = -1;
  private arrivedMs = 0;
  private hasSlice = false;
  private isKey = false;
  private keyFirstByte = 0;
  /** All slices so far belong to a picture that no other refers to. */
  private isDisposable = true;
  private isWriting = false;
  /** Role of the NAL unit that comes in fragments. */
  private fragmentRole: NalRole = NalRole.omitted;
  private isFragmenting = false;
  private waitsForKey = true;
  private skipsLeading = false;
  /** Parameter sets changed since the format was told. */
  private isFormatDue = true;
  private temporalLayers = 1;
  /** Some cameras set the marker on every slice or packet: then only a new timestamp ends a unit, one picture later. */
  private isMarkerHonest = true;

  // Read for every packet and picture. An object literal with functions in it has a shape of its own for each camera, and
  // reading it a lookup in a table; fields of a class have one shape.
  private readonly syntax: NalSyntax;
  private readonly assembly: Assembly;
  private readonly stats: ReceiverStats;
  private readonly onAccessUnit: UnitSink['onAccessUnit'];

  constructor(private readonly sink: UnitSink) {
    this.syntax = sink.syntax;
    this.assembly = sink.assembly;
    this.stats = sink.stats;
    this.onAccessUnit = (info) => sink.onAccessUnit(info);
  }

  /** Nothing can be handed on before a key picture. */
  get isWaiting(): boolean {
    return this.waitsForKey;
  }

  /** A packet of `pts90k` begins. `isAfterLoss`: packets before it never came. */
  packet(pts90k: number, arrivedMs: number, isAfterLoss: boolean): void {
    if (isAfterLoss) this.countLoss(pts90k);
    if (pts90k !== this.pts90k) {
      if (this.isFragmenting) this.damage();
      this.finish();
      this.begin(pts90k);
    }
    // Datagrams that were put back into order did not arrive in it: a unit is there with the last of them.
    this.arrivedMs = Math.max(this.arrivedMs, arrivedMs);
  }

  /** A whole NAL unit, header included. */
  nal(buffer: Buffer, from: number, to: number): void {
    const { syntax } = this;
    if (this.isFragmenting) this.damage();
    if (to - from <= syntax.headerBytes) return this.malformed();
    const first = buffer[from]!;
    const second = syntax.headerBytes === 2 ? buffer[from + 1]! : 0;
    const role = syntax.role(first, second);
    if (role === NalRole.parameterSet) return this.offer(buffer, from, to);
    if (!this.admits(role, first, second, buffer[from + syntax.headerBytes]!)) return;
    const { assembly } = this;
    if (assembly.beginNal() && assembly.append(buffer, from, to)) assembly.endNal();
    else this.overflow();
  }

  /** The first fragment of a NAL unit: its header as it was before it was cut up, and what follows the header. */
  fragmentStart(first: number, second: number, buffer: Buffer, from: number, to: number): void {
    if (this.isFragmenting) this.damage();
    if (from >= to) return this.malformed();
    const { syntax, assembly } = this;
    this.fragmentRole = syntax.role(first, second);
    const isSet = this.fragmentRole === NalRole.parameterSet;
    this.isWriting = isSet || this.admits(this.fragmentRole, first, second, buffer[from]!);
    this.isFragmenting = true;
    if (!this.isWriting) return;
    const hasRoom =
      assembly.beginNal() && assembly.appendByte(first) && (syntax.headerBytes === 1 || assembly.appendByte(second));
    if (!hasRoom) return this.overflow();
    this.fragment(buffer, from, to);
  }

  fragment(buffer: Buffer, from: number, to: number): void {
    if (!this.isFragmenting) return this.orphan();
    if (this.isWriting && !this.assembly.append(buffer, from, to)) this.overflow();
  }

  fragmentEnd(): void {
    if (!this.isFragmenting) return;
    this.isFragmenting = false;
    if (!this.isWriting) return;
    this.isWriting = false;
    const { assembly } = this;
    if (this.fragmentRole !== NalRole.parameterSet) return assembly.endNal();
    const { buffer, nalFrom, writeAt } = assembly;
    assembly.dropNal();
    this.offer(buffer, nalFrom, writeAt);
  }

  /** Something that the payload format does not allow: what it belongs to cannot be trusted. */
  malformed(): void {
    this.stats.malformedPayloads++;
    this.damage();
  }

  /** The RTP marker: the last packet of an access unit (RFC 6184 §5.1, RFC 7798 §4.1). */
  marker(): void {
    if (this.isFragmenting) {
      this.isMarkerHonest = false;
      return;
    }
    if (!this.isMarkerHonest) return;
    if (this.phase === 'open') {
      // On a parameter set or SEI of its own the marker ends nothing.
      if (!this.hasSlice) return;
      this.finish();
    }
    this.phase = 'ended';
  }

  /** The source began again: whatever was under way is not going to be completed. */
  restart(): void {
    if (this.phase === 'open' && this.hasSlice) this.damage();
    this.assembly.dropUnit();
    this.isFragmenting = false;
    this.isWriting = false;
    this.waitsForKey = true;
    this.phase = 'lost';
  }

  /** A fragment whose beginning did not come. */
  private orphan(): void {
    if (this.phase !== 'lost') this.damage();
  }

  /** Packets are missing between the last one and one of `pts90k`. */
  private countLoss(pts90k: number): void {
    if (pts90k === this.pts90k && this.phase === 'open') return this.damage();
    // The tail of the unit before, whole units, or the head of the next one: any of them may be a reference.
    if (this.phase === 'open' || this.isFragmenting) this.damage();
    this.waitsForKey = true;
    if (pts90k === this.pts90k) this.phase = 'lost';
  }

  private begin(pts90k: number): void {
    this.pts90k = pts90k;
    this.phase = 'open';
    this.hasSlice = false;
    this.isKey = false;
    this.isDisposable = true;
  }

  /** Whether a NAL unit is to be written. `next`: its first byte behind the header. */
  private admits(role: NalRole, first: number, second: number, next: number): boolean {
    if (role === NalRole.invalid) {
      this.malformed();
      return false;
    }
    if (role === NalRole.omitted || this.phase === 'lost') return false;
    const isReopened = this.phase === 'ended';
    if (role === NalRole.carried) {
      if (isReopened) this.begin(this.pts90k);
      return true;
    }
    return this.admitsSlice(role, first, second, next >= 0x80, isReopened);
  }

  /** `isFirst`: first_mb_in_slice is 0 (H.264 §7.3.3), first_slice_segment_in_pic_flag is 1 (H.265 §7.3.6.1). */
  private admitsSlice(role: NalRole, first: number, second: number, isFirst: boolean, isReopened: boolean): boolean {
    if (isReopened && !isFirst) {
      this.isMarkerHonest = false;
      this.damage();
      return false;
    }
    if (isReopened) this.begin(this.pts90k);
    if (!this.hasSlice && !this.opensPicture(role, first, isFirst)) return false;
    this.hasSlice = true;
    this.isDisposable &&= this.syntax.isDisposable(first, second, this.temporalLayers);
    return true;
  }

  private opensPicture(role: NalRole, first: number, isFirst: boolean): boolean {
    if (!isFirst) {
      this.loseHead();
      return false;
    }
    this.isKey = role === NalRole.keySlice;
    if (this.isKey) {
      this.keyFirstByte = first;
      return true;
    }
    // New parameter sets take effect at a key picture; one that is none was cut from the key picture they came with.
    if (this.isFormatDue) this.waitsForKey = true;
    if (!this.waitsForKey && !(this.skipsLeading && this.syntax.isSkippedLeading(first))) return true;
    this.stats.unitsBeforeKey++;
    this.lose();
    return false;
  }

  /**
   * A parameter set. There are cameras that put a whole byte stream (H.264 annex B: SPS, start code, PPS, start code, IDR
   * slice) into one NAL unit; emulation prevention keeps start codes out of all others. What they lead to is moved to
   * lower places when `source` is the assembly itself, so nothing unread is written over.
   */
  private offer(source: Buffer, from: number, to: number): void {
    const { syntax } = this;
    for (let at = from, count = 0; to - at > syntax.headerBytes && count < MAX_PACKED_NALS; count++) {
      const role = syntax.role(source[at]!, source[at + 1]!);
      const isSlice = role === NalRole.slice || role === NalRole.keySlice;
      const cut = isSlice ? -1 : startCodeWithin(source, at, Math.min(to, at + MAX_PARAMETER_SET_BYTES));
      const end = cut < 0 ? to : cut;
      if (role === NalRole.parameterSet) this.keepSet(source, at, end);
      else this.nal(source, at, end);
      at = cut < 0 ? to : source.indexOf(1, cut) + 1;
    }
  }

  private keepSet(source: Buffer, from: number, to: number): void {
    const verdict = this.sink.sets.offer(source, from, to);
    if (verdict === 'changed') this.isFormatDue = true;
    else if (verdict === 'refused') this.stats.refusedParameterSets++;
  }

  private finish(): void {
    if (this.phase !== 'open') return;
    if (!this.hasSlice) return this.assembly.dropUnit();
    if (this.isKey && !this.settlesFormat()) return this.lose();
    this.handOn();
  }

  private handOn(): void {
    const { assembly, stats } = this;
    const bytes = assembly.unitBytes;
    if (this.isKey) {
      this.waitsForKey = false;
      stats.keyUnits++;
    }
    stats.units++;
    assembly.commitUnit();
    this.onAccessUnit({ pts90k: this.pts90k, isKey: this.isKey, arrivedMs: this.arrivedMs, bytes });
  }

  /** Before a key unit is handed on. `false`: nothing is known that a player could decode it with. */
  private settlesFormat(): boolean {
    const begins = this.waitsForKey || this.isFormatDue;
    if (this.isFormatDue) {
      const format = this.sink.sets.format();
      if (!format) {
        this.stats.unitsWithoutFormat++;
        this.waitsForKey = true;
        return false;
      }
      this.isFormatDue = false;
      this.temporalLayers = format.codec === 'h265' ? format.temporalLayers : 1;
      this.stats.formatChanges++;
      this.sink.onFormat(format);
    }
    this.skipsLeading = this.syntax.skipsLeading(this.keyFirstByte, begins);
    return true;
  }

  /** The unit under way has a hole. Others need it, unless it is known to be one that none refers to. */
  private damage(): void {
    if (this.phase !== 'lost') this.stats.damagedUnits++;
    if (!(this.hasSlice && this.isDisposable)) this.waitsForKey = true;
    this.isFragmenting = false;
    this.lose();
  }

  /** A picture whose beginning never came: damage, or a stream that was joined in the middle of a picture. */
  private loseHead(): void {
    if (!this.waitsForKey) return this.damage();
    this.stats.unitsBeforeKey++;
    this.lose();
  }

  private overflow(): void {
    this.stats.oversizeUnits++;
    this.waitsForKey = true;
    this.lose();
  }

  /** Throws away what was written of this unit, and what still comes of it. */
  private lose(): void {
    this.assembly.dropUnit();
    this.isWriting = false;
    this.phase = 'lost';
  }
}

/** Place of a start code, or -1. A zero before it belongs to it (zero_byte, H.264 §B.1.1). */
function startCodeWithin(source: Buffer, from: number, to: number): number {
  const found = source.subarray(from, to).indexOf(START_CODE);
  if (found < 0) return -1;
  return found > 0 && source[from + found - 1] === 0 ? from + found - 1 : from + found;
}
