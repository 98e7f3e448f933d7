import L from 'leaflet';
import type { CameraState } from '#libs/wire';

/** One camera's mark: the state is told by shape and by colour. */
export interface CameraMarkOptions extends L.CircleMarkerOptions {
  readonly state: CameraState;
  readonly colour: string;
  readonly ground: string;
  readonly selected: boolean;
  /** Direction of view as a fan of fixed size, where the true sector would be too small to see; null draws none. */
  readonly fan: { readonly bearingDeg: number; readonly angleDeg: number; readonly lengthPx: number } | null;
  /** Colour of the ring of a selected camera. */
  readonly ring: string;
}

/** Private parts of Leaflet that a custom canvas mark needs; its typings leave them out. */
interface MarkInternals {
  options: CameraMarkOptions;
  _point: L.Point;
  _radius: number;
  _renderer: { _drawing: boolean; _ctx: CanvasRenderingContext2D };
  _empty(): boolean;
}

type Pen = CanvasRenderingContext2D;

/** Online: a filled dot. Degraded: a triangle. Connecting: a hollow ring. Offline: a ring struck through. Standby: a dot in a ring. */
const SHAPES: Readonly<Record<CameraState, (pen: Pen, x: number, y: number, r: number) => void>> = {
  online: (pen, x, y, r) => {
    pen.arc(x, y, r, 0, Math.PI * 2);
    pen.fill();
  },
  degraded: (pen, x, y, r) => {
    pen.moveTo(x, y - r * 1.25);
    pen.lineTo(x + r * 1.2, y + r * 0.9);
    pen.lineTo(x - r * 1.2, y + r * 0.9);
    pen.closePath();
    pen.fill();
  },
  connecting: (pen, x, y, r) => {
    pen.arc(x, y, r * 0.95, 0, Math.PI * 2);
    pen.lineWidth = r * 0.5;
    pen.stroke();
  },
  offline: (pen, x, y, r) => {
    pen.lineWidth = r * 0.4;
    pen.arc(x, y, r, 0, Math.PI * 2);
    pen.moveTo(x - r * 0.7, y + r * 0.7);
    pen.lineTo(x + r * 0.7, y - r * 0.7);
    pen.stroke();
  },
  standby: (pen, x, y, r) => {
    pen.arc(x, y, r * 0.38, 0, Math.PI * 2);
    pen.fill();
    pen.beginPath();
    pen.lineWidth = r * 0.28;
    pen.arc(x, y, r, 0, Math.PI * 2);
    pen.stroke();
  },
};

function drawMark(mark: MarkInternals): void {
  if (!mark._renderer._drawing || mark._empty()) return;
  const { options, _point: point, _radius: radius } = mark;
  const pen = mark._renderer._ctx;
  pen.save();
  if (options.fan) drawFan(pen, point, options);
  pen.fillStyle = options.ground;
  pen.beginPath();
  pen.arc(point.x, point.y, radius + 3, 0, Math.PI * 2);
  pen.fill();
  if (options.selected) drawRing(pen, point, radius, options.ring);
  pen.fillStyle = options.colour;
  pen.strokeStyle = options.colour;
  pen.beginPath();
  SHAPES[options.state](pen, point.x, point.y, radius);
  pen.restore();
}

function drawRing(pen: Pen, point: L.Point, radius: number, colour: string): void {
  pen.beginPath();
  pen.arc(point.x, point.y, radius + 5, 0, Math.PI * 2);
  pen.lineWidth = 2;
  pen.strokeStyle = colour;
  pen.stroke();
}

/** Fades out: it says the direction and claims no range. */
function drawFan(pen: Pen, point: L.Point, { fan, colour }: CameraMarkOptions): void {
  if (!fan) return;
  const half = (Math.min(fan.angleDeg, 360) / 2) * (Math.PI / 180);
  const course = (fan.bearingDeg - 90) * (Math.PI / 180);
  const fade = pen.createRadialGradient(point.x, point.y, 0, point.x, point.y, fan.lengthPx);
  fade.addColorStop(0, `${colour}80`);
  fade.addColorStop(1, `${colour}00`);
  pen.fillStyle = fade;
  pen.beginPath();
  pen.moveTo(point.x, point.y);
  pen.arc(point.x, point.y, fan.lengthPx, course - half, course + half);
  pen.closePath();
  pen.fill();
}

const CameraMarkClass = L.CircleMarker.extend({
  _updatePath(this: MarkInternals): void {
    drawMark(this);
  },
}) as unknown as new (at: L.LatLngExpression, options: CameraMarkOptions) => L.CircleMarker;

export function cameraMark(at: L.LatLngExpression, options: CameraMarkOptions): L.CircleMarker {
  return new CameraMarkClass(at, options);
}
