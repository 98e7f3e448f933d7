import type { Canvas } from './canvas.ts';
import { css, fogged, lit, type Lamp, type Light, type Rgb } from './light.ts';
import { centreOf, Lens, normalOf, plus, type Point, type Spot, type View } from './space.ts';

/** Things of a picture, drawn far to near. */
export class Stage {
  readonly lens: Lens;

  constructor(
    readonly canvas: Canvas,
    view: View,
    readonly light: Light,
    readonly lamps: readonly Lamp[],
    private readonly things: { readonly depthM: number; readonly draw: () => void }[] = [],
  ) {
    this.lens = new Lens(view);
  }

  /** The same picture with a ground that lies higher, e.g. a bridge. Its things take their turn among the others. */
  raisedBy(heightM: number): Stage {
    const { view } = this.lens;
    const lower = { ...view, at: plus(view.at, 0, -heightM, 0) };
    return new Stage(this.canvas, lower, this.light, this.lamps, this.things);
  }

  /** Draws `draw` in its turn: as far away as `at`. `nearerM` breaks ties of things that touch. */
  add(at: Point, draw: () => void, nearerM = 0): void {
    this.things.push({ depthM: this.lens.depthOf(at) - nearerM, draw });
  }

  finish(): void {
    this.things.sort((a, b) => b.depthM - a.depthM);
    for (const thing of this.things) thing.draw();
  }

  /** A flat face, at once. `own`: shines by itself and is not shaded. */
  face(points: readonly Point[], colour: Rgb, own = false): void {
    const outline = this.lens.outline(points);
    if (outline.length < 3) return;
    const centre = centreOf(points);
    const shaded = own ? colour : lit(colour, normalOf(points), centre, this.light, this.lamps);
    const fill = css(fogged(shaded, this.lens.depthOf(centre), this.light));
    this.fill(outline, fill);
  }

  /** A face that is only seen from its outer side. */
  side(points: readonly Point[], colour: Rgb, own = false): void {
    const normal = normalOf(points);
    const { at } = this.lens.view;
    const first = points[0]!;
    const towards = normal[0] * (at[0] - first[0]) + normal[1] * (at[1] - first[1]) + normal[2] * (at[2] - first[2]);
    if (towards > 0) this.face(points, colour, own);
  }

  fill(outline: readonly Spot[], fill: string | ReturnType<Canvas['createLinearGradient']>): void {
    if (outline.length < 3) return;
    this.trace(outline);
    this.canvas.fillStyle = fill;
    this.canvas.fill();
  }

  trace(outline: readonly Spot[]): void {
    this.canvas.beginPath();
    outline.forEach(({ x, y }, position) => (position === 0 ? this.canvas.moveTo(x, y) : this.canvas.lineTo(x, y)));
    this.canvas.closePath();
  }

  /** A round bar, e.g. a pole. */
  bar(from: Point, to: Point, thickM: number, colour: Rgb): void {
    const [a, b] = [this.lens.spot(from), this.lens.spot(to)];
    if (!a || !b) return;
    const shaded = lit(colour, [0, 0.3, -0.9], centreOf([from, to]), this.light, this.lamps);
    this.canvas.strokeStyle = css(fogged(shaded, a.depthM, this.light));
    this.canvas.lineWidth = Math.max(0.8, (thickM * (a.pxPerM + b.pxPerM)) / 2);
    this.canvas.beginPath();
    this.canvas.moveTo(a.x, a.y);
    this.canvas.lineTo(b.x, b.y);
    this.canvas.stroke();
  }

  /** The colour of something at a place, for drawings that are no faces. */
  colourAt(colour: Rgb, at: Point, normal: Point = [0, 0.4, -0.9]): Rgb {
    return fogged(lit(colour, normal, at, this.light, this.lamps), this.lens.depthOf(at), this.light);
  }

  /** A soft round spot that lies on the ground: light (added) or shadow. */
  pool(at: Point, radiusXM: number, radiusZM: number, colour: Rgb, alpha: number, adds = true): void {
    const centre = this.lens.spot(at);
    const side = this.lens.spot(plus(at, radiusXM, 0, 0));
    const back = this.lens.spot(plus(at, 0, 0, radiusZM));
    if (!centre || !side || !back) return;
    const { canvas } = this;
    canvas.save();
    if (adds) canvas.globalCompositeOperation = 'lighter';
    canvas.transform(side.x - centre.x, side.y - centre.y, back.x - centre.x, back.y - centre.y, centre.x, centre.y);
    canvas.fillStyle = softDisc(canvas, colour, alpha);
    canvas.beginPath();
    canvas.arc(0, 0, 1, 0, Math.PI * 2);
    canvas.fill();
    canvas.restore();
  }

  /** Light seen directly: a bright point with a halo, in the air. What is nearer covers it. */
  glow(at: Point, radiusM: number, colour: Rgb, alpha: number): void {
    this.add(at, () => this.drawHalo(at, radiusM, colour, alpha), 0.6);
  }

  private drawHalo(at: Point, radiusM: number, colour: Rgb, alpha: number): void {
    const spot = this.lens.spot(at);
    if (!spot) return;
    const { canvas } = this;
    canvas.save();
    canvas.globalCompositeOperation = 'lighter';
    canvas.translate(spot.x, spot.y);
    canvas.scale(radiusM * spot.pxPerM, radiusM * spot.pxPerM);
    canvas.fillStyle = halo(canvas, colour, alpha);
    canvas.beginPath();
    canvas.arc(0, 0, 1, 0, Math.PI * 2);
    canvas.fill();
    canvas.restore();
  }

  /** Outline of a box's sides: `corners` of the base, counter-clockwise seen from above, raised to `topM`. */
  prism(corners: readonly Point[], topM: number, colour: Rgb, roof: Rgb = colour): void {
    corners.forEach((from, position) => {
      const to = corners[(position + 1) % corners.length]!;
      this.side([from, to, [to[0], topM, to[2]], [from[0], topM, from[2]]], colour);
    });
    this.side(
      corners.map(([x, , z]): Point => [x, topM, z]),
      roof,
    );
  }
}

function softDisc(canvas: Canvas, colour: Rgb, alpha: number) {
  const disc = canvas.createRadialGradient(0, 0, 0, 0, 0, 1);
  disc.addColorStop(0, css(colour, alpha));
  disc.addColorStop(0.35, css(colour, alpha * 0.62));
  disc.addColorStop(0.7, css(colour, alpha * 0.18));
  disc.addColorStop(1, css(colour, 0));
  return disc;
}

function halo(canvas: Canvas, colour: Rgb, alpha: number) {
  const disc = canvas.createRadialGradient(0, 0, 0, 0, 0, 1);
  disc.addColorStop(0, css(colour, alpha));
  disc.addColorStop(0.12, css(colour, alpha * 0.45));
  disc.addColorStop(0.4, css(colour, alpha * 0.14));
  disc.addColorStop(1, css(colour, 0));
  return disc;
}
