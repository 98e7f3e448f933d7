import { useState } from 'react';
import { LINK_RELATIONS, type LinkRelation } from '#libs/dispatch';
import { useWords } from '../i18n/language.tsx';
import { orderedIncidents, shortCode } from '../live/board-order.ts';
import { Choice } from './Choice.tsx';
import { CommandDialog } from './CommandDialog.tsx';
import { useDesk } from './desk.ts';
import type { About } from './dialog-about.ts';

/** Other open incidents, as a choice. */
function useOthers(id: string): (readonly [string, string])[] {
  const { board, typeName } = useDesk();
  return orderedIncidents(board.incidents, 'all')
    .filter((item) => item.id !== id)
    .map((item) => [
      item.id,
      `${shortCode(item.code)} · ${item.priority ?? ''} ${typeName(item.classification?.typeCode ?? '')} · ${item.place?.address ?? ''}`,
    ]);
}

export function MergeDialog({ id, onClose }: About) {
  const { say } = useWords();
  const desk = useDesk();
  const others = useOthers(id);
  const [survivorId, setSurvivorId] = useState(others[0]?.[0] ?? '');
  const [moveUnits, setMoveUnits] = useState(true);
  return (
    <CommandDialog
      title={say('merge.title', { code: desk.incidentCode(id) })}
      confirm={say('merge.confirm')}
      danger
      ready={survivorId !== ''}
      onClose={onClose}
      run={async () => {
        await desk.dispatch(id, { kind: 'merge', survivorId, moveUnits });
        desk.select(survivorId);
      }}
    >
      <Choice label={say('merge.into')} value={survivorId} options={others} onChange={setSurvivorId} />
      <label className="toggle">
        <input type="checkbox" checked={moveUnits} onChange={(event) => setMoveUnits(event.target.checked)} />
        {say('merge.move')}
      </label>
    </CommandDialog>
  );
}

export function LinkDialog({ id, onClose }: About) {
  const { say } = useWords();
  const desk = useDesk();
  const others = useOthers(id);
  const [otherId, setOtherId] = useState(others[0]?.[0] ?? '');
  const [relation, setRelation] = useState<LinkRelation>('related');
  return (
    <CommandDialog
      title={say('link.title', { code: desk.incidentCode(id) })}
      confirm={say('link.confirm')}
      ready={otherId !== ''}
      onClose={onClose}
      run={() => desk.dispatch(id, { kind: 'link', otherId, relation })}
    >
      <Choice label={say('link.other')} value={otherId} options={others} onChange={setOtherId} />
      <Choice
        label={say('link.relation')}
        value={relation}
        onChange={setRelation}
        options={LINK_RELATIONS.map((code) => [code, say(`relation.${code}`)])}
      />
    </CommandDialog>
  );
}
