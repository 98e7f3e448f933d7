import { type Priority } from '#libs/dispatch';
import type { RecommendationView } from '#libs/wire';
import { age, countUp, distance, type Language } from '../i18n/format.ts';
import type { Say } from '../i18n/messages.ts';

export type RecommendedUnit = RecommendationView['units'][number];
type Reason = RecommendedUnit['reasons'][number];

/** Names that codes of a reason stand for, as the page knows them. */
export interface ReasonNames {
  incidentCode(id: string): string;
  sectorName(id: string): string;
}

/** Minutes and seconds of a drive: `1:50`. */
export function driveTime(durationMs: number): string {
  return countUp(durationMs).replace(/^0(?=\d:)/, '');
}

/** One reason in words. */
export function reasonWords(reason: Reason, say: Say, language: Language, names: ReasonNames): string {
  switch (reason.factor) {
    case 'travel': {
      const { durationMs, distanceM, estimated } = reason.travel;
      const filling = { duration: driveTime(durationMs), distance: distance(distanceM, language) };
      return estimated ? say('why.travel.estimated', filling) : say('why.travel', filling);
    }
    case 'old-fix':
      return say('why.old-fix', { age: age(reason.ageMs) });
    case 'right-kind':
      return say('why.right-kind', { kind: say(`unitKind.${reason.kind}`) });
    case 'other-kind':
      return say('why.other-kind', { kind: say(`unitKind.${reason.kind}`) });
    case 'has-skill':
      return say('why.has-skill', { skill: say(`skill.${reason.skill}`) });
    case 'lacks-skill':
      return say('why.lacks-skill', { skill: say(`skill.${reason.skill}`) });
    case 'workload':
      return reason.assignments === 1 ? say('why.workload.one') : say('why.workload', { count: reason.assignments });
    case 'needs-reason':
      return say(`soft.${reason.code}`);
    case 'preempts':
      return say('why.preempts', { code: names.incidentCode(reason.incidentId), priority: reason.priority });
    case 'uncovers':
      return uncovers(reason, say, names);
    case 'own-sector':
      return say('why.own-sector');
  }
}

function uncovers(reason: Extract<Reason, { factor: 'uncovers' }>, say: Say, names: ReasonNames): string {
  const sector = names.sectorName(reason.sectorId);
  return reason.left === 0
    ? say('why.uncovers.none', { sector })
    : say('why.uncovers', { sector, left: reason.left, needed: reason.needed });
}

/** What speaks for or against a unit beside its way, which stands in columns of its own. What weighs most comes first. */
export function otherReasons(unit: RecommendedUnit): Reason[] {
  return unit.reasons
    .filter(({ factor }) => factor !== 'travel')
    .filter((reason) => reason.factor !== 'workload' || reason.assignments > 0)
    .toSorted((a, b) => b.penaltyMs - a.penaltyMs);
}

/** What an assignment takes from another incident, for the question before it. */
export function preemption(unit: RecommendedUnit): { readonly incidentId: string; readonly priority: Priority } | null {
  const found = unit.reasons.find((reason) => reason.factor === 'preempts');
  return found?.factor === 'preempts' ? found : null;
}
