/** What the scenes use of a browser's CanvasRenderingContext2D (HTML standard §4.12.5). They draw and know no page. */
export interface Canvas {
  fillStyle: string | Gradient;
  strokeStyle: string | Gradient;
  lineWidth: number;
  lineCap: 'butt' | 'round' | 'square';
  lineJoin: 'bevel' | 'miter' | 'round';
  globalAlpha: number;
  globalCompositeOperation: 'source-over' | 'lighter' | 'multiply' | 'overlay' | 'screen';
  filter: string;
  font: string;
  textAlign: 'left' | 'center' | 'right';
  textBaseline: 'alphabetic' | 'middle' | 'top' | 'bottom';
  save(): void;
  restore(): void;
  setTransform(a: number, b: number, c: number, d: number, e: number, f: number): void;
  transform(a: number, b: number, c: number, d: number, e: number, f: number): void;
  translate(x: number, y: number): void;
  scale(x: number, y: number): void;
  rotate(angleRad: number): void;
  beginPath(): void;
  closePath(): void;
  moveTo(x: number, y: number): void;
  lineTo(x: number, y: number): void;
  quadraticCurveTo(controlX: number, controlY: number, x: number, y: number): void;
  arc(x: number, y: number, radius: number, fromRad: number, toRad: number): void;
  ellipse(x: number, y: number, rx: number, ry: number, turn: number, fromRad: number, toRad: number): void;
  rect(x: number, y: number, width: number, height: number): void;
  roundRect(x: number, y: number, width: number, height: number, radius: number): void;
  fill(): void;
  stroke(): void;
  clip(): void;
  fillRect(x: number, y: number, width: number, height: number): void;
  fillText(text: string, x: number, y: number): void;
  measureText(text: string): { readonly width: number };
  createLinearGradient(x0: number, y0: number, x1: number, y1: number): Gradient;
  createRadialGradient(x0: number, y0: number, r0: number, x1: number, y1: number, r1: number): Gradient;
}

export interface Gradient {
  addColorStop(offset: number, colour: string): void;
}

/** All scenes are drawn in these coordinates; smaller pictures scale the canvas. */
export const FRAME_WIDTH = 1280;
export const FRAME_HEIGHT = 720;
