import L from 'leaflet';

/** Parallel lines over a fill, so that a level is told by texture too and not by colour alone. */
export interface Hatch {
  readonly colour: string;
  /** Distance between lines, CSS pixels. */
  readonly spacingPx: number;
  readonly widthPx: number;
  /** Lines that lean the other way. */
  readonly mirrored?: boolean;
}

export interface HatchedOptions extends L.PolylineOptions {
  readonly hatch?: Hatch;
}

/** What Leaflet's canvas renderer offers to subclasses; its typings leave it out. */
interface CanvasInternals {
  _fillStroke(context: CanvasRenderingContext2D, layer: { options: HatchedOptions }): void;
}

const patterns = new WeakMap<CanvasRenderingContext2D, Map<string, CanvasPattern | null>>();

function patternOf(context: CanvasRenderingContext2D, hatch: Hatch): CanvasPattern | null {
  const known = patterns.get(context) ?? new Map<string, CanvasPattern | null>();
  patterns.set(context, known);
  const key = `${hatch.colour}/${hatch.spacingPx}/${hatch.widthPx}/${hatch.mirrored ?? false}`;
  if (!known.has(key)) known.set(key, drawPattern(context, hatch));
  return known.get(key) ?? null;
}

function drawPattern(context: CanvasRenderingContext2D, hatch: Hatch): CanvasPattern | null {
  const side = hatch.spacingPx;
  const tile = document.createElement('canvas');
  tile.width = side;
  tile.height = side;
  const pen = tile.getContext('2d');
  if (!pen) return null;
  pen.strokeStyle = hatch.colour;
  pen.lineWidth = hatch.widthPx;
  pen.beginPath();
  for (const shift of [-side, 0, side]) {
    pen.moveTo(shift - 1, hatch.mirrored ? -1 : side + 1);
    pen.lineTo(shift + side + 1, hatch.mirrored ? side + 1 : -1);
  }
  pen.stroke();
  return context.createPattern(tile, 'repeat');
}

const base = L.Canvas.prototype as unknown as CanvasInternals;

/** Leaflet's canvas renderer that also knows {@link HatchedOptions.hatch}. */
const HatchCanvas = L.Canvas.extend({
  _fillStroke(this: CanvasInternals, context: CanvasRenderingContext2D, layer: { options: HatchedOptions }): void {
    const pattern = layer.options.hatch && patternOf(context, layer.options.hatch);
    if (pattern) {
      context.save();
      context.fillStyle = pattern;
      context.fill('evenodd');
      context.restore();
    }
    base._fillStroke.call(this, context, layer);
  },
}) as unknown as new (options?: L.RendererOptions) => L.Canvas;

export function hatchCanvas(pane: string): L.Canvas {
  return new HatchCanvas({ pane, padding: 0.3 });
}
