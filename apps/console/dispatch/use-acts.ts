import { useCallback } from 'react';
import type { Agency } from '#libs/dispatch';
import { useWords } from '../i18n/language.tsx';
import { may } from '../ui/session.ts';
import { policeOf } from './agencies.ts';
import { useDesk, type Desk } from './desk.ts';

/** What a key or a button does to the chosen incident. */
export type Act =
  | 'pnp'
  | 'samu'
  | 'bom'
  | 'refer'
  | 'classify'
  | 'backup'
  | 'place'
  | 'merge'
  | 'link'
  | 'mask'
  | 'control'
  | 'close'
  | 'dismiss'
  | 'reopen';

export function useActs(): (act: Act) => void {
  const desk = useDesk();
  const { say } = useWords();
  return useCallback(
    (act) => {
      const { selectedId } = desk;
      if (selectedId === null || !may(desk.session, 'incident:dispatch')) return;
      const agency = agencyOf(act, desk);
      if (agency) {
        const task = (): Promise<void> =>
          desk.dispatch(selectedId, { kind: 'refer', referralId: desk.makeId(), agency, note: '' });
        void desk.attempt(task, say('refer.done', { agency: say(`agency.${agency}`) }));
      } else if (act === 'control') {
        void desk.attempt(() => desk.dispatch(selectedId, { kind: 'control' }), say('incident.status.controlled'));
      } else if (act === 'place') desk.pick('incident');
      else if (act !== 'pnp' && act !== 'samu' && act !== 'bom') desk.open({ kind: act });
    },
    [desk, say],
  );
}

function agencyOf(act: Act, { board, selected }: Desk): Agency | null {
  if (act === 'samu') return 'SAMU';
  if (act === 'bom') return 'BOM';
  if (act !== 'pnp') return null;
  return policeOf(board.types.find(({ code }) => code === selected?.classification?.typeCode));
}
