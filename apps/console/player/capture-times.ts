/** Pictures that are remembered: more than a browser holds ahead of what it shows. */
const MAX_PICTURES = 512;
/** Half a picture at 120 a second: media times of the browser are rounded. */
const ROUNDING_MS = 4;

interface Picture {
  readonly showMs: number;
  readonly capturedMs: number | null;
}

/** When the picture was taken that is shown at a media time. */
export class CaptureTimes {
  private pictures: Picture[] = [];

  add(showMs: number, capturedMs: number | null): void {
    this.pictures.push({ showMs, capturedMs });
    if (this.pictures.length > MAX_PICTURES) this.pictures = this.pictures.slice(MAX_PICTURES / 2);
  }

  /** Null where it is not known. */
  at(mediaMs: number): number | null {
    const shown = this.pictures.findLast(({ showMs }) => showMs <= mediaMs + ROUNDING_MS);
    return shown?.capturedMs ?? null;
  }

  clear(): void {
    this.pictures = [];
  }
}
