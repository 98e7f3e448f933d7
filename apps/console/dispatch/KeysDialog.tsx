import type { MessageKey } from '../i18n/messages.ts';
import { useWords } from '../i18n/language.tsx';
import { Dialog } from '../ui/Dialog.tsx';

type Row = readonly [keys: string, words: Extract<MessageKey, `key.${string}`>];

const KEYS: readonly Row[] = [
  ['F2 N', 'key.new'],
  ['Ctrl Enter', 'key.send'],
  ['Enter', 'key.assign'],
  ['J K', 'key.next'],
  ['P', 'key.pnp'],
  ['S', 'key.samu'],
  ['B', 'key.bom'],
  ['O', 'key.refer'],
  ['T', 'key.note'],
  ['Y', 'key.classify'],
  ['R', 'key.backup'],
  ['L', 'key.place'],
  ['U', 'key.merge'],
  ['V', 'key.link'],
  ['H', 'key.control'],
  ['C', 'key.close'],
  ['X', 'key.dismiss'],
  ['A', 'key.alarm'],
  ['I', 'key.incident'],
  ['M', 'key.mute'],
  ['F3', 'key.map'],
  ['F4', 'key.cameras'],
  ['G', 'key.unitsList'],
  ['/', 'key.command'],
  ['?', 'key.help'],
  ['Esc', 'key.escape'],
];

interface KeysDialogProps {
  readonly letters: boolean;
  readonly onLetters: (on: boolean) => void;
  readonly onClose: () => void;
}

/** Every key and command of the page, and the switch of those that are one letter (WCAG 2.2, 2.1.4). */
export function KeysDialog({ letters, onLetters, onClose }: KeysDialogProps) {
  const { say } = useWords();
  return (
    <Dialog title={say('keys.title')} onClose={onClose} done>
      <label className="toggle">
        <input type="checkbox" checked={letters} onChange={(event) => onLetters(event.target.checked)} />
        {say('keys.single')}
      </label>
      <small>{say('keys.single.text')}</small>
      <dl className="keys">
        {KEYS.map(([keys, words]) => (
          <div key={words}>
            <dt>
              {keys.split(' ').map((key) => (
                <kbd key={key}>{key}</kbd>
              ))}
            </dt>
            <dd>{say(words)}</dd>
          </div>
        ))}
      </dl>
      <h3>{say('keys.inCommand')}</h3>
      <dl className="keys keys--commands">
        <Command typed="248" words={say('command.help.number', { example: '248' })} />
        <Command typed="a móvil 03" words={say('command.help.assign')} />
        <Command typed={say('command.example.unit')} words={say('command.help.unit')} />
        <Command typed="pnp · samu · bomberos" words={say('command.help.refer')} />
        <Command typed={say('command.example.note')} words={say('command.help.note')} />
      </dl>
    </Dialog>
  );
}

function Command({ typed, words }: { readonly typed: string; readonly words: string }) {
  return (
    <div>
      <dt>
        <code>{typed}</code>
      </dt>
      <dd>{words}</dd>
    </div>
  );
}
