import { useMemo } from 'react';
import { age, distance } from '../i18n/format.ts';
import { useWords } from '../i18n/language.tsx';
import { useDuplicates } from '../live/dispatch-queries.ts';
import { useServerNowMs } from '../live/services.tsx';
import { shortCode } from '../live/board-order.ts';
import { useDesk } from './desk.ts';
import type { Intake } from './use-intake.ts';

/** Incidents near this call and of late. One key adds the call to the nearest instead of opening another. */
export function Duplicates({ intake }: { readonly intake: Intake }) {
  const { say, language } = useWords();
  const { board, select } = useDesk();
  const nowMs = useServerNowMs();
  const { point, typeCode, startedAtMs } = intake.draft;
  const question = useMemo(
    () => (point ? { point, typeCode, callAtMs: startedAtMs } : null),
    [point, typeCode, startedAtMs],
  );
  const hits = useDuplicates(question).data ?? [];
  if (!question || hits.length === 0) return null;
  return (
    <ul className="duplicates" aria-label={say('duplicate.title')} role="list">
      {hits.slice(0, 3).map(({ incidentId, code, distanceM }) => {
        const item = board.incidents.find(({ id }) => id === incidentId);
        const type = board.types.find((one) => one.code === item?.classification?.typeCode)?.name ?? '';
        const where = {
          distance: distance(distanceM, language),
          age: age(nowMs - (item?.clocks.callAtMs ?? startedAtMs)),
        };
        return (
          <li key={incidentId}>
            <button type="button" className="link" onClick={() => select(incidentId)}>
              {say('duplicate.title')}: <b>{shortCode(code)}</b> {type} · {say('duplicate.away', where)}
            </button>
            <button type="button" className="button button--small" onClick={() => void intake.addTo(incidentId)}>
              {say('duplicate.add')}
            </button>
          </li>
        );
      })}
    </ul>
  );
}
