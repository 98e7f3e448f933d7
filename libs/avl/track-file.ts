import type { Fix } from './fix.ts';

/** XML 1.0 §2.2 and §2.4: what may not stand in text, or not as itself. */
function xmlText(text: string): string {
  return text
    .replace(/[^\P{Cc}\t\n\r]|[\uFFFE\uFFFF]/gu, '')
    .replace(/&/g, '&amp;')
    .replace(/</g, '&lt;')
    .replace(/>/g, '&gt;');
}

const isoOf = (atMs: number): string => new Date(atMs).toISOString();

/** Above this two points belong to two segments: a line across a gap would be a road that nobody drove. */
const SEGMENT_GAP_MS = 5 * 60_000;

/**
 * A track as GPX 1.1 (topografix.com/GPX/1/1): one `trk` with a `trkseg` per stretch without a gap. `trkpt` holds `ele` and
 * `time`; speed has no element in 1.1 and is left to the CSV.
 */
export function gpxOf(name: string, fixes: readonly Fix[], gapMs: number = SEGMENT_GAP_MS): string {
  const segments: string[] = [];
  let points: string[] = [];
  let previousMs: number | undefined;
  const close = (): void => {
    if (points.length > 0) segments.push(`<trkseg>\n${points.join('\n')}\n</trkseg>`);
    points = [];
  };
  for (const { point, takenAtMs, altitudeM } of fixes) {
    if (previousMs !== undefined && takenAtMs - previousMs > gapMs) close();
    const ele = altitudeM === null ? '' : `<ele>${altitudeM}</ele>`;
    points.push(
      `<trkpt lat="${point.latitudeDeg}" lon="${point.longitudeDeg}">${ele}<time>${isoOf(takenAtMs)}</time></trkpt>`,
    );
    previousMs = takenAtMs;
  }
  close();
  const body = segments.length === 0 ? '' : `\n${segments.join('\n')}`;
  return `<?xml version="1.0" encoding="UTF-8"?>
<gpx version="1.1" creator="Atalaya" xmlns="http://www.topografix.com/GPX/1/1">
<trk><name>${xmlText(name)}</name>${body}
</trk>
</gpx>
`;
}
