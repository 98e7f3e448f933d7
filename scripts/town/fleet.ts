import type { UnitKind } from '#libs/dispatch';
import type { Gait } from './drive.ts';

/** What a pretended unit is. */
export interface UnitSpec {
  readonly callSign: string;
  readonly kind: UnitKind;
  readonly vehicle: { readonly plate: string; readonly model: string } | null;
  readonly equipment: readonly string[];
  /** Quarter of the scheme where it patrols. */
  readonly quarter: string;
  /** Name of its patrol sector. */
  readonly sector: string;
}

const RADIO = 'Radio portátil';
const BODY_CAMERA = 'Cámara corporal';
const VAN = [RADIO, BODY_CAMERA, 'Botiquín', 'Extintor', 'Megáfono', 'Conos'];
const BIKE = [RADIO, BODY_CAMERA, 'Chaleco'];
const FOOT = [RADIO, 'Vara', 'Silbato'];

function unit(
  callSign: string,
  kind: UnitKind,
  [quarter, sector]: readonly [string, string],
  [plate, model]: readonly [string, string] | [] = [],
): UnitSpec {
  const equipment = kind === 'MOT' ? BIKE : kind === 'PIE' ? FOOT : VAN;
  const vehicle = plate === undefined || model === undefined ? null : { plate, model };
  return { callSign, kind, vehicle, equipment, quarter, sector };
}

const PORT = ['El Puerto', 'Puerto'] as const;
const PAMPA_NORTH = ['Pampa Inalámbrica norte', 'Pampa norte'] as const;
const PAMPA_SOUTH = ['Pampa Inalámbrica sur', 'Pampa sur'] as const;
const HIGH_ILO = ['Alto Ilo', 'Alto Ilo'] as const;
const MIRAMAR = ['Miramar', 'Miramar'] as const;
const PACOCHA = ['Pueblo Nuevo', 'Pacocha'] as const;
const PROMUVI = ['PROMUVI I', 'Pampa este'] as const;

/**
 * Call signs as a Peruvian centre uses them (domain.md 2.3): Halcón drives, Cazador rides, Sierra Bravo walks. Plates are
 * of the form of those of the state and made up.
 */
export const FLEET: readonly UnitSpec[] = [
  unit('Halcón 1', 'MOV', PORT, ['EGX-101', 'Toyota Hilux']),
  unit('Halcón 2', 'MOV', PAMPA_NORTH, ['EGX-102', 'Toyota Hilux']),
  unit('Halcón 3', 'MOV', PAMPA_SOUTH, ['EGX-103', 'Nissan Frontier']),
  unit('Halcón 4', 'MOV', PACOCHA, ['EGX-104', 'Nissan Frontier']),
  unit('Cazador 1', 'MOT', PORT, ['EGM-211', 'Honda XRE 300']),
  unit('Cazador 2', 'MOT', PAMPA_NORTH, ['EGM-212', 'Honda XRE 300']),
  unit('Cazador 3', 'MOT', HIGH_ILO, ['EGM-213', 'Yamaha XTZ 250']),
  unit('Cazador 4', 'MOT', PROMUVI, ['EGM-214', 'Yamaha XTZ 250']),
  unit('Sierra Bravo 1', 'PIE', PORT),
  unit('Sierra Bravo 2', 'PIE', PAMPA_SOUTH),
  unit('Integrado 1', 'PI', PAMPA_SOUTH, ['EPD-305', 'Hyundai Santa Fe']),
  unit('Can 1', 'K9', MIRAMAR, ['EGX-108', 'Toyota Hilux']),
];

const HOMES = [PORT, PAMPA_NORTH, PAMPA_SOUTH, HIGH_ILO, MIRAMAR, PACOCHA, PROMUVI];
/** Of ten units of a load run so many drive, ride and walk. */
const LOAD_KINDS: readonly UnitKind[] = ['MOV', 'MOT', 'MOV', 'PIE', 'MOT', 'MOV', 'MOT', 'PI', 'MOV', 'PIE'];

/** Units of a load run: `Carga 0001` and so on, always the same ones for a number. */
export function loadFleet(count: number): readonly UnitSpec[] {
  return Array.from({ length: count }, (_, index) => {
    const number = String(index + 1).padStart(4, '0');
    const kind = LOAD_KINDS[index % LOAD_KINDS.length]!;
    const vehicle = kind === 'PIE' ? ([] as const) : ([`C-${number}`, 'Vehículo de prueba de carga'] as const);
    return unit(`Carga ${number}`, kind, HOMES[index % HOMES.length]!, [...vehicle] as [string, string] | []);
  });
}

const CAR: Gait = { speedShare: 1, topKmh: 70, gainMs2: 1.8, brakeMs2: 2.6, cornerKmh: 14 };
const MOTORCYCLE: Gait = { speedShare: 1.15, topKmh: 75, gainMs2: 2.6, brakeMs2: 3, cornerKmh: 18 };
const WALKER: Gait = { speedShare: 1, topKmh: 4.8, gainMs2: 1.5, brakeMs2: 1.5, cornerKmh: 4.8 };
const BICYCLE: Gait = { speedShare: 1, topKmh: 15, gainMs2: 0.8, brakeMs2: 1.5, cornerKmh: 8 };

/** How a unit of a kind moves along a road. */
export function gaitOf(kind: UnitKind): Gait {
  if (kind === 'PIE') return WALKER;
  if (kind === 'BIC') return BICYCLE;
  return kind === 'MOT' ? MOTORCYCLE : CAR;
}
