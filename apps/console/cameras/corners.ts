import type { Ring } from '#libs/wire';

/** The corners of an outline as lines of `latitude, longitude`: how a person writes and pastes them. */
export function cornersText(ring: Ring | null): string {
  return (ring ?? [])
    .slice(0, -1)
    .map(([lng, lat]) => `${lat.toFixed(6)}, ${lng.toFixed(6)}`)
    .join('\n');
}

const NUMBER = /-?\d+(?:\.\d+)?/g;

/** The closed outline that the lines describe; null while a line is not two numbers or there are fewer than three. */
export function ringOf(text: string): Ring | null {
  const lines = text.split('\n').filter((line) => line.trim() !== '');
  const corners = lines.map(cornerOf);
  const first = corners[0];
  if (corners.length < 3 || !first || corners.includes(null)) return null;
  return [...(corners as [number, number][]), [...first]];
}

function cornerOf(line: string): [number, number] | null {
  const [lat, lng, ...more] = (line.match(NUMBER) ?? []).map(Number);
  if (lat === undefined || lng === undefined || more.length > 0) return null;
  return Math.abs(lat) <= 90 && Math.abs(lng) <= 180 ? [lng, lat] : null;
}
