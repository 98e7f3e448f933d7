/** Greedy placement of names on a map: the weightiest first, none over another. Pure; pixels in, pixels out. */

export interface LabelWish {
  readonly id: string;
  readonly text: string;
  /** Class of its look: `camera`, `zone`, `district`, ... */
  readonly look: string;
  readonly latitudeDeg: number;
  readonly longitudeDeg: number;
  /** Distance from the point to the label's near edge; 0 centres the label on the point. */
  readonly offsetPx: number;
  readonly fromZoom: number;
  /** Higher is placed first. */
  readonly weight: number;
  /** Radius of the mark on its point: no label covers it, its own included. */
  readonly markPx?: number;
  /** Stands above its point where it can: names of areas, whose point is the middle of their upper edge. */
  readonly above?: boolean;
  /** Placed even over others (a selected camera). */
  readonly always?: boolean;
}

export interface LabelBox {
  readonly id: string;
  readonly xPx: number;
  readonly yPx: number;
  readonly widthPx: number;
  readonly heightPx: number;
  readonly offsetPx: number;
  readonly weight: number;
  readonly above?: boolean | undefined;
  readonly always?: boolean | undefined;
}

export interface PlacedLabel {
  readonly id: string;
  /** Top left corner. */
  readonly leftPx: number;
  readonly topPx: number;
}

/** A rectangle on screen that no label may cover. */
export interface Obstacle {
  readonly left: number;
  readonly top: number;
  readonly right: number;
  readonly bottom: number;
}

/** Room kept free round a label. */
const GAP_PX = 3;

/**
 * Where each label goes; those that find no free room are left out. `obstacles` are marks that no label may cover (its
 * own point's mark is not in the way because the label stands `offsetPx` off).
 */
export function placeLabels(labels: readonly LabelBox[], obstacles: readonly Obstacle[] = []): PlacedLabel[] {
  const taken: Obstacle[] = [...obstacles];
  const placed: PlacedLabel[] = [];
  const order = labels.toSorted((a, b) => Number(b.always ?? false) - Number(a.always ?? false) || b.weight - a.weight);
  for (const label of order) {
    const spots = spotsOf(label);
    const spot =
      spots.find((rect) => !taken.some((other) => overlaps(rect, other))) ?? (label.always ? spots[0] : undefined);
    if (!spot) continue;
    taken.push(spot);
    placed.push({ id: label.id, leftPx: spot.left, topPx: spot.top });
  }
  return placed;
}

/** Right, left, above, below of the point, then its corners; or centred on it. */
function spotsOf(label: LabelBox): Obstacle[] {
  const { xPx, yPx, widthPx, heightPx, offsetPx } = label;
  const at = (left: number, top: number): Obstacle => ({ left, top, right: left + widthPx, bottom: top + heightPx });
  if (offsetPx === 0) return [at(xPx - widthPx / 2, yPx - heightPx / 2)];
  const sides = [at(xPx + offsetPx, yPx - heightPx / 2), at(xPx - offsetPx - widthPx, yPx - heightPx / 2)];
  const above = at(xPx - widthPx / 2, yPx - offsetPx - heightPx);
  const below = at(xPx - widthPx / 2, yPx + offsetPx);
  const corners = [-1, 1].flatMap((down) => {
    const top = yPx + (down < 0 ? -heightPx - offsetPx * 0.7 : offsetPx * 0.7);
    return [at(xPx + offsetPx * 0.7, top), at(xPx - offsetPx * 0.7 - widthPx, top)];
  });
  return label.above ? [above, ...sides, below, ...corners] : [...sides, above, below, ...corners];
}

function overlaps(a: Obstacle, b: Obstacle): boolean {
  return (
    a.left < b.right + GAP_PX && b.left < a.right + GAP_PX && a.top < b.bottom + GAP_PX && b.top < a.bottom + GAP_PX
  );
}
