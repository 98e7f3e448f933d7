import { useId, useState, type FormEvent } from 'react';
import { useWords } from '../i18n/language.tsx';
import { Icon } from '../ui/Icon.tsx';
import { SPEEDS, type Span } from './playhead.ts';
import { fieldOf, momentOfField } from './time-scale.ts';
import type { PlayheadHand } from './use-playhead.ts';

interface TransportProps {
  readonly hand: PlayheadHand;
  readonly span: Span;
  /** The address of this moment for somebody else: they are asked for their own reason. */
  readonly link: string;
  readonly onStep: (by: 1 | -1) => void;
}

/** Play, step, how fast, and straight to a time. */
export function Transport({ hand, span, link, onStep }: TransportProps) {
  const { say } = useWords();
  const { playing, speed } = hand.head;
  return (
    <div className="transport">
      <button type="button" className="button" aria-label={say('replay.previous')} onClick={() => onStep(-1)}>
        <Icon name="backward" />
      </button>
      <button
        type="button"
        className="button button--main transport__play"
        aria-pressed={playing}
        onClick={hand.toggle}
      >
        <Icon name={playing ? 'pause' : 'play'} />
        {say(playing ? 'replay.pause' : 'replay.play')}
      </button>
      <button type="button" className="button" aria-label={say('replay.next')} onClick={() => onStep(1)}>
        <Icon name="forward" />
      </button>
      <div className="switch" role="group" aria-label={say('replay.speed')}>
        {SPEEDS.map((one) => (
          <button key={one} type="button" aria-pressed={one === speed} onClick={() => hand.setSpeed(one)}>
            {one}×
          </button>
        ))}
      </div>
      <Jump atMs={hand.head.atMs} span={span} onSeek={hand.seek} />
      <CopyLink link={link} />
    </div>
  );
}

/** Straight to a time; the field follows the playhead until somebody types into it. */
function Jump({
  atMs,
  span,
  onSeek,
}: {
  readonly atMs: number;
  readonly span: Span;
  readonly onSeek: (atMs: number) => void;
}) {
  const { say } = useWords();
  const id = useId();
  const [typed, setTyped] = useState<string | null>(null);
  const jump = (event: FormEvent): void => {
    event.preventDefault();
    const ms = momentOfField(typed ?? '');
    if (Number.isFinite(ms)) onSeek(ms);
    setTyped(null);
  };
  return (
    <form className="transport__jump" onSubmit={jump}>
      <label htmlFor={id}>{say('replay.jump')}</label>
      <input
        id={id}
        type="datetime-local"
        step={1}
        min={fieldOf(span.fromMs, true)}
        max={fieldOf(span.toMs, true)}
        value={typed ?? fieldOf(atMs, true)}
        onChange={(event) => setTyped(event.target.value)}
      />
      <button type="submit" className="button button--small" disabled={typed === null} aria-label={say('replay.jump')}>
        <Icon name="chevron" />
      </button>
    </form>
  );
}

/** Browsers lend their clipboard over HTTPS and on this machine only; elsewhere the address bar has the same. */
function CopyLink({ link }: { readonly link: string }) {
  const { say } = useWords();
  const [copied, setCopied] = useState('');
  const clipboard = window.isSecureContext ? navigator.clipboard : undefined;
  if (!clipboard) return null;
  const address = `${location.origin}${location.pathname}${link}`;
  return (
    <button
      type="button"
      className="button"
      onClick={() =>
        void clipboard.writeText(address).then(
          () => setCopied(link),
          () => setCopied(''),
        )
      }
    >
      <span aria-live="polite">{say(copied === link ? 'replay.copied' : 'replay.copy')}</span>
    </button>
  );
}
