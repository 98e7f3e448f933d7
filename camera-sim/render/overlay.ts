import { stampLayout, stampSquares, type Stamp } from '../stamp.ts';
import { FRAME_HEIGHT, FRAME_WIDTH, type Canvas } from './canvas.ts';

export interface Overlay {
  readonly name: string;
  /** Second within the loop, 0..10. */
  readonly second: number;
  readonly loopSeconds: number;
  readonly stamp: Stamp;
}

const WHITE = 'rgb(232 234 236)';
const BLACK = 'rgb(14 15 18)';
const SHADE = 'rgb(8 10 14 / 0.42)';

/** What a camera writes into its own picture: its name above left, the clock above right, the frame stamp below right. */
export function drawOverlay(canvas: Canvas, overlay: Overlay): void {
  drawName(canvas, overlay.name);
  drawClock(canvas, overlay);
  drawStamp(canvas, overlay.stamp);
}

function drawName(canvas: Canvas, name: string): void {
  canvas.font = '600 25px Inter';
  canvas.textAlign = 'left';
  canvas.textBaseline = 'middle';
  const width = canvas.measureText(name).width;
  plate(canvas, 20, 18, width + 28, 42);
  canvas.fillStyle = WHITE;
  canvas.fillText(name, 34, 40);
}

/**
 * The seconds within the loop, with a hand that goes round once in it. A loop cannot show hours and minutes that are true,
 * so it shows none.
 */
function drawClock(canvas: Canvas, { second, loopSeconds }: Overlay): void {
  const right = FRAME_WIDTH - 20;
  plate(canvas, right - 132, 18, 132, 42);
  const [x, y] = [right - 110, 39];
  canvas.strokeStyle = WHITE;
  canvas.lineWidth = 2.4;
  canvas.beginPath();
  canvas.arc(x, y, 11.5, 0, Math.PI * 2);
  canvas.stroke();
  const angle = (second / loopSeconds) * Math.PI * 2 - Math.PI / 2;
  canvas.lineCap = 'round';
  canvas.beginPath();
  canvas.moveTo(x, y);
  canvas.lineTo(x + 8.5 * Math.cos(angle), y + 8.5 * Math.sin(angle));
  canvas.stroke();
  canvas.font = '600 25px "JetBrains Mono"';
  canvas.textAlign = 'right';
  canvas.textBaseline = 'middle';
  canvas.fillStyle = WHITE;
  canvas.fillText(`${second.toFixed(1)} s`, right - 12, 40);
}

function plate(canvas: Canvas, x: number, y: number, width: number, height: number): void {
  canvas.fillStyle = SHADE;
  canvas.beginPath();
  canvas.roundRect(x, y, width, height, 7);
  canvas.fill();
}

function drawStamp(canvas: Canvas, stamp: Stamp): void {
  const squares = stampSquares(stamp);
  stampLayout(FRAME_WIDTH, FRAME_HEIGHT).forEach((square, position) => {
    canvas.fillStyle = squares[position] ? WHITE : BLACK;
    canvas.fillRect(square.x, square.y, square.width, square.height);
  });
}
