import { useMemo } from 'react';
import { schemeLines } from '../map/schematic/scheme.ts';

/** The town as line work behind the sign-in card: the same scheme as the map, drawn once as SVG. */
const WEST = -71.372;
const NORTH = -17.6;
const SCALE = 24_000;
const SQUEEZE = Math.cos((17.645 * Math.PI) / 180);

function pathOf(points: readonly (readonly [number, number])[]): string {
  return points
    .map(([lng, lat], index) => {
      const x = ((lng - WEST) * SCALE * SQUEEZE).toFixed(1);
      const y = ((NORTH - lat) * SCALE).toFixed(1);
      return `${index === 0 ? 'M' : 'L'}${x} ${y}`;
    })
    .join('');
}

export function TownBackdrop() {
  const paths = useMemo(() => {
    const byKind = new Map<string, string>();
    for (const { kind, points } of schemeLines()) byKind.set(kind, (byKind.get(kind) ?? '') + pathOf(points));
    return [...byKind];
  }, []);
  return (
    <svg
      className="backdrop"
      viewBox="0 0 1600 1600"
      preserveAspectRatio="xMidYMid slice"
      aria-hidden="true"
      focusable="false"
    >
      {paths.map(([kind, d]) => (
        <path key={kind} className={`backdrop__${kind}`} d={d} />
      ))}
    </svg>
  );
}
