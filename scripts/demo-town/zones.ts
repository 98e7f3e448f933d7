import type { CreateZoneBody, Ring } from '#libs/wire';

const DEG_PER_M_NORTH = 1 / 111_000;
/** At 17.65 degrees south: cos(17.65°) = 0.953. */
const DEG_PER_M_EAST = 1 / 106_000;

const ORIGIN = 'Zona de demostración, trazada a mano sobre puntos de ±200 m a 1 km: no es cartografía oficial. ';

/**
 * Areas that people in Ilo and the press name as risky, as schematic outlines around known points. They show how zones
 * and coverage work; an operator draws the real ones.
 */
export const DEMO_ZONES: readonly CreateZoneBody[] = [
  {
    name: 'Mercado Pacocha',
    riskLevel: 'high',
    ring: outline(-17.6475, -71.3441, [
      [-170, -130],
      [180, -150],
      [210, 60],
      [150, 170],
      [-120, 160],
      [-200, 20],
    ]),
    notes: `${ORIGIN}Av. A. A. Cáceres, Jr. 28 de Julio y Ca. Matará: hurto y arrebato en horas de comercio.`,
  },
  {
    name: 'J. C. Mariátegui · Boca del Sapo',
    riskLevel: 'high',
    ring: outline(-17.66, -71.3325, [
      [-260, -210],
      [60, -260],
      [280, -120],
      [240, 190],
      [-80, 260],
      [-290, 110],
    ]),
    notes: `${ORIGIN}Sur de la Pampa Inalámbrica; poca iluminación.`,
  },
  {
    name: 'Los Ángeles',
    riskLevel: 'high',
    ring: outline(-17.635, -71.3255, [
      [-300, -180],
      [120, -240],
      [320, -40],
      [260, 220],
      [-180, 240],
      [-340, 40],
    ]),
    notes: `${ORIGIN}Norte de la Pampa Inalámbrica.`,
  },
  {
    name: 'Varadero artesanal',
    riskLevel: 'high',
    ring: outline(-17.65, -71.348, [
      [-150, -190],
      [90, -180],
      [150, 40],
      [70, 210],
      [-130, 190],
    ]),
    notes: `${ORIGIN}Desembarcadero y entorno, de madrugada.`,
  },
  {
    name: 'Malecón · Plaza de Armas',
    riskLevel: 'medium',
    ring: outline(-17.6455, -71.3462, [
      [-190, -140],
      [160, -170],
      [230, 30],
      [120, 180],
      [-150, 150],
    ]),
    notes: `${ORIGIN}Malecones y paseo: concurrencia nocturna y fines de semana.`,
  },
  {
    name: 'Óvalo Pampa Inalámbrica',
    riskLevel: 'medium',
    ring: outline(-17.6507, -71.3294, [
      [-180, -180],
      [170, -190],
      [220, 40],
      [160, 200],
      [-170, 180],
      [-230, 0],
    ]),
    notes: `${ORIGIN}Paraderos y comercio.`,
  },
];

/** Closed outline from offsets `[east, north]` in metres around a point. */
function outline(latitudeDeg: number, longitudeDeg: number, corners: readonly (readonly [number, number])[]): Ring {
  const ring = corners.map(([eastM, northM]): [number, number] => [
    round(longitudeDeg + eastM * DEG_PER_M_EAST),
    round(latitudeDeg + northM * DEG_PER_M_NORTH),
  ]);
  return [...ring, ring[0]!];
}

function round(degrees: number): number {
  return Math.round(degrees * 1e6) / 1e6;
}
