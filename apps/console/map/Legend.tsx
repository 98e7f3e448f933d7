import { CAMERA_STATES, RISK_LEVELS, type CameraView, type ZoneView } from '#libs/wire';
import { useWords } from '../i18n/language.tsx';
import { UnitMark } from '../ui/UnitMark.tsx';
import { StateMark } from '../ui/StateMark.tsx';

export interface LegendProps {
  readonly cameras: readonly CameraView[];
  readonly zones: readonly ZoneView[];
  readonly blind?: boolean;
  /** Marks of units, on maps that have them. */
  readonly units?: boolean;
}

/** What the marks mean that are on the map now: the same words and shapes as in every list. */
export function Legend({ cameras, zones, blind = false, units = false }: LegendProps) {
  const { say } = useWords();
  const states = CAMERA_STATES.filter((state) => cameras.some(({ health }) => health.state === state));
  const levels = RISK_LEVELS.toReversed().filter((level) => zones.some(({ riskLevel }) => riskLevel === level));
  if (states.length + levels.length === 0 && !units) return null;
  return (
    <ul className="legend" aria-label={say('map.legend')}>
      {units &&
        UNIT_MARKS.map((look) => (
          <li key={look} className="legend__item">
            <UnitMark look={look} />
            {say(`unit.look.${look}`)}
          </li>
        ))}
      {states
        .toSorted((a, b) => ORDER.indexOf(a) - ORDER.indexOf(b))
        .map((state) => (
          <li key={state} className="legend__item">
            <StateMark state={state} />
            {say(`state.${state}`)}
          </li>
        ))}
      {levels.map((level) => (
        <li key={level} className="legend__item">
          <span className={`legend__zone legend__zone--${level}`} aria-hidden="true" />
          {say(`risk.legend.${level}`)}
        </li>
      ))}
      {blind && (
        <li className="legend__item">
          <span className="legend__zone legend__zone--blind" aria-hidden="true" />
          {say('coverage.blind')}
        </li>
      )}
    </ul>
  );
}

const UNIT_MARKS = ['free', 'route', 'scene', 'silent'] as const;

/** From well to unwell. */
const ORDER = ['online', 'standby', 'connecting', 'degraded', 'offline'];
