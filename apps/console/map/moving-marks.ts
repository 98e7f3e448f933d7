import type { Priority } from '#libs/dispatch';
import type { UnitLook } from '../ui/unit-look.ts';
import type { Palette } from './palette.ts';

/** Marks of units and incidents, each drawn once and then copied: copying is what a canvas does fastest. */
type Pen = CanvasRenderingContext2D;

/** A drawn mark and its size in CSS pixels. */
export interface Sprite {
  readonly image: HTMLCanvasElement;
  readonly widthPx: number;
  readonly heightPx: number;
}

/** Headings told apart: 15 degrees is what an eye can tell. */
const HEADINGS = 24;
/** Names of units come and go over weeks; the cache begins anew at this many. */
const MAX_LABELS = 6_000;

const SHAPES: Readonly<Record<UnitLook, (pen: Pen, r: number) => void>> = {
  free: (pen, r) => {
    pen.arc(0, 0, r, 0, Math.PI * 2);
    pen.fill();
  },
  route: (pen, r) => {
    pen.moveTo(0, -r * 1.2);
    pen.lineTo(r * 1.2, r * 0.95);
    pen.lineTo(-r * 1.2, r * 0.95);
    pen.closePath();
    pen.fill();
  },
  scene: (pen, r) => pen.fillRect(-r * 0.95, -r * 0.95, r * 1.9, r * 1.9),
  away: (pen, r) => pen.fillRect(-r, -r * 0.4, r * 2, r * 0.8),
  silent: (pen, r) => {
    pen.lineWidth = r * 0.4;
    pen.arc(0, 0, r * 0.85, 0, Math.PI * 2);
    pen.stroke();
  },
  sos: (pen, r) => {
    for (let k = 0; k < 8; k++) {
      const angle = ((k + 0.5) * Math.PI) / 4;
      pen.lineTo(Math.cos(angle) * r * 1.25, Math.sin(angle) * r * 1.25);
    }
    pen.closePath();
    pen.fill();
  },
};

export class MovingMarks {
  private readonly marks = new Map<string, Sprite>();
  private readonly labels = new Map<string, Sprite>();

  constructor(
    private readonly palette: Palette,
    /** Radius of a unit's mark. */
    readonly unitPx: number,
    private readonly fontPx: number,
    private readonly family: string,
  ) {}

  unit(look: UnitLook, bearingDeg: number | null): Sprite {
    const heading = bearingDeg === null ? -1 : Math.round((bearingDeg / 360) * HEADINGS) % HEADINGS;
    return this.mark(`${look}/${heading}`, this.unitPx * 4.4, (pen) => this.drawUnit(pen, look, heading));
  }

  incident(priority: Priority | null, selected: boolean): Sprite {
    const side = this.unitPx * (selected ? 8 : 5.4);
    return this.mark(`${priority}/${selected}`, side, (pen) => this.drawIncident(pen, priority, selected));
  }

  label(text: string, look: UnitLook | 'incident'): Sprite {
    const key = `${look}/${text}`;
    const known = this.labels.get(key);
    if (known) return known;
    if (this.labels.size >= MAX_LABELS) this.labels.clear();
    const made = this.drawLabel(text, look === 'incident' ? this.palette.text : this.palette.unit[look]);
    this.labels.set(key, made);
    return made;
  }

  colourOf(look: UnitLook): string {
    return this.palette.unit[look];
  }

  /** Sizes of names were measured with another font before the page's own came. */
  forgetLabels(): void {
    this.labels.clear();
  }

  private mark(key: string, sidePx: number, draw: (pen: Pen) => void): Sprite {
    const known = this.marks.get(key);
    if (known) return known;
    const made = sprite(sidePx, sidePx, (pen) => {
      pen.translate(sidePx / 2, sidePx / 2);
      draw(pen);
    });
    this.marks.set(key, made);
    return made;
  }

  private drawUnit(pen: Pen, look: UnitLook, heading: number): void {
    const r = this.unitPx;
    // A triangle turns as a whole; a circle or a square wears a tip.
    const turns = look === 'route' && heading >= 0;
    if (heading >= 0 && !turns && look !== 'silent') this.drawHeading(pen, look, heading);
    pen.fillStyle = this.palette.page;
    pen.beginPath();
    pen.arc(0, 0, r * 1.5, 0, Math.PI * 2);
    pen.fill();
    pen.fillStyle = this.palette.unit[look];
    pen.strokeStyle = this.palette.unit[look];
    pen.beginPath();
    if (turns) pen.rotate((heading / HEADINGS) * Math.PI * 2);
    SHAPES[look](pen, r);
    if (look === 'sos') centred(pen, '!', r * 1.7, this.family, this.palette.page);
  }

  /** A tip outside the mark: where it drives, whatever its shape. */
  private drawHeading(pen: Pen, look: UnitLook, heading: number): void {
    const r = this.unitPx;
    pen.save();
    pen.rotate((heading / HEADINGS) * Math.PI * 2);
    pen.fillStyle = this.palette.unit[look];
    pen.beginPath();
    pen.moveTo(0, -r * 2.15);
    pen.lineTo(r * 0.75, -r * 1.25);
    pen.lineTo(-r * 0.75, -r * 1.25);
    pen.closePath();
    pen.fill();
    pen.restore();
  }

  private drawIncident(pen: Pen, priority: Priority | null, selected: boolean): void {
    const r = this.unitPx * 2.25;
    const colour = priority === null ? this.palette.text : this.palette.priority[priority];
    if (selected) {
      pen.strokeStyle = colour;
      pen.lineWidth = 2;
      pen.beginPath();
      pen.arc(0, 0, this.unitPx * 3.6, 0, Math.PI * 2);
      pen.stroke();
    }
    pen.save();
    pen.rotate(Math.PI / 4);
    pen.fillStyle = this.palette.page;
    pen.beginPath();
    pen.roundRect(-r * 0.88, -r * 0.88, r * 1.76, r * 1.76, 4);
    pen.fill();
    pen.fillStyle = colour;
    pen.beginPath();
    pen.roundRect(-r * 0.76, -r * 0.76, r * 1.52, r * 1.52, 3);
    pen.fill();
    pen.restore();
    centred(pen, priority ?? '?', this.unitPx * 1.6, this.family, this.palette.page);
  }

  private drawLabel(text: string, colour: string): Sprite {
    const font = `600 ${this.fontPx}px ${this.family}`;
    const pen = document.createElement('canvas').getContext('2d');
    if (pen) pen.font = font;
    const widthPx = Math.ceil((pen?.measureText(text).width ?? 0) + 10);
    const heightPx = Math.ceil(this.fontPx * 1.5);
    return sprite(widthPx, heightPx, (ink) => {
      ink.fillStyle = `${this.palette.page}c7`;
      ink.beginPath();
      ink.roundRect(0, 0, widthPx, heightPx, 4);
      ink.fill();
      ink.font = font;
      ink.fillStyle = colour;
      ink.textBaseline = 'middle';
      ink.fillText(text, 5, heightPx / 2 + 0.5);
    });
  }
}

function centred(pen: Pen, text: string, sizePx: number, family: string, colour: string): void {
  pen.font = `700 ${sizePx}px ${family}`;
  pen.textAlign = 'center';
  pen.textBaseline = 'middle';
  pen.fillStyle = colour;
  pen.fillText(text, 0, sizePx * 0.05);
}

function sprite(widthPx: number, heightPx: number, draw: (pen: Pen) => void): Sprite {
  const image = document.createElement('canvas');
  const ratio = devicePixelRatio || 1;
  image.width = Math.ceil(widthPx * ratio);
  image.height = Math.ceil(heightPx * ratio);
  const pen = image.getContext('2d');
  if (pen) {
    pen.scale(ratio, ratio);
    draw(pen);
  }
  return { image, widthPx, heightPx };
}
