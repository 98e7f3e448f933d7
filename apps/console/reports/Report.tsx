import type { ReactNode } from 'react';
import { useQuery } from '@tanstack/react-query';
import type { z } from 'zod';
import type { ReportName } from '#libs/wire';
import { dateTime } from '../i18n/format.ts';
import { useWords } from '../i18n/language.tsx';
import { codeOf, useServices } from '../live/services.tsx';
import { Empty, Failed, Loading } from '../ui/States.tsx';
import { addressOf, type Question } from './question.ts';

/** What every report is headed with. */
export interface Head {
  readonly madeAtMs: number;
  readonly throughSeq: number;
  readonly behind: boolean;
  readonly smallBelow: number | null;
}

export interface ReportProps<S extends z.ZodType<Head>> {
  readonly name: ReportName;
  readonly question: Question;
  readonly schema: S;
  readonly children: (view: z.infer<S>) => ReactNode;
}

/** Asks for a report and shows it, or why there is none. */
export function Report<S extends z.ZodType<Head>>({ name, question, schema, children }: ReportProps<S>) {
  const { http } = useServices();
  const address = addressOf(name, question);
  const answer = useQuery({ queryKey: ['report', address], queryFn: () => http.ask('GET', address, schema) });
  if (answer.error && !answer.data) return <Failed code={codeOf(answer.error)} onRetry={() => void answer.refetch()} />;
  if (!answer.data) return <Loading />;
  return (
    <div className="stack">
      <Standing head={answer.data} />
      {children(answer.data)}
    </div>
  );
}

/** How far the numbers are, and what is not shown. */
function Standing({ head }: { readonly head: Head }) {
  const { say } = useWords();
  return (
    <>
      <p className="reports__made">
        {say('reports.made', { date: dateTime(head.madeAtMs), seq: head.throughSeq })}
        {head.smallBelow !== null && ` ${say('reports.small', { k: head.smallBelow })}`}
      </p>
      {head.behind && <p className="notice notice--warn">{say('reports.behind')}</p>}
    </>
  );
}

export function Nothing() {
  const { say } = useWords();
  return (
    <Empty icon="chart" title={say('reports.empty')}>
      <p>{say('reports.empty.hint')}</p>
    </Empty>
  );
}

export interface FigureTableProps {
  readonly label: string;
  readonly columns: readonly { readonly title: string; readonly what?: string; readonly words?: boolean }[];
  readonly rows: readonly { readonly key: string; readonly cells: readonly ReactNode[]; readonly sum?: boolean }[];
}

/** A table of figures whose first column names the row. */
export function FigureTable({ label, columns, rows }: FigureTableProps) {
  return (
    <div className="table-frame" tabIndex={0} role="region" aria-label={label}>
      <table className="table reports__table">
        <thead>
          <tr>
            {columns.map(({ title, what, words }, index) => (
              <th key={title} scope="col" title={what} className={index > 0 && !words ? 'table__number' : undefined}>
                {title}
                {what && <span className="sr-only"> ({what})</span>}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map(({ key, cells, sum }) => (
            <tr key={key} className={sum ? 'reports__sum' : undefined}>
              {cells.map((cell, index) =>
                index === 0 ? (
                  <th key={columns[index]!.title} scope="row">
                    {cell}
                  </th>
                ) : (
                  <td key={columns[index]!.title} className={columns[index]!.words ? undefined : 'table__number'}>
                    {cell}
                  </td>
                ),
              )}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
