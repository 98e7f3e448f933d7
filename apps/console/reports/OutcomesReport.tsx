import type { Agency, DismissalCause, Disposition } from '#libs/dispatch';
import { outcomesReportView, type OutcomesReportView } from '#libs/wire';
import { countUp } from '../i18n/format.ts';
import { useWords } from '../i18n/language.tsx';
import { FigureTable, Nothing, Report } from './Report.tsx';
import { inOrder, keyWords } from './key-words.ts';
import type { Question } from './question.ts';

const TALLIES = [
  'open',
  'attended',
  'unattended',
  'dismissed',
  'falseAlarm',
  'falseCall',
  'referred',
  'merged',
] as const;
type Tally = NonNullable<OutcomesReportView['total']>;

/** How incidents ended. */
export function OutcomesReport({ question }: { readonly question: Question }) {
  return (
    <Report name="outcomes" question={question} schema={outcomesReportView}>
      {(view) => <Outcomes view={view} />}
    </Report>
  );
}

function Outcomes({ view }: { readonly view: OutcomesReportView }) {
  const { say } = useWords();
  const { by, names, total } = view;
  if (total !== null && total.count + total.merged === 0) return <Nothing />;
  const words = (key: string | null): string => keyWords(by, key, names, say);
  const row = (tally: Tally, name: string) => [name, tally.count, ...TALLIES.map((one) => tally[one])];
  return (
    <>
      {total === null && <p className="notice notice--hint">{say('reports.tooFew')}</p>}
      {view.hiddenGroups > 0 && (
        <p className="notice notice--hint">{say('reports.hidden', { count: view.hiddenGroups })}</p>
      )}
      <FigureTable
        label={say('reports.tab.outcomes')}
        columns={[
          { title: say(`reports.by.${by}`) },
          { title: say('reports.incidents') },
          ...TALLIES.map((one) => ({ title: say(`reports.outcome.${one}`) })),
        ]}
        rows={[
          ...inOrder(by, view.groups, words).map((group) => ({
            key: group.key ?? '',
            cells: row(group, words(group.key)),
          })),
          ...(total ? [{ key: 'total', cells: row(total, say('reports.total')), sum: true }] : []),
        ]}
      />
      <p className="reports__note">{say('reports.outcomes.note')}</p>
      <div className="reports__pair">
        <Causes
          title={say('reports.dispositions')}
          rows={view.dispositions.map(({ code, count }) => [say(`disposition.${code satisfies Disposition}`), count])}
        />
        <Causes
          title={say('reports.dismissals')}
          rows={view.dismissals.map(({ code, count }) => [say(`dismissal.${code satisfies DismissalCause}`), count])}
        />
      </div>
      <Referrals view={view} />
    </>
  );
}

/** Causes with their numbers and a bar as long as the number. */
function Causes({
  title,
  rows,
}: {
  readonly title: string;
  readonly rows: readonly (readonly [string, number | null])[];
}) {
  const { say } = useWords();
  const most = Math.max(1, ...rows.map(([, count]) => count ?? 0));
  return (
    <section className="stack stack--tight">
      <h2 className="reports__title">{title}</h2>
      {rows.length === 0 && <p>{say('reports.none.records')}</p>}
      <dl className="reports__bars">
        {rows.map(([name, count]) => (
          <div key={name}>
            <dt>{name}</dt>
            <dd>
              <meter min={0} max={most} value={count ?? 0} aria-hidden="true" />
              <span>{count ?? '<5'}</span>
            </dd>
          </div>
        ))}
      </dl>
    </section>
  );
}

function Referrals({ view }: { readonly view: OutcomesReportView }) {
  const { say } = useWords();
  return (
    <section className="stack stack--tight">
      <h2 className="reports__title">{say('reports.referrals')}</h2>
      {view.referrals.length === 0 ? (
        <p>{say('reports.noReferrals')}</p>
      ) : (
        <FigureTable
          label={say('reports.referrals')}
          columns={[
            { title: say('reports.agency') },
            { title: say('reports.outcome.referred') },
            { title: say('reports.taken') },
            { title: say('reports.declined') },
            { title: say('reports.unanswered') },
            { title: say('reports.answerTime') },
            { title: say('reports.takenBy'), words: true },
          ]}
          rows={view.referrals.map((one) => ({
            key: one.agency,
            cells: [
              say(`agency.${one.agency as Agency}`),
              one.count,
              one.taken,
              one.declined,
              one.unanswered,
              one.medianMs === null || one.p90Ms === null
                ? '–'
                : `${countUp(one.medianMs)} · ${say('reports.p90')} ${countUp(one.p90Ms)}`,
              one.takenBy.map(({ name, count }) => `${name} (${count})`).join(', ') || '–',
            ],
          }))}
        />
      )}
    </section>
  );
}
