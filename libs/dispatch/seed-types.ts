import type { IncidentType } from './incident-type.ts';
import { EMERGENCIES } from './seed-emergencies.ts';
import { PEOPLE } from './seed-people.ts';
import { STREETS } from './seed-streets.ts';

/**
 * The catalogue as it is seeded (domain.md 5.1, built on the list of a real municipality): 58 types and five more that a
 * centre may switch on. From then on the table in the database is the catalogue.
 */
export const SEED_TYPES: readonly IncidentType[] = [...PEOPLE, ...STREETS, ...EMERGENCIES];
