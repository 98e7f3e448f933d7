import type { Agency, Instruction, Priority, Skill, UnitKind } from './vocabulary.ts';

/** Groups of domain.md 5.1. Duplicates are looked for within one group. */
export const INCIDENT_GROUPS = {
  PAT: 'Patrimonio',
  VID: 'Vida, cuerpo y libertad',
  VIF: 'Familia y vulnerables',
  ORD: 'Orden y tranquilidad',
  DRO: 'Drogas y armas',
  TRA: 'Tránsito',
  FIS: 'Locales y comercio',
  EME: 'Emergencias y Defensa Civil',
  SER: 'Servicio y ambiente',
} as const;
export type IncidentGroup = keyof typeof INCIDENT_GROUPS;

/** One row of the catalogue. Rows are edited and switched off, never deleted: old incidents name them. */
export interface IncidentType {
  /** `GGG-nn`. */
  readonly code: string;
  readonly group: IncidentGroup;
  readonly name: string;
  readonly priority: Priority;
  /** Whom to notify, in order. */
  readonly agencies: readonly Agency[];
  /** Every agency is told (a tsunami). */
  readonly everyAgency: boolean;
  readonly unitKinds: readonly UnitKind[];
  /** Every unit goes, whatever its kind. */
  readonly everyUnit: boolean;
  readonly skills: readonly Skill[];
  readonly instructions: readonly Instruction[];
  /** Personal data is hidden from whoever may not see it (domain.md 4, masking). */
  readonly masked: boolean;
  /** The nearest cameras are bookmarked from 10 minutes before to 20 minutes after. */
  readonly video: boolean;
  /** The rapid damage assessment (EDAN F1) is offered. */
  readonly edan: boolean;
  /** Offered at intake. */
  readonly enabled: boolean;
  /** Other words people use for it, without accents or capitals, for the search. */
  readonly words: readonly string[];
}

/** What a decision needs of the catalogue: the row of a code. */
export interface Catalogue {
  typeOf(code: string): IncidentType | undefined;
}

export function catalogueOf(types: readonly IncidentType[]): Catalogue {
  const byCode = new Map(types.map((type) => [type.code, type]));
  return { typeOf: (code) => byCode.get(code) };
}
