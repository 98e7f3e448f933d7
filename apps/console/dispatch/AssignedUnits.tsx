import { phaseIndex, type AssignmentPhase } from '#libs/dispatch';
import type { IncidentDetail } from '#libs/wire';
import { clockTime, countUp } from '../i18n/format.ts';
import { useWords } from '../i18n/language.tsx';
import { useServerNowMs } from '../live/services.tsx';
import { may } from '../ui/session.ts';
import { UnitMark } from '../ui/UnitMark.tsx';
import { useDesk, type DispatchWish } from './desk.ts';
import { phaseLook } from '../ui/unit-look.ts';

type Step = 'acknowledgeAssignment' | 'enRoute' | 'arrive';
const STEPS: readonly (readonly [Step, AssignmentPhase])[] = [
  ['acknowledgeAssignment', 'acknowledged'],
  ['enRoute', 'en-route'],
  ['arrive', 'on-scene'],
];

/** Units that were sent, and what the dispatcher notes for them by radio. */
export function AssignedUnits({ incident }: { readonly incident: IncidentDetail }) {
  const { say } = useWords();
  const active = incident.assignments.filter(({ end }) => end === null);
  if (active.length === 0) return null;
  return (
    <section className="part" aria-label={say('detail.assigned')}>
      <h3>{say('detail.assigned')}</h3>
      <ul className="assigned">
        {active.map((assignment) => (
          <Row key={assignment.id} incidentId={incident.id} assignment={assignment} />
        ))}
      </ul>
    </section>
  );
}

interface RowProps {
  readonly incidentId: string;
  readonly assignment: IncidentDetail['assignments'][number];
}

function Row({ incidentId, assignment }: RowProps) {
  const { say } = useWords();
  const desk = useDesk();
  const nowMs = useServerNowMs();
  const { unitId, phase, reachedAtMs } = assignment;
  const callSign = desk.callSign(unitId);
  const atMs = reachedAtMs[phase] ?? reachedAtMs.assigned ?? nowMs;
  const note = (wish: DispatchWish): void => void desk.attempt(() => desk.dispatch(incidentId, wish));
  const next = STEPS.filter(([, to]) => phaseIndex(to) > phaseIndex(phase));
  return (
    <li>
      <b>{callSign}</b>
      <span className={`unit-chip unit-mark--${phaseLook(phase)}`} title={clockTime(atMs)}>
        {say(`phase.${phase}`)} <UnitMark look={phaseLook(phase)} />
      </span>
      <time>{countUp(nowMs - atMs)}</time>
      {may(desk.session, 'incident:dispatch') && (
        <span className="assigned__acts">
          {next.map(([kind]) => (
            <button key={kind} type="button" className="act" onClick={() => note({ kind, unitId })}>
              {say(`unit.act.${kind}`)}
            </button>
          ))}
          <button type="button" className="act" onClick={() => note({ kind: 'clear', unitId, note: '' })}>
            {say('unit.act.clear')}
          </button>
          <button type="button" className="act" onClick={() => desk.open({ kind: 'withdraw', unitId, callSign })}>
            {say('unit.act.withdraw')}
          </button>
        </span>
      )}
    </li>
  );
}
