import type { IncidentGroup, IncidentType } from './incident-type.ts';
import type { Agency, Priority, UnitKind } from './vocabulary.ts';

type Flags = '' | 'm' | 'v' | 'e' | 'mv' | 'ev';
type More = Partial<Pick<IncidentType, 'everyAgency' | 'everyUnit' | 'skills' | 'instructions' | 'enabled'>>;

/** One row of the seed. Flags: m masked, v video bookmark, e EDAN. Words are split at commas. */
export function row(
  code: string,
  name: string,
  priority: Priority,
  agencies: readonly Agency[],
  unitKinds: readonly UnitKind[],
  flags: Flags,
  words: string,
  more: More = {},
): IncidentType {
  return {
    code,
    group: code.slice(0, 3) as IncidentGroup,
    name,
    priority,
    agencies,
    everyAgency: more.everyAgency ?? false,
    unitKinds,
    everyUnit: more.everyUnit ?? false,
    skills: more.skills ?? [],
    instructions: more.instructions ?? [],
    masked: flags.includes('m'),
    video: flags.includes('v'),
    edan: flags.includes('e'),
    enabled: more.enabled ?? true,
    words: words === '' ? [] : words.split(',').map((word) => word.trim()),
  };
}
