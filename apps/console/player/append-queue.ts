import type { TileFrame } from '#libs/tiles';

type Init = Extract<TileFrame, { readonly kind: 'init' }>;
export type Fragment = Extract<TileFrame, { readonly kind: 'fragment' }>;

/** What is to be appended next, at once. */
export type Batch =
  | { readonly kind: 'init'; readonly mimeType: string; readonly bytes: Uint8Array<ArrayBuffer> }
  /** Fragments that continue each other; the first one may break with what was before. */
  | { readonly kind: 'fragments'; readonly fragments: readonly Fragment[]; readonly bytes: Uint8Array<ArrayBuffer> };

const MAX_BYTES = 8 * 1024 * 1024;
const MAX_FRAGMENTS = 300;

/**
 * What came and is not appended yet: a browser appends one thing at a time. Bounded: a browser that does not keep up loses
 * everything up to a key frame, as on the relay's side of the socket.
 */
export class AppendQueue {
  private items: (Init | Fragment)[] = [];
  private heldBytes = 0;
  private needsKey = true;
  private isBroken = true;
  /** Fragments that were not appended because the browser was slow. */
  droppedFragments = 0;

  get isEmpty(): boolean {
    return this.items.length === 0;
  }

  push(frame: Init | Fragment): void {
    if (frame.kind === 'init') return this.pushInit(frame);
    if (this.items.length >= MAX_FRAGMENTS || this.heldBytes + frame.fragment.length > MAX_BYTES) this.overflow();
    if (this.needsKey && !frame.isKey) {
      this.droppedFragments++;
      return;
    }
    this.needsKey = false;
    this.heldBytes += frame.fragment.length;
    this.items.push(this.isBroken ? { ...frame, isDiscontinuity: true } : frame);
    this.isBroken = false;
  }

  /** What is to be appended next; `undefined` when there is nothing. */
  take(): Batch | undefined {
    const [first] = this.items;
    if (!first) return undefined;
    const last = this.items.at(-1)!;
    // Of a run that a tile starts with only the end is of now: it is appended as one, and played from there.
    if (last.kind === 'fragment' && last.hasMore) return undefined;
    if (first.kind === 'init') {
      this.items.shift();
      return { kind: 'init', mimeType: first.mimeType, bytes: first.segment };
    }
    const end = this.items.findIndex((item, at) => at > 0 && (item.kind === 'init' || item.isDiscontinuity));
    const fragments = this.items.splice(0, end < 0 ? this.items.length : end) as Fragment[];
    const bytes = joined(fragments);
    this.heldBytes -= bytes.length;
    return { kind: 'fragments', fragments, bytes };
  }

  /** Forgets what is held; goes on at a key frame. */
  restart(): void {
    this.overflow();
  }

  private pushInit(init: Init): void {
    this.items.push(init);
    this.needsKey = true;
    this.isBroken = true;
  }

  /** The newest init stays: what comes needs it. */
  private overflow(): void {
    const init = this.items.findLast((item) => item.kind === 'init');
    this.droppedFragments += this.items.filter((item) => item.kind === 'fragment').length;
    this.items = init ? [init] : [];
    this.heldBytes = 0;
    this.needsKey = true;
    this.isBroken = true;
  }
}

function joined(fragments: readonly Fragment[]): Uint8Array<ArrayBuffer> {
  if (fragments.length === 1) return fragments[0]!.fragment;
  const bytes = new Uint8Array(fragments.reduce((sum, { fragment }) => sum + fragment.length, 0));
  let at = 0;
  for (const { fragment } of fragments) {
    bytes.set(fragment, at);
    at += fragment.length;
  }
  return bytes;
}
