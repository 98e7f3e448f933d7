import type { Canvas } from './canvas.ts';
import { FRAME_HEIGHT, FRAME_WIDTH } from './canvas.ts';
import { css } from './light.ts';
import { drawOverlay } from './overlay.ts';
import type { Scene } from './scene.ts';
import { Stage } from './stage.ts';

/** What the page is told to draw: one clip. */
export interface PaintJob {
  readonly scene: string;
  /** Preset token, `''` for a fixed camera. */
  readonly view: string;
  readonly name: string;
  readonly widthPx: number;
  readonly heightPx: number;
  readonly framesPerSecond: number;
  readonly frames: number;
  readonly phaseMs: number;
  readonly loopMs: number;
  readonly stampScene: number;
  /** Strength of film grain, 0..1. Moving grain costs many bits: only the benchmark clip has it. */
  readonly grain: number;
  readonly movingGrain: boolean;
}

/** Draws frames of one job; what never changes is drawn once, by `ground`. */
export class Painter {
  constructor(
    private readonly scene: Scene,
    private readonly job: PaintJob,
  ) {}

  drawGround(canvas: Canvas): void {
    this.fit(canvas);
    this.scene.ground(this.stage(canvas));
  }

  /** Over the ground. `index` is the number of the frame in the loop. */
  drawThings(canvas: Canvas, index: number): void {
    const stage = this.stage(canvas);
    this.fit(canvas);
    this.scene.things(stage, this.turnAt(index));
    stage.finish();
    drawVignette(canvas);
  }

  drawOverlay(canvas: Canvas, index: number): void {
    this.fit(canvas);
    drawOverlay(canvas, {
      name: this.job.name,
      second: this.turnAt(index) * (this.job.loopMs / 1_000),
      loopSeconds: this.job.loopMs / 1_000,
      stamp: { scene: this.job.stampScene, frame: index },
    });
  }

  /** Share of the wall clock's loop that has passed: clips of one camera agree on it whatever their rate. */
  private turnAt(index: number): number {
    const ms = this.job.phaseMs + (index * 1_000) / this.job.framesPerSecond;
    return (ms % this.job.loopMs) / this.job.loopMs;
  }

  private stage(canvas: Canvas): Stage {
    const view = this.scene.views[this.job.view];
    if (!view) throw new Error(`scene ${this.job.scene} has no view '${this.job.view}'`);
    return new Stage(canvas, view, this.scene.light, this.scene.lamps);
  }

  private fit(canvas: Canvas): void {
    canvas.setTransform(this.job.widthPx / FRAME_WIDTH, 0, 0, this.job.heightPx / FRAME_HEIGHT, 0, 0);
  }
}

function drawVignette(canvas: Canvas): void {
  const shade = canvas.createRadialGradient(
    FRAME_WIDTH / 2,
    FRAME_HEIGHT / 2,
    FRAME_HEIGHT * 0.45,
    FRAME_WIDTH / 2,
    FRAME_HEIGHT / 2,
    FRAME_WIDTH * 0.64,
  );
  shade.addColorStop(0, css([0, 0, 0], 0));
  shade.addColorStop(1, css([0, 0, 0], 0.34));
  canvas.fillStyle = shade;
  canvas.fillRect(0, 0, FRAME_WIDTH, FRAME_HEIGHT);
}
