import type { Clock, Timer } from '#libs/base';
import type { Line, LineEvents } from './line.ts';

/** One picture a second. */
const PERIOD_MS = 1_000;
/** The relay may have to wait for a key picture of a stream on demand. */
const PATIENCE_MS = 10_000;
/** So many refusals or silences in a row, and the line is over. */
const MAX_FAILURES = 3;
/** Widths that the relay makes; a wall of tiles gets along with the third. */
const WIDTHS_PX = [160, 320, 640, 1280];
const AGE_HEADER = 'Atalaya-Picture-Age-Ms';

export type Still =
  | { readonly kind: 'picture'; readonly image: ImageBitmap; readonly ageMs: number }
  | { readonly kind: 'refused'; readonly code: string; readonly status: number };

/** The smallest width that fills `widthPx` of the screen, or the largest there is. */
export function stillWidthFor(widthPx: number): number {
  return WIDTHS_PX.find((width) => width >= widthPx) ?? WIDTHS_PX.at(-1)!;
}

/**
 * One picture of the relay. Refused with `video-network` when it does not answer.
 * @param snapshotUrl with its ticket
 */
export async function fetchStill(snapshotUrl: string, widthPx: number, signal?: AbortSignal): Promise<Still> {
  const limit = AbortSignal.timeout(PATIENCE_MS);
  try {
    const response = await fetch(`${snapshotUrl}&width=${widthPx}`, {
      signal: signal ? AbortSignal.any([signal, limit]) : limit,
      cache: 'no-store',
    });
    if (!response.ok) return { kind: 'refused', code: await codeIn(response), status: response.status };
    const ageMs = Number(response.headers.get(AGE_HEADER) ?? Number.NaN);
    if (!(ageMs >= 0)) return SILENT;
    return { kind: 'picture', image: await createImageBitmap(await response.blob()), ageMs };
  } catch {
    return SILENT;
  }
}

const SILENT: Still = { kind: 'refused', code: 'video-network', status: 0 };

async function codeIn(response: Response): Promise<string> {
  const body = (await response.json().catch(() => null)) as { code?: unknown } | null;
  return typeof body?.code === 'string' && /^[a-z0-9-]{1,60}$/.test(body.code) ? body.code : 'video-network';
}

/** Draws a picture at its own size; the element is scaled by its style. */
export function drawStill(canvas: HTMLCanvasElement, image: ImageBitmap): void {
  canvas.width = image.width;
  canvas.height = image.height;
  canvas.getContext('2d')?.drawImage(image, 0, 0);
  image.close();
}

/** The lowest rung: one picture a second, for as long as anything at all comes through. */
export class SnapshotLine implements Line {
  readonly kind = 'snapshots';
  waitingFor: string | undefined;
  private readonly over = new AbortController();
  private pending: Timer | undefined;
  private failures = 0;
  private isHidden = false;
  private isAsking = false;

  /** @param snapshotUrl asked at each picture, so that a renewed ticket is used at once */
  constructor(
    private readonly canvas: HTMLCanvasElement,
    private readonly snapshotUrl: () => string,
    private readonly clock: Clock,
    private readonly events: LineEvents,
  ) {
    void this.ask();
  }

  displayedAtMs(): null {
    return null;
  }

  setHidden(isHidden: boolean): void {
    this.isHidden = isHidden;
    if (!isHidden) void this.ask();
  }

  destroy(): void {
    this.over.abort();
    this.pending?.cancel();
  }

  private async ask(): Promise<void> {
    if (this.isAsking || this.isHidden || this.over.signal.aborted) return;
    this.pending?.cancel();
    this.isAsking = true;
    const beganMs = this.clock.monotonicMs();
    const widthPx = stillWidthFor(this.canvas.clientWidth * window.devicePixelRatio);
    const still = await fetchStill(this.snapshotUrl(), widthPx, this.over.signal);
    this.isAsking = false;
    if (this.over.signal.aborted) return;
    this.take(still);
    const restMs = Math.max(0, PERIOD_MS - (this.clock.monotonicMs() - beganMs));
    this.pending = this.clock.after(restMs, () => void this.ask());
  }

  private take(still: Still): void {
    if (still.kind === 'picture') {
      this.failures = 0;
      this.waitingFor = undefined;
      drawStill(this.canvas, still.image);
      return this.events.onStill?.(still.ageMs);
    }
    this.waitingFor = still.code === 'video-network' ? undefined : still.code;
    if (still.status === 401 || still.status === 403) this.events.onFatal('ticket-refused');
    else if (still.code !== 'camera-offline' && ++this.failures >= MAX_FAILURES) this.events.onFatal('video-network');
  }
}
