import type { CreateSectorBody, Ring } from '#libs/wire';

const ORIGIN = 'Sector de demostración, trazado a mano sobre el mapa esquemático: no es la sectorización oficial.';

function sector(name: string, minUnits: number, corners: readonly (readonly [number, number])[]): CreateSectorBody {
  const ring: Ring = corners.map(([longitudeDeg, latitudeDeg]) => [longitudeDeg, latitudeDeg]);
  return { name, kind: 'patrol', minUnits, notes: ORIGIN, ring: [...ring, ring[0]!] };
}

/** Patrol sectors by the quarters of the scheme. Neighbours share their corners. */
export const DEMO_SECTORS: readonly CreateSectorBody[] = [
  sector('Puerto', 1, [
    [-71.345, -17.6385],
    [-71.3475, -17.645],
    [-71.3492, -17.65],
    [-71.35, -17.6529],
    [-71.3375, -17.6529],
    [-71.33725, -17.6505],
    [-71.3362, -17.6405],
  ]),
  sector('Miramar', 0, [
    [-71.35, -17.6529],
    [-71.348, -17.66],
    [-71.344, -17.666],
    [-71.3372, -17.664],
    [-71.3375, -17.6529],
  ]),
  sector('Alto Ilo', 1, [
    [-71.343, -17.624],
    [-71.3412, -17.632],
    [-71.345, -17.6385],
    [-71.3362, -17.6405],
    [-71.332, -17.638],
    [-71.332, -17.624],
  ]),
  sector('Pampa norte', 1, [
    [-71.332, -17.6335],
    [-71.332, -17.638],
    [-71.3362, -17.6405],
    [-71.33725, -17.6505],
    [-71.3155, -17.6495],
    [-71.3155, -17.634],
  ]),
  sector('Pampa sur', 1, [
    [-71.33725, -17.6505],
    [-71.3375, -17.6529],
    [-71.3372, -17.664],
    [-71.315, -17.664],
    [-71.3155, -17.6495],
  ]),
  sector('Pampa este', 0, [
    [-71.3155, -17.634],
    [-71.3155, -17.648],
    [-71.303, -17.648],
    [-71.303, -17.63],
    [-71.3155, -17.63],
  ]),
  sector('Pacocha', 0, [
    [-71.3455, -17.6085],
    [-71.343, -17.624],
    [-71.332, -17.624],
    [-71.334, -17.6085],
  ]),
];
