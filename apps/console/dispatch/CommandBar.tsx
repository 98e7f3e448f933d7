import { useState, type RefObject } from 'react';
import { useWords } from '../i18n/language.tsx';
import { isOpen, shortCode } from '../live/board-order.ts';
import { parseCommand, unitNamed } from './command-text.ts';
import { useDesk } from './desk.ts';
import { LETTER_KEYS, type DeskAction } from './desk-keys.ts';
import { useRecommendation } from '../live/dispatch-queries.ts';
import { may } from '../ui/session.ts';

interface CommandBarProps {
  readonly inputRef: RefObject<HTMLInputElement | null>;
  readonly onAction: (action: DeskAction) => void;
}

/** Short commands for hands that stay on the keys. What is not understood stays, to be corrected. */
export function CommandBar({ inputRef, onAction }: CommandBarProps) {
  const { say } = useWords();
  const desk = useDesk();
  const [text, setText] = useState('');
  const recommendation = useRecommendation(
    may(desk.session, 'incident:dispatch') ? desk.selectedId : null,
    desk.selected?.revision ?? 0,
  ).data;
  const bad = (words: string): boolean => {
    desk.tell({ kind: 'bad', text: words });
    return false;
  };
  const run = (): boolean => {
    const command = parseCommand(text);
    if (!command) return bad(say('command.unknown', { text }));
    if (command.kind === 'press') {
      const action = LETTER_KEYS[command.key];
      if (action) onAction(action);
      return true;
    }
    if (command.kind === 'select') {
      const wanted = command.number.padStart(4, '0');
      const found = desk.board.incidents.find((item) => isOpen(item) && shortCode(item.code) === wanted);
      if (!found) return bad(say('command.noIncident'));
      desk.select(found.id);
      return true;
    }
    const { selectedId } = desk;
    if (command.kind === 'note') {
      if (!selectedId) return bad(say('command.noneSelected'));
      const wish = { kind: 'addNarrative' as const, narrativeId: desk.makeId(), text: command.text };
      void desk.attempt(() => desk.intake(selectedId, wish));
      return true;
    }
    const unit = unitNamed(desk.board.units, command.unit);
    if (!unit) return bad(say('command.noUnit'));
    if (command.kind === 'assign') {
      if (!selectedId) return bad(say('command.noneSelected'));
      const advised = recommendation?.units.find(({ unitId }) => unitId === unit.id);
      void desk.assign(advised ?? plain(unit));
      return true;
    }
    const { act } = command;
    if (act === 'checkIn') void desk.attempt(() => desk.duty(unit.id, { kind: 'checkIn' }));
    else if (!unit.attends) return bad(say('command.noneSelected'));
    else {
      const { incidentId } = unit.attends;
      const wish = act === 'clear' ? { kind: act, unitId: unit.id, note: '' } : { kind: act, unitId: unit.id };
      void desk.attempt(() => desk.dispatch(incidentId, wish));
    }
    return true;
  };
  return (
    <form
      className="command"
      role="search"
      onSubmit={(event) => {
        event.preventDefault();
        if (!run()) return;
        setText('');
        inputRef.current?.blur();
      }}
    >
      <kbd aria-hidden="true">/</kbd>
      <input
        ref={inputRef}
        value={text}
        maxLength={400}
        autoComplete="off"
        spellCheck={false}
        aria-label={say('command.label')}
        placeholder={say('command.hint')}
        onChange={(event) => setText(event.target.value)}
      />
    </form>
  );
}

/** Somebody chose a unit that was not advised: the server says what speaks against it. */
function plain({ id, callSign }: { readonly id: string; readonly callSign: string }) {
  return {
    unitId: id,
    callSign,
    scoreMs: 0,
    travel: { durationMs: 0, distanceM: 0, estimated: true },
    reasons: [],
    needsOverride: false,
    preempts: null,
  };
}
