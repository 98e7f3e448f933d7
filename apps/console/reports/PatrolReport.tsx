import { patrolReportView, type PatrolReportView, type SessionView } from '#libs/wire';
import { decimal } from '../i18n/format.ts';
import { useWords } from '../i18n/language.tsx';
import { Empty } from '../ui/States.tsx';
import { may } from '../ui/session.ts';
import { FigureTable, Report } from './Report.tsx';
import { daysOf, type Question } from './question.ts';

/** As many as the export of positions takes at once. */
const SIPCOP_DAYS = 31;

/** What units drove and attended. */
export function PatrolReport({ question, session }: { readonly question: Question; readonly session: SessionView }) {
  return (
    <Report name="patrol" question={question} schema={patrolReportView}>
      {(view) => <Patrol view={view} session={session} />}
    </Report>
  );
}

function Patrol({ view, session }: { readonly view: PatrolReportView; readonly session: SessionView }) {
  const { say } = useWords();
  const { measuredDays, missingDays, running, units, areas } = view;
  const measured = measuredDays.length;
  return (
    <>
      <p>{say('reports.patrol.base', { measured, all: measured + missingDays, running })}</p>
      {units.length === 0 && areas.length === 0 && view.total.attendances === 0 ? (
        <Empty icon="chart" title={say('reports.patrol.none')} />
      ) : (
        <Units view={view} />
      )}
      {areas.length > 0 && <Areas view={view} />}
      <p className="reports__note">{say('reports.patrol.note')}</p>
      {may(session, 'unit:manage') && daysOf(view) <= SIPCOP_DAYS && (
        <p className="reports__line">
          <a
            className="button"
            href={`/api/positions/metrics.csv?fromDay=${view.fromDay}&toDay=${view.toDay}`}
            download
          >
            {say('reports.patrol.sipcop')}
          </a>
          <span>{say('reports.patrol.sipcop.hint')}</span>
        </p>
      )}
    </>
  );
}

type Figures = PatrolReportView['total'];

function Units({ view }: { readonly view: PatrolReportView }) {
  const { say, language } = useWords();
  const km = (value: number): string => decimal(value, 1, language);
  const row = (figures: Figures, name: string) => [
    name,
    figures.days,
    km(figures.distanceKm),
    figures.days === 0 ? '–' : km(figures.distanceKm / figures.days),
    hours(figures.movingMin),
    hours(figures.standingMin),
    hours(figures.unknownMin),
    figures.attendances,
    figures.arrivals,
    hours(figures.busyMin),
  ];
  const names = [
    'unit',
    'days',
    'km',
    'perDay',
    'moving',
    'standing',
    'unknown',
    'attendances',
    'arrivals',
    'busy',
  ] as const;
  const units = view.units.toSorted((a, b) => b.distanceKm - a.distanceKm);
  return (
    <section className="stack stack--tight">
      <h2 className="reports__title">{say('reports.patrol.byUnit')}</h2>
      {units.length === 0 && <p>{say('reports.patrol.noUnits')}</p>}
      <FigureTable
        label={say('reports.patrol.byUnit')}
        columns={names.map((name) => ({ title: say(`reports.patrol.${name}`) }))}
        rows={[
          ...units.map((unit) => ({
            key: unit.unitId,
            cells: row(unit, view.names[unit.unitId] ?? say('reports.none')),
          })),
          { key: 'total', cells: row(view.total, say('reports.total')), sum: true },
        ]}
      />
    </section>
  );
}

function Areas({ view }: { readonly view: PatrolReportView }) {
  const { say } = useWords();
  return (
    <section className="stack stack--tight">
      <h2 className="reports__title">{say('reports.patrol.areas')}</h2>
      <FigureTable
        label={say('reports.patrol.areas')}
        columns={[
          { title: say('reports.patrol.area') },
          { title: say('reports.patrol.minutes') },
          { title: say('reports.patrol.units') },
        ]}
        rows={view.areas.map(({ id, minutes, units }) => ({
          key: id,
          cells: [view.names[id] ?? say('reports.none'), hours(minutes), units],
        }))}
      />
    </section>
  );
}

/** `3 h 05`. */
function hours(minutes: number): string {
  const whole = Math.round(minutes);
  return `${Math.floor(whole / 60)} h ${String(whole % 60).padStart(2, '0')}`;
}
