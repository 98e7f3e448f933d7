import { PRIORITIES } from '#libs/dispatch';
import { timesReportView, type TimesGroupView, type TimesReportView } from '#libs/wire';
import { countUp, percent } from '../i18n/format.ts';
import { useWords } from '../i18n/language.tsx';
import { FigureTable, Nothing, Report } from './Report.tsx';
import { inOrder, keyWords } from './key-words.ts';
import type { Question } from './question.ts';

const STRETCHES = ['dispatch', 'acknowledge', 'departure', 'travel', 'response', 'attention', 'total'] as const;
const TARGETS = ['dispatch', 'onScene'] as const;

/** Dispatch and response times. */
export function TimesReport({ question }: { readonly question: Question }) {
  return (
    <Report name="times" question={question} schema={timesReportView}>
      {(view) => <Times view={view} />}
    </Report>
  );
}

function Times({ view }: { readonly view: TimesReportView }) {
  const { say } = useWords();
  const { base, by, names, total } = view;
  if (base.counted === 0) return <Nothing />;
  const words = (key: string | null): string => keyWords(by, key, names, say);
  const groups = inOrder(by, view.groups, words);
  const columns = [
    { title: say(`reports.by.${by}`) },
    { title: say('reports.incidents') },
    ...STRETCHES.map((name) => ({ title: say(`reports.stretch.${name}`), what: say(`reports.stretch.${name}.what`) })),
    ...TARGETS.map((name) => ({ title: say(`reports.target.${name}`) })),
  ];
  const row = (group: TimesGroupView, name: string) => [
    name,
    group.count,
    ...STRETCHES.map((stretch) => <SpreadCell key={stretch} spread={group.stretches[stretch]} />),
    ...TARGETS.map((target) => <KeptCell key={target} kept={group.targets[target]} />),
  ];
  return (
    <>
      <p>
        {say('reports.base.times', {
          counted: base.counted,
          all: base.inRange,
          merged: base.merged,
          dismissed: base.dismissed,
        })}
      </p>
      {total === null && <p className="notice notice--hint">{say('reports.tooFew')}</p>}
      {view.hiddenGroups > 0 && (
        <p className="notice notice--hint">{say('reports.hidden', { count: view.hiddenGroups })}</p>
      )}
      <FigureTable
        label={say('reports.tab.times')}
        columns={columns}
        rows={[
          ...groups.map((group) => ({ key: group.key ?? '', cells: row(group, words(group.key)) })),
          ...(total ? [{ key: 'total', cells: row(total, say('reports.total')), sum: true }] : []),
        ]}
      />
      <p className="reports__note">{say('reports.times.note')}</p>
      <p className="reports__note">{say('reports.targets', { list: targetsOf(view, say) })}</p>
    </>
  );
}

type Say = ReturnType<typeof useWords>['say'];

function targetsOf({ targets }: TimesReportView, say: Say): string {
  const time = (ms: number | null | undefined): string => (ms == null ? say('reports.target.none') : countUp(ms));
  return PRIORITIES.map((priority) =>
    say('reports.target.line', {
      priority,
      dispatch: time(targets[priority]?.dispatchMs),
      onScene: time(targets[priority]?.onSceneMs),
    }),
  ).join('; ');
}

function SpreadCell({ spread }: { readonly spread: TimesGroupView['stretches']['total'] }) {
  const { say } = useWords();
  const { n, medianMs, p90Ms } = spread;
  if (medianMs === null || p90Ms === null) return <span title={say('reports.none.records')}>–</span>;
  return (
    <span className="reports__spread">
      <b>{countUp(medianMs)}</b>
      <span>
        {say('reports.p90')} {countUp(p90Ms)}
      </span>
      <small>{say('reports.of', { n })}</small>
    </span>
  );
}

function KeptCell({ kept }: { readonly kept: TimesGroupView['targets']['dispatch'] }) {
  const { say } = useWords();
  const done = kept.met + kept.late;
  const words = say('reports.target.kept', kept);
  if (done === 0) return <span title={words}>–</span>;
  return (
    <span className="reports__spread" title={words}>
      <b>{percent(kept.met / done)}</b>
      <span>{say('reports.of', { n: done })}</span>
      {kept.never > 0 && <small>{say('reports.target.never', { n: kept.never })}</small>}
    </span>
  );
}
