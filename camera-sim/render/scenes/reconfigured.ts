import { FRAME_HEIGHT, FRAME_WIDTH } from '../canvas.ts';
import { css, type Rgb } from '../light.ts';
import { DAY } from '../palette.ts';
import type { Scene } from '../scene.ts';

const BARS: readonly Rgb[] = [
  [180, 180, 178],
  [180, 176, 40],
  [44, 170, 176],
  [48, 164, 70],
  [170, 56, 160],
  [176, 48, 44],
  [44, 62, 168],
];

/** A test card: what the main stream shows once the camera was set to another resolution. */
export const reconfigured: Scene = {
  light: DAY,
  lamps: [],
  views: { '': { at: [0, 5, 0], yawDeg: 0, pitchDeg: 0, fovDeg: 60 } },
  ground: ({ canvas }) => {
    BARS.forEach((colour, bar) => {
      canvas.fillStyle = css(colour);
      canvas.fillRect((FRAME_WIDTH * bar) / BARS.length, 0, FRAME_WIDTH / BARS.length + 1, FRAME_HEIGHT);
    });
    canvas.fillStyle = css([28, 30, 36]);
    canvas.fillRect(0, FRAME_HEIGHT * 0.68, FRAME_WIDTH, FRAME_HEIGHT * 0.32);
  },
  things: ({ canvas }, turn) => {
    const [x, y] = [FRAME_WIDTH / 2, FRAME_HEIGHT * 0.4];
    canvas.fillStyle = css([16, 18, 22], 0.8);
    canvas.beginPath();
    canvas.arc(x, y, 150, 0, Math.PI * 2);
    canvas.fill();
    canvas.strokeStyle = css([232, 234, 236]);
    canvas.lineWidth = 10;
    canvas.lineCap = 'round';
    canvas.beginPath();
    canvas.arc(x, y, 126, -Math.PI / 2, -Math.PI / 2 + turn * Math.PI * 2);
    canvas.stroke();
  },
};
