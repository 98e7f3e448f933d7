import type { IncidentType } from './incident-type.ts';
import { emergencies } from './seed-emergencies.ts';
import { people } from './seed-people.ts';
import { streets } from './seed-streets.ts';

/**
 * The catalogue as it is seeded (domain.md 5.1, built on the list of a real municipality): 58 types and five more that a
 * centre may switch on. From then on the table in the database is the catalogue.
 */
export function seedTypes(): readonly IncidentType[] {
  return [...people(), ...streets(), ...emergencies()];
}
