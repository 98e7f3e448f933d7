import type { Priority } from '#libs/dispatch';
import type { CameraState, RiskLevel } from '#libs/wire';
import type { UnitLook } from '../ui/unit-look.ts';

/** Colours that the canvas needs as words, read from the one token file. */
export interface Palette {
  readonly page: string;
  readonly land: string;
  readonly sea: string;
  readonly coast: string;
  readonly river: string;
  readonly avenue: string;
  readonly street: string;
  readonly blind: string;
  readonly text: string;
  readonly accent: string;
  readonly camera: Readonly<Record<CameraState, string>>;
  readonly risk: Readonly<Record<RiskLevel, string>>;
  readonly priority: Readonly<Record<Priority, string>>;
  readonly unit: Readonly<Record<UnitLook, string>>;
}

export function readPalette(element: Element): Palette {
  const style = getComputedStyle(element);
  const token = (name: string): string => style.getPropertyValue(`--${name}`).trim();
  return {
    page: token('page'),
    land: token('map-land'),
    sea: token('map-sea'),
    coast: token('map-coast'),
    river: token('map-river'),
    avenue: token('map-avenue'),
    street: token('map-street'),
    blind: token('map-blind'),
    text: token('text'),
    accent: token('accent'),
    camera: {
      online: token('camera-online'),
      connecting: token('camera-connecting'),
      degraded: token('camera-degraded'),
      offline: token('camera-offline'),
      standby: token('camera-standby'),
    },
    priority: { P1: token('p1'), P2: token('p2'), P3: token('p3'), P4: token('p4') },
    unit: {
      free: token('unit-free'),
      route: token('unit-route'),
      scene: token('unit-scene'),
      away: token('unit-away'),
      silent: token('unit-away'),
      sos: token('unit-sos'),
    },
    risk: { high: token('risk-high'), medium: token('risk-medium'), low: token('risk-low') },
  };
}
