import type { CreateSectorBody, Ring } from '#libs/wire';

type Colour = CreateSectorBody['colour'];

const ORIGIN = 'Sector de demostración, trazado a mano sobre el mapa esquemático: no es la sectorización oficial.';

function sector(
  code: string,
  name: string,
  colour: Colour,
  minUnits: number,
  corners: readonly (readonly [number, number])[],
): CreateSectorBody {
  const ring: Ring = corners.map(([longitudeDeg, latitudeDeg]) => [longitudeDeg, latitudeDeg]);
  const shape = { ring: [...ring, ring[0]!], allowOverlap: false };
  return { code, name, kind: 'patrol', colour, hours: [], minUnits, notes: ORIGIN, ...shape };
}

/** Patrol sectors by the quarters of the scheme. Neighbours share their corners. */
export const DEMO_SECTORS: readonly CreateSectorBody[] = [
  sector('S1', 'Puerto', 'blue', 1, [
    [-71.345, -17.6385],
    [-71.3475, -17.645],
    [-71.3492, -17.65],
    [-71.35, -17.6529],
    [-71.3375, -17.6529],
    [-71.33725, -17.6505],
    [-71.3362, -17.6405],
  ]),
  sector('S2', 'Miramar', 'teal', 0, [
    [-71.35, -17.6529],
    [-71.348, -17.66],
    [-71.344, -17.666],
    [-71.3372, -17.664],
    [-71.3375, -17.6529],
  ]),
  sector('S3', 'Alto Ilo', 'green', 1, [
    [-71.343, -17.624],
    [-71.3412, -17.632],
    [-71.345, -17.6385],
    [-71.3362, -17.6405],
    [-71.332, -17.638],
    [-71.332, -17.624],
  ]),
  sector('S4', 'Pampa norte', 'amber', 1, [
    [-71.332, -17.6335],
    [-71.332, -17.638],
    [-71.3362, -17.6405],
    [-71.33725, -17.6505],
    [-71.3155, -17.6495],
    [-71.3155, -17.634],
  ]),
  sector('S5', 'Pampa sur', 'orange', 1, [
    [-71.33725, -17.6505],
    [-71.3375, -17.6529],
    [-71.3372, -17.664],
    [-71.315, -17.664],
    [-71.3155, -17.6495],
  ]),
  sector('S6', 'Pampa este', 'pink', 0, [
    [-71.3155, -17.634],
    [-71.3155, -17.648],
    [-71.303, -17.648],
    [-71.303, -17.63],
    [-71.3155, -17.63],
  ]),
  sector('S7', 'Pacocha', 'purple', 0, [
    [-71.3455, -17.6085],
    [-71.343, -17.624],
    [-71.332, -17.624],
    [-71.334, -17.6085],
  ]),
];
