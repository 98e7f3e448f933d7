import { REPLAY_CAPS, type ReplayPageView, type ReplayTracksView } from '#libs/wire';
import { holds } from './page-moment.ts';
import type { Span } from './playhead.ts';

/** How pages and pieces are fetched; what is refused rejects. */
export interface TapeSource {
  page(query: { readonly atMs: number } | { readonly after: number }): Promise<ReplayPageView>;
  piece(atMs: number): Promise<ReplayTracksView>;
}

/** Pages and pieces that are kept; those used longest ago are forgotten first. A day of a busy centre is some 30 pages. */
const MAX_PAGES = 60;
const MAX_PIECES = 60;
/** What is near the end of a page is asked for before it is needed. */
const AHEAD_SHARE = 0.6;

/**
 * What was fetched of a replay. One request for a page and one for a piece of tracks are under way at a time; while
 * somebody drags along the axis only the last moment asked for is fetched next.
 */
export class ReplayTape {
  private readonly pages = new Map<number, ReplayPageView>();
  private readonly pieces = new Map<number, ReplayTracksView>();
  private readonly listeners = new Set<() => void>();
  private fetchingPage = false;
  private fetchingPiece = false;
  private wantedMs: number | undefined;
  private version = 0;
  /** The last refusal; a later answer clears it. */
  failure: unknown = null;

  constructor(
    private readonly source: TapeSource,
    private readonly span: Span,
  ) {}

  readonly subscribe = (listener: () => void): (() => void) => {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  };
  readonly getVersion = (): number => this.version;

  pageAt(atMs: number): ReplayPageView | undefined {
    return [...this.pages.values()].find((page) => holds(page, atMs));
  }

  /** The page with a moment and those right before it, as far as they are here, in order. */
  pagesUpTo(atMs: number): ReplayPageView[] {
    const found: ReplayPageView[] = [];
    for (let page = this.pageAt(atMs); page; page = this.pages.get(page.previousAfter ?? -1)) found.unshift(page);
    return found;
  }

  /** The piece with a moment and the one before it, as far as they are here: a trail reaches back. */
  piecesAt(atMs: number): ReplayTracksView[] {
    const start = pieceOf(atMs);
    return [start - REPLAY_CAPS.trackPieceMs, start].flatMap((one) => this.pieces.get(one) ?? []);
  }

  /** Fetches what a moment needs and is not here, and a little ahead. */
  want(atMs: number): void {
    this.wantedMs = atMs;
    void this.fetchPages();
    void this.fetchPieces();
  }

  /** The page at a moment, fetched when it is not here: for steps to an entry beyond. */
  async load(query: { readonly after: number }): Promise<ReplayPageView> {
    return this.pages.get(query.after) ?? this.keepPage(await this.source.page(query));
  }

  private async fetchPages(): Promise<void> {
    if (this.fetchingPage) return;
    this.fetchingPage = true;
    try {
      for (let next = this.nextPage(); next !== undefined; next = this.nextPage())
        this.keepPage(await this.source.page(next));
    } catch (thrown) {
      this.fail(thrown);
    } finally {
      this.fetchingPage = false;
    }
  }

  private nextPage(): Parameters<TapeSource['page']>[0] | undefined {
    const atMs = this.wantedMs;
    if (atMs === undefined) return undefined;
    const page = this.pageAt(atMs);
    if (!page) return { atMs };
    const { nextAfter, previousAfter, fromMs, untilMs } = page;
    const late = (atMs - fromMs) / Math.max(1, untilMs - fromMs) > AHEAD_SHARE;
    if (late && nextAfter !== null && !this.pages.has(nextAfter)) return { after: nextAfter };
    return previousAfter !== null && !this.pages.has(previousAfter) ? { after: previousAfter } : undefined;
  }

  private async fetchPieces(): Promise<void> {
    if (this.fetchingPiece) return;
    this.fetchingPiece = true;
    try {
      for (let next = this.nextPiece(); next !== undefined; next = this.nextPiece()) {
        const piece = await this.source.piece(Math.max(next, this.span.fromMs));
        keep(this.pieces, next, piece, MAX_PIECES);
        this.tell();
      }
    } catch (thrown) {
      this.fail(thrown);
    } finally {
      this.fetchingPiece = false;
    }
  }

  private nextPiece(): number | undefined {
    if (this.wantedMs === undefined) return undefined;
    const start = pieceOf(this.wantedMs);
    const wanted = [start, start - REPLAY_CAPS.trackPieceMs, start + REPLAY_CAPS.trackPieceMs];
    return wanted.find(
      (one) => one + REPLAY_CAPS.trackPieceMs > this.span.fromMs && one < this.span.toMs && !this.pieces.has(one),
    );
  }

  private keepPage(page: ReplayPageView): ReplayPageView {
    keep(this.pages, page.after, page, MAX_PAGES);
    this.failure = null;
    this.tell();
    return page;
  }

  private fail(thrown: unknown): void {
    this.failure = thrown;
    this.tell();
  }

  private tell(): void {
    this.version++;
    for (const listener of this.listeners) listener();
  }
}

/** Pieces begin at whole multiples of their length. */
function pieceOf(atMs: number): number {
  return Math.floor(atMs / REPLAY_CAPS.trackPieceMs) * REPLAY_CAPS.trackPieceMs;
}

function keep<T>(kept: Map<number, T>, key: number, value: T, max: number): void {
  kept.delete(key);
  kept.set(key, value);
  if (kept.size > max) kept.delete(kept.keys().next().value!);
}
