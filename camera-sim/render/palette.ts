import type { Light, Rgb } from './light.ts';
import type { Person } from './parts/person.ts';

/** The hours of the day. Suns are unit vectors towards the light. */
export const NIGHT: Light = {
  ambient: [0.36, 0.38, 0.47],
  fog: { colour: [22, 28, 44], fromM: 30, toM: 130, most: 0.8 },
  isNight: true,
};

export const DUSK: Light = {
  ambient: [0.5, 0.45, 0.52],
  sun: { towards: [-0.6, 0.28, 0.74], colour: [0.5, 0.32, 0.2] },
  fog: { colour: [176, 126, 116], fromM: 40, toM: 320, most: 0.6 },
  isNight: true,
};

export const DAY: Light = {
  ambient: [0.58, 0.6, 0.64],
  sun: { towards: [-0.45, 0.74, -0.5], colour: [0.5, 0.47, 0.4] },
  fog: { colour: [204, 200, 188], fromM: 60, toM: 520, most: 0.5 },
  isNight: false,
};

/** The grey mornings of the coast. */
export const OVERCAST: Light = {
  ambient: [0.66, 0.68, 0.71],
  sun: { towards: [-0.2, 0.93, -0.3], colour: [0.22, 0.22, 0.22] },
  fog: { colour: [190, 197, 202], fromM: 35, toM: 280, most: 0.75 },
  isNight: false,
};

export const AFTERNOON: Light = {
  ambient: [0.52, 0.5, 0.54],
  sun: { towards: [0.62, 0.5, -0.6], colour: [0.64, 0.52, 0.36] },
  fog: { colour: [222, 202, 176], fromM: 45, toM: 380, most: 0.62 },
  isNight: false,
};

export const NIGHT_SKY: readonly (readonly [number, Rgb])[] = [
  [0, [7, 10, 20]],
  [0.6, [15, 21, 38]],
  [1, [34, 40, 58]],
];

export const DAY_SKY: readonly (readonly [number, Rgb])[] = [
  [0, [88, 138, 186]],
  [0.65, [150, 186, 212]],
  [1, [212, 222, 224]],
];

export const GREY_SKY: readonly (readonly [number, Rgb])[] = [
  [0, [150, 160, 170]],
  [0.7, [184, 192, 198]],
  [1, [206, 210, 211]],
];

export const DUSK_SKY: readonly (readonly [number, Rgb])[] = [
  [0, [44, 54, 98]],
  [0.45, [116, 92, 128]],
  [0.75, [210, 128, 104]],
  [1, [250, 188, 120]],
];

export const AFTERNOON_SKY: readonly (readonly [number, Rgb])[] = [
  [0, [96, 134, 172]],
  [0.65, [170, 182, 184]],
  [1, [232, 212, 182]],
];

export const ASPHALT: Rgb = [82, 84, 90];
export const PAVEMENT: Rgb = [126, 124, 120];
export const PAINT: Rgb = [206, 204, 194];
export const YELLOW_PAINT: Rgb = [206, 168, 62];
export const SAND: Rgb = [196, 172, 134];
export const BARE_EARTH: Rgb = [170, 146, 112];

export const CAR_COLOURS: Readonly<
  Record<'white' | 'silver' | 'red' | 'blue' | 'black' | 'grey' | 'green' | 'yellow', Rgb>
> = {
  white: [222, 224, 224],
  silver: [158, 164, 170],
  red: [162, 44, 44],
  blue: [46, 88, 150],
  black: [42, 45, 52],
  grey: [96, 102, 110],
  green: [52, 104, 84],
  yellow: [222, 176, 50],
};

export const TOWN_WALLS: readonly Rgb[] = [
  [206, 196, 176],
  [186, 164, 140],
  [172, 184, 190],
  [202, 178, 120],
  [176, 140, 122],
  [214, 208, 200],
  [148, 170, 160],
];

export const BRICK_WALLS: readonly Rgb[] = [
  [168, 106, 80],
  [178, 118, 90],
  [196, 184, 160],
  [150, 132, 118],
  [186, 152, 110],
];

/** Passers-by, to choose from by number. */
export const PEOPLE: readonly Person[] = [
  { shirt: [52, 92, 140], trousers: [44, 48, 60] },
  { shirt: [186, 60, 56], trousers: [58, 66, 92] },
  { shirt: [222, 216, 204], trousers: [66, 60, 56] },
  { shirt: [96, 130, 88], trousers: [46, 46, 52], hat: [206, 190, 150] },
  { shirt: [210, 160, 62], trousers: [52, 62, 90] },
  { shirt: [120, 84, 132], trousers: [40, 40, 48] },
  { shirt: [70, 74, 82], trousers: [84, 92, 116] },
  { shirt: [226, 132, 110], trousers: [72, 62, 58], hat: [70, 60, 52] },
  { shirt: [90, 160, 170], trousers: [60, 60, 66], size: 0.66 },
];
