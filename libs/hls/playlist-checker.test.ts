import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { FakeClock } from '#libs/base';
import { Assembly, type H264Format } from '#libs/codec';
import { BlockPool } from './media-memory.ts';
import { Packager } from './packager.ts';
import { OwedSegments } from './owed-segments.ts';
import { PlaylistChecker } from './playlist-checker.ts';
import { readPlaylist, type ReadPlaylist } from './playlist-reader.ts';
import { lowLatencyPlaylist } from './playlist.ts';
import { DEFAULT_WINDOW, SegmentWindow } from './segment-window.ts';

const FORMAT: H264Format = {
  codec: 'h264',
  widthPx: 640,
  heightPx: 360,
  codecString: 'avc1.42C01E',
  sampleAspect: undefined,
  framesPerSecond: undefined,
  reorderFrames: 0,
  chromaFormatIdc: 1,
  bitDepthLuma: 8,
  bitDepthChroma: 8,
  sps: [Buffer.from('67', 'hex')],
  pps: [Buffer.from('68', 'hex')],
  profileIdc: 66,
  constraintFlags: 0xc0,
  levelIdc: 30,
};

/** A camera whose frames come as told, its playlist read by the checker after each part. */
class Town {
  readonly clock = new FakeClock(Date.UTC(2026, 0, 1, 12));
  readonly assembly = new Assembly(256, 1_000_000);
  readonly window: SegmentWindow;
  readonly packager: Packager;
  readonly checker = new PlaylistChecker();
  readonly owed = new OwedSegments();
  private readonly seen = new Set<string>();
  private pts = 1_000_000;
  private known: ReadPlaylist | undefined;
  deltas = 0;
  owedSeen = 0;

  constructor(minSeconds = 0) {
    const rule = { ...DEFAULT_WINDOW, minSeconds, maxSegments: 60 };
    this.window = new SegmentWindow(100, new BlockPool(4_096), this.clock, rule);
    this.packager = new Packager({ assembly: this.assembly, window: this.window, clock: this.clock });
    this.packager.useFormat(FORMAT);
  }

  async frame(isKey: boolean, intervalMs: number, bytes = 30): Promise<void> {
    this.assembly.beginNal();
    this.assembly.append(Buffer.alloc(bytes, this.pts & 0xff), 0, bytes);
    this.assembly.endNal();
    const size = this.assembly.unitBytes;
    this.assembly.commitUnit();
    const had = this.partCount();
    this.packager.addUnit({ pts90k: this.pts, isKey, arrivedMs: this.clock.monotonicMs(), bytes: size });
    this.pts += Math.round(intervalMs * 90);
    await this.clock.advance(intervalMs);
    if (this.partCount() !== had) this.look();
  }

  async gop(frames: number, intervalMs: number): Promise<void> {
    for (let index = 0; index < frames; index++) await this.frame(index === 0, intervalMs);
  }

  private partCount(): string {
    return `${this.window.lastClosed} ${this.window.open?.parts.length}`;
  }

  private look(): void {
    if (!this.window.beginsWithParts()) return;
    const full = lowLatencyPlaylist(this.window, 'ticket=t');
    const delta = lowLatencyPlaylist(this.window, 'ticket=t', { skips: true });
    if (delta !== full && this.known) {
      this.deltas++;
      this.checker.compare(this.known, full, delta);
    }
    const now = this.checker.see(full)!;
    for (const segment of [...now.segments, ...(now.open ? [now.open] : [])]) {
      for (const [index, part] of segment.parts.entries()) {
        if (this.isNew(part.uri)) this.checker.fetchedPart(part, this.bytesOf(segment.sequence, index));
      }
      if (segment.uri !== undefined && this.isNew(segment.uri)) {
        this.checker.fetchedSegment(segment, this.bytesOf(segment.sequence));
      }
    }
    this.known = now;
    this.owed.saw(now, this.clock.monotonicMs());
    for (const sequence of this.owed.owedAt(this.clock.monotonicMs())) {
      this.owedSeen++;
      if (!this.window.find(sequence)) this.checker.missing(String(sequence), 'it left the list and is still owed');
    }
  }

  private isNew(uri: string): boolean {
    return this.seen.size < this.seen.add(uri).size;
  }

  private bytesOf(sequence: number, part?: number): Buffer {
    const parts = this.window.findOpen(sequence)!.parts;
    return Buffer.concat((part === undefined ? parts : [parts[part]!]).flatMap((each) => each.chunks));
  }
}

describe('what the window lists, held to the rules of the specification', () => {
  it.each([
    [25, 25, 0.21],
    [50, 25, 0.21],
    [30, 15, 0.21],
    [60, 30, 0.21],
    [24, 12, 0.175],
    [16, 8, 0.132],
    [20, 10, 0.21],
    [2, 1, 1.05],
    [240, 120, 0.21],
  ])('%i frames from key to key at %i a second: parts of %s s', async (gop, rate, partTargetS) => {
    const town = new Town();
    for (let count = 0; count < 14; count++) await town.gop(gop, 1_000 / rate);
    expect(town.checker.violations).toEqual([]);
    expect(town.checker.playlists).toBeGreaterThan(20);
    expect(town.owedSeen).toBeGreaterThan(0);
    expect(town.checker.latest?.partTargetS).toBe(partTargetS);
  });

  it('holds for cameras of any rate, group length and small unsteadiness, with breaks, over delta updates (60 runs)', async () => {
    const camera = fc.record({
      rate: fc.integer({ min: 5, max: 60 }),
      gopS: fc.integer({ min: 1, max: 4 }),
      jitterMs: fc.array(fc.double({ min: -2, max: 2, noNaN: true }), { minLength: 7, maxLength: 7 }),
      breaks: fc.array(fc.integer({ min: 3, max: 24 }), { maxLength: 2 }),
    });
    let deltas = 0;
    let owed = 0;
    await fc.assert(
      fc.asyncProperty(camera, async ({ rate, gopS, jitterMs, breaks }) => {
        const town = new Town(30);
        const gop = rate * gopS;
        for (let count = 0; count < 28 / gopS + 3; count++) {
          if (breaks.includes(count)) town.packager.breakTimeline();
          for (let index = 0; index < gop; index++) {
            await town.frame(index === 0, 1_000 / rate + jitterMs[index % 7]! / 2);
          }
        }
        deltas += town.deltas;
        expect(town.checker.violations).toEqual([]);
        owed += town.owedSeen;
      }),
      { numRuns: 60 },
    );
    expect(deltas).toBeGreaterThan(100);
    expect(owed).toBeGreaterThan(100);
  }, 120_000);

  it('cuts a group that is longer than was promised, and begins with key frames again as soon as one comes', async () => {
    const town = new Town();
    for (let count = 0; count < 6; count++) await town.gop(25, 40);
    await town.gop(100, 40);
    for (let count = 0; count < 3; count++) await town.gop(25, 40);
    expect(town.checker.violations).toEqual([]);
    const lengths = town.window.listed.map((segment) => segment.durationTicks / 90_000);
    expect(lengths.slice(-4)).toEqual([2.24, 1.76, 1, 1]);
    expect(town.window.listed.slice(-4).map((segment) => segment.parts[0]!.isIndependent)).toEqual([
      true,
      false,
      true,
      true,
    ]);
    expect(town.packager.droppedUnits).toBe(0);
  });

  it('breaks rather than list a frame that stands still for longer than was promised, and loses none', async () => {
    const town = new Town();
    for (let count = 0; count < 6; count++) await town.gop(25, 40);
    await town.gop(50, 40);
    await town.frame(true, 2_600);
    for (let count = 0; count < 4; count++) await town.gop(25, 40);
    expect(town.checker.violations).toEqual([]);
    expect(town.window.listed.filter((segment) => segment.isDiscontinuous)).toHaveLength(1);
    expect(town.packager.droppedUnits).toBe(0);
  });

  it('recalls a cut group as a whole', async () => {
    const town = new Town();
    for (let count = 0; count < 4; count++) await town.gop(25, 40);
    await town.gop(110, 40);
    const units = town.packager.recall(100_000);
    expect(units).toHaveLength(110);
    expect(units.map(({ info }) => info.isKey)).toEqual(units.map((_, index) => index === 0));
    expect(town.packager.recall(3_000)).toEqual([]);
  });

  it('lists parts before the first segment of a camera whose key frames are far apart is closed', async () => {
    const town = new Town();
    await town.gop(60, 40);
    expect(town.window.listed).toHaveLength(0);
    const playlist = town.checker.latest!;
    expect(playlist.open?.parts[0]?.isIndependent).toBe(true);
    expect(playlist.open?.parts.length).toBeGreaterThanOrEqual(10);
    expect(playlist.targetS).toBe(4);
    await town.gop(60, 40);
    expect(town.checker.violations).toEqual([]);
  });

  it('says which parts have a key frame inside, not only in front', async () => {
    const town = new Town();
    for (let count = 0; count < 40; count++) await town.gop(7, 40);
    expect(town.checker.violations).toEqual([]);
    const [segment] = town.window.listed;
    expect(segment!.parts.filter((part) => part.isIndependent).length).toBeGreaterThan(2);
  });
});

describe('PlaylistChecker', () => {
  const good = async (): Promise<string> => {
    const town = new Town();
    for (let count = 0; count < 7; count++) await town.gop(25, 40);
    return lowLatencyPlaylist(town.window, '');
  };
  const rulesOf = (...texts: string[]): string[] => {
    const checker = new PlaylistChecker();
    for (const text of texts) checker.see(text);
    return [...checker.counts.keys()];
  };

  it('finds nothing wrong with the same list twice', async () => {
    const text = await good();
    expect(rulesOf(text, text)).toEqual([]);
  });

  it.each([
    ['unreadable', (text: string) => text.replace('#EXTM3U\n', '')],
    ['segment-too-long', (text: string) => text.replace(/EXTINF:1\.0+,/, 'EXTINF:2.60000,')],
    ['parts-not-whole', (text: string) => text.replace(/EXTINF:1\.0+,(?=\nseg-105)/, 'EXTINF:0.90000,')],
    ['map-missing', (text: string) => text.replace(/#EXT-X-MAP.*\n/, '')],
    ['part-too-long', (text: string) => text.replace('DURATION=0.20000', 'DURATION=0.22000')],
    ['part-too-short', (text: string) => text.replace(/DURATION=0.20000(,URI="[^"]*")\n/, 'DURATION=0.17000$1\n')],
    ['part-hold-back', (text: string) => text.replace('PART-HOLD-BACK=0.630', 'PART-HOLD-BACK=0.500')],
    ['hold-back', (text: string) => text.replace(',HOLD-BACK=6', ',HOLD-BACK=5')],
    ['can-skip-until', (text: string) => text.replace('CAN-SKIP-UNTIL=12', 'CAN-SKIP-UNTIL=11')],
    ['block-reload-missing', (text: string) => text.replace('CAN-BLOCK-RELOAD=YES,', '')],
    ['part-inf-missing', (text: string) => text.replace(/#EXT-X-PART-INF.*\n/, '')],
    ['parts-unlisted', (text: string) => text.replace(/#EXT-X-PART:.*\n/g, '')],
    ['date-missing', (text: string) => text.replace(/#EXT-X-PROGRAM-DATE-TIME.*\n/, '')],
    ['date-step', (text: string) => text.replace(/T12:00:04\.\d+Z/, 'T12:00:05.000Z')],
    [
      'segment-dependent',
      (text: string) =>
        text
          .replace('#EXT-X-MEDIA-SEQ', '#EXT-X-INDEPENDENT-SEGMENTS\n#EXT-X-MEDIA-SEQ')
          .replace(',INDEPENDENT=YES', ''),
    ],
  ])('%s', async (rule, spoil) => {
    const text = await good();
    const spoilt = spoil(text);
    expect(spoilt).not.toBe(text);
    expect(rulesOf(spoilt)).toContain(rule);
  });

  it.each([
    ['target-changed', (text: string) => text.replace('TARGETDURATION:2', 'TARGETDURATION:3')],
    ['part-target-changed', (text: string) => text.replace('PART-TARGET=0.210', 'PART-TARGET=0.209')],
    ['version-changed', (text: string) => text.replace('VERSION:9', 'VERSION:10')],
    ['control-changed', (text: string) => text.replace('CAN-SKIP-UNTIL=12', 'CAN-SKIP-UNTIL=13')],
    ['sequence-back', (text: string) => text.replace(/MEDIA-SEQUENCE:\d+/, 'MEDIA-SEQUENCE:1')],
    ['discontinuity-back', (text: string) => text.replace(/DISCONTINUITY-SEQUENCE:\d+/, 'DISCONTINUITY-SEQUENCE:1')],
    ['discontinuity-count', (text: string) => text.replace(/DISCONTINUITY-SEQUENCE:\d+/, 'DISCONTINUITY-SEQUENCE:999')],
    ['segment-changed', (text: string) => text.replace(/seg-104/, 'seg-x104')],
    ['part-changed', (text: string) => text.replace(/part-104-2/, 'part-104-x')],
    ['address-reused', (text: string) => text.replace(/seg-104/, 'seg-103')],
    ['part-lost', (text: string) => text.replace(/#EXT-X-PART:[^\n]*part-104-4.*\n/, '')],
  ])('%s from one list to the next', async (rule, spoil) => {
    const text = await good();
    const spoilt = spoil(text);
    expect(spoilt).not.toBe(text);
    expect(rulesOf(text, spoilt)).toContain(rule);
  });

  it('notices other bytes, wrong marks and parts that are not their segment', async () => {
    const town = new Town();
    for (let count = 0; count < 3; count++) await town.gop(25, 40);
    const segment = readPlaylist(lowLatencyPlaylist(town.window, '')).segments[0]!;
    const bytes = town.window.find(segment.sequence)!.parts.map((part) => Buffer.concat(part.chunks));
    const checker = new PlaylistChecker();
    checker.fetchedPart({ ...segment.parts[0]!, isIndependent: false }, bytes[0]!);
    for (const [index, part] of segment.parts.entries()) checker.fetchedPart(part, bytes[index]!);
    checker.fetchedPart({ ...segment.parts[1]!, durationS: 0.19 }, bytes[1]!);
    checker.fetched(segment.parts[2]!.uri, Buffer.from('other'));
    checker.fetchedPart({ ...segment.parts[3]!, uri: 'p' }, Buffer.from('no fragment at all'));
    checker.fetchedSegment(segment, Buffer.concat(bytes.slice(1)));
    checker.missing('seg-1.m4s', 'answered 404');
    expect([...checker.counts.keys()]).toEqual([
      'part-independent',
      'part-duration',
      'media-changed',
      'part-unreadable',
      'parts-differ',
      'listed-missing',
    ]);
  });

  it('notices a part that is not the one that was hinted at', async () => {
    const town = new Town();
    for (let count = 0; count < 4; count++) await town.gop(25, 40);
    const text = lowLatencyPlaylist(town.window, '');
    await town.gop(6, 40);
    const next = lowLatencyPlaylist(town.window, '');
    expect(rulesOf(text, next)).toEqual([]);
    expect(rulesOf(text.replace(/(PRELOAD-HINT:.*URI=")/, '$1x'), next)).toEqual(['hint-broken']);
  });

  it('notices a delta update that says something else, or skips what is too near the end', async () => {
    const town = new Town(30);
    for (let count = 0; count < 20; count++) await town.gop(25, 40);
    const full = lowLatencyPlaylist(town.window, '');
    const delta = lowLatencyPlaylist(town.window, '', { skips: true });
    expect(delta).toContain('#EXT-X-SKIP:SKIPPED-SEGMENTS=7');
    const checker = new PlaylistChecker();
    const before = checker.see(full)!;
    checker.compare(before, full, delta);
    checker.seeDelta(delta);
    expect(checker.violations).toEqual([]);
    checker.compare(before, full, delta.replace(/EXTINF:1\.0+,/, 'EXTINF:0.99000,'));
    checker.seeDelta(delta.replace('CAN-SKIP-UNTIL=12', 'CAN-SKIP-UNTIL=60'));
    checker.seeDelta(delta.replace('SEGMENTS=7', 'SEGMENTS=8'));
    expect([...checker.counts.keys()]).toEqual(expect.arrayContaining(['delta-differs', 'skip-boundary']));
  });
});
