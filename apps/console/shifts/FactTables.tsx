import type { HandoverSection } from '#libs/shift';
import type { HandoverView } from '#libs/wire';
import { dateTime } from '../i18n/format.ts';
import { useWords } from '../i18n/language.tsx';

type Cell = string | number | null;
interface Table {
  readonly title: string;
  readonly heads: readonly string[];
  readonly rows: readonly (readonly Cell[])[];
}

/** What the board said when the facts were taken, under its section. */
export function FactTables({ view, section }: { readonly view: HandoverView; readonly section: HandoverSection }) {
  const { say } = useWords();
  return (
    <>
      {useTables(view, section).map(({ title, heads, rows }) => (
        <details key={title} className="fact-table" open={rows.length > 0 && rows.length <= 12}>
          <summary>
            {title} <small>{rows.length}</small>
          </summary>
          {rows.length === 0 ? (
            <p>{say('handover.nothing')}</p>
          ) : (
            <div className="fact-table__scroll" tabIndex={0} role="region" aria-label={title}>
              <table className="table">
                <thead>
                  <tr>
                    {heads.map((head) => (
                      <th key={head} scope="col">
                        {head}
                      </th>
                    ))}
                  </tr>
                </thead>
                <tbody>
                  {rows.map((row, at) => (
                    <tr key={at}>
                      {row.map((cell, column) => (
                        <td key={column}>{cell ?? '—'}</td>
                      ))}
                    </tr>
                  ))}
                </tbody>
              </table>
            </div>
          )}
        </details>
      ))}
    </>
  );
}

function useTables({ facts }: HandoverView, section: HandoverSection): Table[] {
  const { say } = useWords();
  const moment = (atMs: number | null): string | null => (atMs === null ? null : dateTime(atMs).slice(0, 16));
  const incident = (one: (typeof facts.incidents)[number]): Cell[] => [
    one.code,
    one.priority,
    one.type,
    one.sector,
    moment(one.openedAtMs),
  ];
  const words = (
    ...names: (
      | 'code'
      | 'priority'
      | 'type'
      | 'sector'
      | 'since'
      | 'name'
      | 'kind'
      | 'post'
      | 'cameras'
      | 'unit'
      | 'plate'
      | 'driver'
      | 'crew'
      | 'phone'
      | 'out'
      | 'startKm'
      | 'back'
      | 'endKm'
    )[]
  ) => names.map((name) => say(`handover.head.${name}`));
  const incidentHeads = words('code', 'priority', 'type', 'sector', 'since');
  switch (section) {
    case 'occurrences':
      return [
        { title: say('handover.facts.incidents'), heads: incidentHeads, rows: facts.incidents.map(incident) },
        {
          title: say('handover.facts.cameras', { up: facts.camerasOnline, total: facts.camerasAll }),
          heads: words('code', 'name', 'since'),
          rows: facts.camerasDown.map(({ code, name, sinceMs }) => [code, name, moment(sinceMs)]),
        },
        {
          title: say('handover.facts.alarms'),
          heads: words('code', 'kind', 'since'),
          rows: facts.alarms.map(({ camera, kind, raisedAtMs }) => [camera, kind, moment(raisedAtMs)]),
        },
      ];
    case 'cameraStaff':
      return [
        {
          title: say('handover.facts.centre'),
          heads: words('name', 'post', 'cameras'),
          rows: facts.centreStaff.map(({ name, post, cameras }) => [
            name,
            say(`shifts.post.${post as 'dispatcher'}`),
            cameras.join(', '),
          ]),
        },
      ];
    case 'fieldStaff':
      return [
        {
          title: say('handover.facts.units'),
          heads: words('unit', 'kind', 'plate', 'driver', 'crew', 'sector', 'phone'),
          rows: facts.fieldStaff.map((one) => [
            one.callSign,
            one.kind,
            one.plate,
            one.driver,
            one.crew.join(', '),
            one.sector,
            one.phone,
          ]),
        },
      ];
    case 'patrolReport':
      return [
        {
          title: say('handover.facts.patrols'),
          heads: words('unit', 'out', 'startKm', 'back', 'endKm'),
          rows: facts.patrols.map((one) => [
            one.callSign,
            moment(one.startedAtMs),
            one.startKm,
            moment(one.endedAtMs),
            one.endKm,
          ]),
        },
      ];
    case 'highlights':
      return [{ title: say('handover.facts.highlights'), heads: incidentHeads, rows: facts.highlights.map(incident) }];
  }
}
