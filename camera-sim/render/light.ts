import type { Point } from './space.ts';

/** 0..255 each, not yet rounded. */
export type Rgb = readonly [r: number, g: number, b: number];

export interface Lamp {
  readonly at: Point;
  readonly colour: Rgb;
  /** Distance at which nothing of it is left. */
  readonly reachM: number;
  readonly power: number;
}

export interface Light {
  /** Factor on every colour, whatever its side. */
  readonly ambient: Rgb;
  readonly sun?: { readonly towards: Point; readonly colour: Rgb };
  readonly fog: { readonly colour: Rgb; readonly fromM: number; readonly toM: number; readonly most: number };
  readonly isNight: boolean;
}

export function rgb(hex: string): Rgb {
  const value = Number.parseInt(hex.slice(1), 16);
  return [value >> 16, (value >> 8) & 0xff, value & 0xff];
}

export function css(colour: Rgb, alpha = 1): string {
  const [r, g, b] = colour.map((part) => Math.max(0, Math.min(255, Math.round(part))));
  return alpha >= 1 ? `rgb(${r} ${g} ${b})` : `rgb(${r} ${g} ${b} / ${Math.max(0, alpha).toFixed(3)})`;
}

export function blend(from: Rgb, to: Rgb, share: number): Rgb {
  return [
    from[0] + (to[0] - from[0]) * share,
    from[1] + (to[1] - from[1]) * share,
    from[2] + (to[2] - from[2]) * share,
  ];
}

/** Colour of a surface under sky, sun and lamps. */
export function lit(base: Rgb, normal: Point, at: Point, light: Light, lamps: readonly Lamp[]): Rgb {
  let [r, g, b] = light.ambient;
  const { sun } = light;
  if (sun) {
    const facing = Math.max(0, dot(normal, sun.towards));
    [r, g, b] = [r + sun.colour[0] * facing, g + sun.colour[1] * facing, b + sun.colour[2] * facing];
  }
  for (const lamp of lamps) {
    const share = lampShare(lamp, normal, at);
    r += (lamp.colour[0] / 255) * share;
    g += (lamp.colour[1] / 255) * share;
    b += (lamp.colour[2] / 255) * share;
  }
  return [base[0] * r, base[1] * g, base[2] * b];
}

function lampShare(lamp: Lamp, normal: Point, at: Point): number {
  const to: Point = [lamp.at[0] - at[0], lamp.at[1] - at[1], lamp.at[2] - at[2]];
  const distance = Math.hypot(...to);
  if (distance >= lamp.reachM) return 0;
  const facing = Math.max(0, dot(normal, to) / (distance || 1));
  return lamp.power * (1 - distance / lamp.reachM) ** 2 * (0.35 + 0.65 * facing);
}

export function fogged(colour: Rgb, depthM: number, light: Light): Rgb {
  const { colour: fog, fromM, toM, most } = light.fog;
  return blend(colour, fog, most * Math.max(0, Math.min(1, (depthM - fromM) / (toM - fromM))));
}

function dot(a: Point, b: Point): number {
  return a[0] * b[0] + a[1] * b[1] + a[2] * b[2];
}
