import type { Agency } from '#libs/dispatch';
import type { IncidentTypeView } from '#libs/wire';

const POLICE: ReadonlySet<Agency> = new Set(['PNP', 'PNP-F', 'PNP-T']);

/** Which police a type is for: Familia, Tránsito, or the plain one. One key serves all. */
export function policeOf(type: Pick<IncidentTypeView, 'agencies'> | undefined): Agency {
  return type?.agencies.find((agency) => POLICE.has(agency)) ?? 'PNP';
}
