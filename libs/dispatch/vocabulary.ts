/**
 * The fixed words of the centre (domain.md 2.1, 2.4 and 5). Codes are data that other systems read; the Spanish names are
 * seed data of the catalogue, not words of a screen.
 */

export const PRIORITIES = ['P1', 'P2', 'P3', 'P4'] as const;
/** P1 life or flagrant violence, P2 crime just occurred, P3 public order, P4 service or information. */
export type Priority = (typeof PRIORITIES)[number];

/** -1 when `a` goes before `b`. */
export function comparePriority(a: Priority, b: Priority): number {
  return Math.sign(PRIORITIES.indexOf(a) - PRIORITIES.indexOf(b));
}

/** How a report reaches the centre (domain.md 2.1). */
export const CHANNELS = {
  TEL_LOCAL: 'Teléfono de la central',
  TEL_105: 'PNP 105',
  TEL_116: 'Bomberos 116',
  TEL_106: 'SAMU 106',
  L100: 'Línea 100',
  E911: 'Central 911',
  RADIO: 'Radio',
  CAMARA: 'Cámara',
  ALARMA_VECINAL: 'Alarma vecinal',
  BOTON_PANICO: 'Botón de pánico',
  APP_WEB: 'Aplicación o web',
  WHATSAPP: 'WhatsApp',
  PRESENCIAL: 'Presencial',
  JUNTA_VECINAL: 'Junta vecinal',
  PNP: 'PNP',
  COER: 'COER',
  PATRULLA: 'Patrulla (intervención directa)',
  SENSOR: 'Sensor',
} as const;
export type Channel = keyof typeof CHANNELS;
export const CHANNEL_CODES = Object.keys(CHANNELS) as readonly Channel[];

/** To whom an incident may be referred (domain.md 5 and 2.5). */
export const AGENCIES = {
  PNP: 'Policía Nacional del Perú',
  'PNP-F': 'PNP Familia',
  'PNP-T': 'PNP Tránsito',
  DEP: 'DEPINCRI',
  MP: 'Fiscalía penal de turno',
  'MP-P': 'Fiscalía de prevención del delito',
  BOM: 'Bomberos',
  SAMU: 'SAMU',
  CEM: 'Centro Emergencia Mujer',
  DEM: 'DEMUNA',
  CAP: 'Capitanía de Puerto',
  GRD: 'Gestión del riesgo de desastres',
  COER: 'COER Moquegua',
  FIS: 'Fiscalización',
  TRA: 'Transporte municipal',
  EPS: 'EPS Ilo',
  ELE: 'Electrosur',
  IND: 'Brigada industrial',
  AMB: 'Área ambiental / OEFA',
  SAL: 'Red de Salud',
  SUB: 'Subprefectura',
  LIM: 'Limpieza pública',
  JV: 'Juntas vecinales',
} as const;
export type Agency = keyof typeof AGENCIES;
export const AGENCY_CODES = Object.keys(AGENCIES) as readonly Agency[];

/** How fast a kind of unit gets through a town; the classes of {@link SPEED_KMH} in travel-time.ts. */
export type SpeedClass = 'foot' | 'bicycle' | 'motorcycle' | 'car' | 'drone' | 'fixed';

export interface UnitKindWords {
  readonly name: string;
  readonly speedClass: SpeedClass;
}

/** Kinds of unit (domain.md 5). A camera post is a unit that never travels: it looks. */
export const UNIT_KINDS = {
  MOV: { name: 'Móvil (camioneta)', speedClass: 'car' },
  MOT: { name: 'Motorizado', speedClass: 'motorcycle' },
  PIE: { name: 'Sereno a pie', speedClass: 'foot' },
  BIC: { name: 'Ciclista', speedClass: 'bicycle' },
  K9: { name: 'Brigada canina', speedClass: 'car' },
  CAM: { name: 'Operador de cámaras', speedClass: 'fixed' },
  DRON: { name: 'Dron', speedClass: 'drone' },
  PI: { name: 'Patrullaje integrado', speedClass: 'car' },
  FISC: { name: 'Fiscalización', speedClass: 'car' },
  GRDU: { name: 'Gestión del riesgo', speedClass: 'car' },
} as const satisfies Readonly<Record<string, UnitKindWords>>;
export type UnitKind = keyof typeof UNIT_KINDS;
export const UNIT_KIND_CODES = Object.keys(UNIT_KINDS) as readonly UnitKind[];

/** What a crew member is trained for (domain.md 2.2, field roles). */
export const SKILLS = ['paramedic', 'drone-pilot', 'dog-handler', 'fire', 'water-rescue', 'negotiation'] as const;
export type Skill = (typeof SKILLS)[number];

/** How a type of incident is to be attended, beside who goes (domain.md 5.1, units column). */
export const INSTRUCTIONS = [
  'cordon',
  'cordon-upwind',
  'discreet',
  'no-open-radio',
  'no-foot-alone',
  'to-safe-zone',
  'requester-decides',
  'tell-line-100',
] as const;
export type Instruction = (typeof INSTRUCTIONS)[number];

/** Why an incident was dismissed without being attended (domain.md 2.4). A duplicate is merged, not dismissed. */
export const DISMISSAL_CAUSES = ['false-call', 'nuisance-call', 'not-located', 'test', 'not-ours'] as const;
export type DismissalCause = (typeof DISMISSAL_CAUSES)[number];

/** How an attended incident ended. */
export const DISPOSITIONS = [
  'attended',
  'controlled-on-arrival',
  'detained-handed-over',
  'transferred-to-hospital',
  'handed-to-agency',
  'caller-withdrew',
  'nothing-found',
  'false-alarm',
  'recorded-only',
] as const;
export type Disposition = (typeof DISPOSITIONS)[number];

/** Whether anybody of ours or of another agency did something at the place: the numerator of "% attended". */
export function countsAsAttended(disposition: Disposition): boolean {
  return disposition !== 'recorded-only' && disposition !== 'caller-withdrew';
}
