import type { Canvas } from './canvas.ts';
import { Painter, type PaintJob } from './painter.ts';
import { seeded } from './random.ts';
import { SCENES } from './scenes/index.ts';

/**
 * Runs in the browser: draws each frame of a job and posts its pixels to the program that opened the page. The few names of
 * the page that it uses are declared here, so that the rest of the project is not compiled against a browser.
 */
interface Sheet {
  readonly width: number;
  readonly height: number;
  getContext(kind: '2d', options: { willReadFrequently: boolean }): SheetContext;
}

interface Pixels {
  readonly data: Uint8ClampedArray;
}

interface SheetContext extends Canvas {
  drawImage(sheet: Sheet, x: number, y: number): void;
  createImageData(width: number, height: number): Pixels;
  putImageData(pixels: Pixels, x: number, y: number): void;
  getImageData(x: number, y: number, width: number, height: number): Pixels;
}

interface PageGlobals {
  OffscreenCanvas: new (width: number, height: number) => Sheet;
  document: { readonly fonts: { load(font: string): Promise<unknown> } };
  atalayaRender?: (job: PaintJob) => Promise<void>;
}

const page = globalThis as unknown as PageGlobals;
const GRAIN_SHEETS = 6;

page.atalayaRender = async (job) => {
  await Promise.all([
    page.document.fonts.load('600 25px Inter'),
    page.document.fonts.load('600 25px "JetBrains Mono"'),
  ]);
  const scene = SCENES[job.scene];
  if (!scene) throw new Error(`no scene ${job.scene}`);
  const painter = new Painter(scene, job);
  const [ground, frame] = [newSheet(job), newSheet(job)];
  painter.drawGround(ground.context);
  const grains = Array.from({ length: job.movingGrain ? GRAIN_SHEETS : 1 }, (_, seed) => grainSheet(job, seed + 1));
  for (let index = 0; index < job.frames; index++) {
    frame.context.setTransform(1, 0, 0, 1, 0, 0);
    frame.context.drawImage(ground.sheet, 0, 0);
    painter.drawThings(frame.context, index);
    addGrain(frame.context, grains[index % grains.length]!, job.grain);
    painter.drawOverlay(frame.context, index);
    const { data } = frame.context.getImageData(0, 0, job.widthPx, job.heightPx);
    const posted = await fetch('/frame', { method: 'POST', body: new Uint8Array(data) });
    if (!posted.ok) throw new Error(`frame ${index} was not taken: ${posted.status}`);
  }
};

function newSheet(job: PaintJob): { readonly sheet: Sheet; readonly context: SheetContext } {
  const sheet = new page.OffscreenCanvas(job.widthPx, job.heightPx);
  return { sheet, context: sheet.getContext('2d', { willReadFrequently: true }) };
}

/** Keeps smooth skies from showing steps after compression. */
function grainSheet(job: PaintJob, seed: number): Sheet {
  const { sheet, context } = newSheet(job);
  const pixels = context.createImageData(job.widthPx, job.heightPx);
  const random = seeded(seed);
  for (let at = 0; at < pixels.data.length; at += 4) {
    const value = 128 + (random() + random() - 1) * 127;
    pixels.data.fill(value, at, at + 3);
    pixels.data[at + 3] = 255;
  }
  context.putImageData(pixels, 0, 0);
  return sheet;
}

function addGrain(context: SheetContext, grain: Sheet, strength: number): void {
  context.save();
  context.setTransform(1, 0, 0, 1, 0, 0);
  context.globalAlpha = strength;
  context.globalCompositeOperation = 'overlay';
  context.drawImage(grain, 0, 0);
  context.restore();
}
