import { useEffect, useId, useMemo, useRef, useState, type KeyboardEvent, type RefObject } from 'react';
import { CHANNEL_CODES, normalisePhone, typeSearch, type Channel } from '#libs/dispatch';
import type { IncidentTypeView } from '#libs/wire';
import { useWords } from '../i18n/language.tsx';
import { useCallHistory } from '../live/dispatch-queries.ts';
import { useServices } from '../live/services.tsx';
import { Icon } from '../ui/Icon.tsx';
import { PriorityMark } from '../ui/PriorityMark.tsx';
import { Combo } from './Combo.tsx';
import { useDesk } from './desk.ts';
import type { DraftField } from './draft.ts';
import { Duplicates } from './Duplicates.tsx';
import { findPlaces, type KnownPlace } from './places.ts';
import { Protocol } from './Protocol.tsx';
import type { Intake } from './use-intake.ts';

export interface IntakeFormProps {
  readonly intake: Intake;
  readonly places: readonly KnownPlace[];
  readonly phoneRef: RefObject<HTMLInputElement | null>;
  readonly picking: boolean;
  readonly onPickPlace: () => void;
}

/** Taking a call. Each field is left by Enter; Ctrl+Enter sends from anywhere. */
export function IntakeForm({ intake, places, phoneRef, picking, onPickPlace }: IntakeFormProps) {
  const { say } = useWords();
  const { board } = useDesk();
  const { draft, change, problem, state } = intake;
  const typeRef = useRef<HTMLInputElement>(null);
  const placeRef = useRef<HTMLInputElement>(null);
  const referenceRef = useRef<HTMLInputElement>(null);
  const detailRef = useRef<HTMLTextAreaElement>(null);
  const locked = state !== 'idle';
  // An alarm tells the type and the place; what is left to say is what the camera shows.
  useEffect(() => {
    if (draft.alarmId !== null) detailRef.current?.focus();
  }, [draft.alarmId]);
  const type = board.types.find(({ code }) => code === draft.typeCode);
  const wrong = (field: DraftField): boolean => problem?.field === field;
  const onKey = (event: KeyboardEvent): void => {
    if (event.key !== 'Enter' || !event.ctrlKey) return;
    event.preventDefault();
    void intake.send();
  };
  return (
    <form
      className="intake"
      aria-label={say('intake.title')}
      onKeyDown={onKey}
      onSubmit={(event) => event.preventDefault()}
    >
      {draft.alarmId !== null && <p className="notice notice--note">{say('intake.ofAlarm')}</p>}
      <fieldset disabled={locked}>
        <ChannelField value={draft.channel} onChange={(channel) => change({ channel })} />
        <PhoneField
          intake={intake}
          inputRef={phoneRef}
          onDone={() => typeRef.current?.focus()}
          invalid={wrong('phone')}
        />
        <TypeField
          intake={intake}
          types={board.types}
          inputRef={typeRef}
          invalid={wrong('type')}
          onDone={() => placeRef.current?.focus()}
        />
        <PlaceField
          intake={intake}
          places={places}
          inputRef={placeRef}
          invalid={wrong('place')}
          picking={picking}
          onPickPlace={onPickPlace}
          onDone={() => referenceRef.current?.focus()}
        />
        <LineField
          label={say('intake.reference')}
          hint={say('intake.reference.hint')}
          value={draft.reference}
          maxLength={200}
          inputRef={referenceRef}
          onChange={(reference) => change({ reference })}
          onDone={() => detailRef.current?.focus()}
        />
        <DetailField intake={intake} inputRef={detailRef} />
      </fieldset>
      {type && <Protocol type={type} />}
      <Duplicates intake={intake} />
      <p className="intake__foot" role="status" aria-live="assertive">
        {problem && <span className="intake__problem">{problem.text}</span>}
        {state === 'again' && <span className="intake__problem">{say('intake.again')}</span>}
        {!problem && state === 'idle' && intake.touched && intake.kept && <small>{say('intake.kept')}</small>}
      </p>
      <div className="intake__acts">
        <button type="button" className="button button--main" disabled={locked} onClick={() => void intake.send()}>
          {say(locked ? 'intake.sending' : 'intake.send')} <kbd>Ctrl</kbd>
          <kbd>Enter</kbd>
        </button>
        <button
          type="button"
          className="button"
          disabled={locked}
          onClick={intake.touched ? intake.discard : intake.hide}
        >
          {say('intake.discard')}
        </button>
      </div>
    </form>
  );
}

function ChannelField({ value, onChange }: { readonly value: Channel; readonly onChange: (channel: Channel) => void }) {
  const { say } = useWords();
  const id = useId();
  return (
    <div className="ask">
      <label htmlFor={id}>{say('intake.channel')}</label>
      <select id={id} value={value} onChange={(event) => onChange(event.target.value as Channel)}>
        {CHANNEL_CODES.map((code) => (
          <option key={code} value={code}>
            {say(`channel.${code}`)}
          </option>
        ))}
      </select>
    </div>
  );
}

interface LineProps {
  readonly label: string;
  readonly hint?: string;
  readonly value: string;
  readonly maxLength: number;
  readonly inputRef: RefObject<HTMLInputElement | null>;
  readonly onChange: (text: string) => void;
  readonly onDone: () => void;
}

function LineField({ label, hint, value, maxLength, inputRef, onChange, onDone }: LineProps) {
  const id = useId();
  return (
    <div className="ask">
      <label htmlFor={id}>{label}</label>
      <input
        ref={inputRef}
        id={id}
        value={value}
        placeholder={hint}
        maxLength={maxLength}
        autoComplete="off"
        onChange={(event) => onChange(event.target.value)}
        onKeyDown={(event) => leaveByEnter(event, onDone)}
      />
    </div>
  );
}

function leaveByEnter(event: KeyboardEvent, onDone: () => void): void {
  if (event.key !== 'Enter' || event.ctrlKey) return;
  event.preventDefault();
  onDone();
}

interface FieldOfIntake {
  readonly intake: Intake;
  readonly inputRef: RefObject<HTMLInputElement | null>;
  readonly invalid: boolean;
  readonly onDone: () => void;
}

/** A number that is being typed is many numbers, and each look-up is in the audit: it is one when nobody types on. */
const TYPED_MS = 500;

/** The number once it stands, in its one form; `null` while it is typed or is none. */
function useWholeNumber(typed: string): string | null {
  const { clock } = useServices();
  const [whole, setWhole] = useState<string | null>(null);
  useEffect(() => {
    const normal = normalisePhone(typed);
    const isOne = normal.ok && typed.replace(/\D/g, '').length >= 6;
    const timer = clock.after(isOne ? TYPED_MS : 0, () => setWhole(isOne ? normal.value : null));
    return () => timer.cancel();
  }, [clock, typed]);
  return whole;
}

/** The number, and what this caller has reported before. */
function PhoneField({ intake, inputRef, invalid, onDone }: FieldOfIntake) {
  const { say } = useWords();
  const id = useId();
  const { draft, change } = intake;
  const history = useCallHistory(useWholeNumber(draft.phone)).data;
  const falseCalls = history?.calls.filter(({ falseCall }) => falseCall).length ?? 0;
  return (
    <div className="ask">
      <label htmlFor={id}>{say('intake.phone')}</label>
      <div className="ask__pair">
        <input
          ref={inputRef}
          id={id}
          inputMode="tel"
          autoComplete="off"
          maxLength={24}
          value={draft.phone}
          aria-invalid={invalid}
          onChange={(event) => change({ phone: event.target.value })}
          onKeyDown={(event) => leaveByEnter(event, onDone)}
        />
        <span className="ask__aside" role="status">
          {history && history.calls.length === 0 && say('intake.phone.first')}
          {history?.calls.length === 1 && say('intake.phone.call')}
          {history && history.calls.length > 1 && say('intake.phone.calls', { count: history.calls.length })}
          {falseCalls === 1 && <b>{say('intake.phone.false.one')}</b>}
          {falseCalls > 1 && <b>{say('intake.phone.false', { count: falseCalls })}</b>}
        </span>
      </div>
    </div>
  );
}

/** By code (`PAT-02`, `pat02`) or word (`robo`). */
function TypeField({
  intake,
  types,
  inputRef,
  invalid,
  onDone,
}: FieldOfIntake & { readonly types: readonly IncidentTypeView[] }) {
  const { say } = useWords();
  const { draft, change } = intake;
  const search = useMemo(() => typeSearch(types), [types]);
  const chosen = types.find(({ code }) => code === draft.typeCode);
  const hits = useMemo(() => search.find(draft.typeText, 7), [search, draft.typeText]);
  return (
    <Combo
      label={say('intake.type')}
      hint={say('intake.type.hint')}
      value={chosen ? `${chosen.code} ${chosen.name}` : draft.typeText}
      maxLength={80}
      none={say('intake.type.none')}
      inputRef={inputRef}
      invalid={invalid}
      onText={(text) => change({ typeText: text, typeCode: null })}
      onPick={(code) => {
        change({ typeCode: code, typeText: '' });
        onDone();
      }}
      onDone={onDone}
      options={hits.map(({ type }) => ({
        id: type.code,
        content: (
          <>
            <PriorityMark priority={type.priority} /> <b>{type.code}</b> {type.name}
          </>
        ),
      }))}
      after={chosen && <PriorityMark priority={chosen.priority} />}
    />
  );
}

interface PlaceProps extends FieldOfIntake {
  readonly places: readonly KnownPlace[];
  readonly picking: boolean;
  readonly onPickPlace: () => void;
}

/** Written, picked from known places, zones and sectors, or marked on the map. */
function PlaceField({ intake, places, inputRef, invalid, picking, onPickPlace, onDone }: PlaceProps) {
  const { say } = useWords();
  const { draft, change } = intake;
  const found = useMemo(() => findPlaces(places, draft.placeText), [places, draft.placeText]);
  const pick = (id: string): void => {
    const place = places.find((one) => one.id === id);
    if (!place) return;
    change({ placeText: place.name, point: place.point, sectorId: place.sectorId });
    onDone();
  };
  return (
    <>
      <Combo
        label={say('intake.place')}
        hint={say('intake.place.hint')}
        value={draft.placeText}
        maxLength={200}
        inputRef={inputRef}
        invalid={invalid}
        onText={(placeText) => change({ placeText })}
        onPick={pick}
        onDone={onDone}
        after={
          <button
            type="button"
            className="act combo__act"
            aria-pressed={picking}
            title={say('intake.pick')}
            aria-label={say('intake.pick')}
            onClick={onPickPlace}
          >
            <Icon name="pin" />
          </button>
        }
        options={found.map((place) => ({
          id: place.id,
          content: (
            <>
              {place.name} <small>{say(`intake.place.${place.kind}`)}</small>
            </>
          ),
        }))}
      />
      <p className="ask__under" role="status">
        {picking && say('intake.pick.on')}
        {!picking && draft.point && say('intake.place.onMap')}
        {!picking && !draft.point && draft.placeText !== '' && say('intake.place.noPoint')}
      </p>
    </>
  );
}

function DetailField({
  intake,
  inputRef,
}: {
  readonly intake: Intake;
  readonly inputRef: RefObject<HTMLTextAreaElement | null>;
}) {
  const { say } = useWords();
  const id = useId();
  return (
    <div className="ask">
      <label htmlFor={id}>{say('intake.detail')}</label>
      <textarea
        ref={inputRef}
        id={id}
        rows={2}
        maxLength={4_000}
        value={intake.draft.narrative}
        placeholder={say('intake.detail.hint')}
        aria-invalid={intake.problem?.field === 'narrative'}
        onChange={(event) => intake.change({ narrative: event.target.value })}
      />
    </div>
  );
}
