import { useId, useState, type KeyboardEvent, type ReactNode, type Ref } from 'react';

export interface ComboOption {
  readonly id: string;
  readonly content: ReactNode;
}

export interface ComboProps {
  readonly label: string;
  readonly hint: string;
  readonly value: string;
  readonly maxLength: number;
  readonly options: readonly ComboOption[];
  /** Said under the field when something is typed and nothing is found. */
  readonly none?: string;
  readonly inputRef?: Ref<HTMLInputElement>;
  readonly invalid?: boolean;
  readonly disabled?: boolean;
  readonly onText: (text: string) => void;
  readonly onPick: (id: string) => void;
  /** Enter, when there is nothing to pick: the field is done. */
  readonly onDone: () => void;
  readonly after?: ReactNode;
}

/** A field with suggestions (ARIA 1.2 combobox): the first is ready, arrows choose, Enter takes and goes on. */
export function Combo(props: ComboProps) {
  const {
    label,
    hint,
    value,
    options,
    none,
    inputRef,
    invalid = false,
    disabled,
    onText,
    onPick,
    onDone,
    after,
  } = props;
  const id = useId();
  const [open, setOpen] = useState(false);
  const [at, setAt] = useState(0);
  const shown = open ? options : [];
  const active = shown[Math.min(at, shown.length - 1)];

  const pick = (option: ComboOption): void => {
    setOpen(false);
    onPick(option.id);
  };
  const onKey = (event: KeyboardEvent): void => {
    if (event.key === 'ArrowDown' || event.key === 'ArrowUp') {
      event.preventDefault();
      setOpen(true);
      const step = event.key === 'ArrowDown' ? 1 : -1;
      setAt((old) => Math.max(0, Math.min(options.length - 1, old + step)));
    }
    if (event.key === 'Escape' && open) {
      event.stopPropagation();
      setOpen(false);
    }
    if (event.key === 'Tab' && active && value !== '') pick(active);
    if (event.key !== 'Enter' || event.ctrlKey) return;
    event.preventDefault();
    if (active && value !== '') pick(active);
    else onDone();
  };
  return (
    <div className="ask">
      <label htmlFor={id}>{label}</label>
      <div className="combo">
        <input
          ref={inputRef}
          id={id}
          role="combobox"
          aria-expanded={shown.length > 0}
          aria-controls={`${id}-list`}
          aria-autocomplete="list"
          aria-activedescendant={active ? `${id}-${active.id}` : undefined}
          aria-invalid={invalid}
          autoComplete="off"
          spellCheck={false}
          placeholder={hint}
          maxLength={props.maxLength}
          value={value}
          disabled={disabled}
          onChange={(event) => {
            onText(event.target.value);
            setOpen(true);
            setAt(0);
          }}
          onKeyDown={onKey}
          onBlur={() => setOpen(false)}
        />
        {after}
        <ul id={`${id}-list`} role="listbox" aria-label={label} className="combo__list" hidden={shown.length === 0}>
          {shown.map((option) => (
            <li
              key={option.id}
              id={`${id}-${option.id}`}
              role="option"
              aria-selected={option === active}
              // Before the field loses the focus and the list closes.
              onPointerDown={(event) => {
                event.preventDefault();
                pick(option);
              }}
            >
              {option.content}
            </li>
          ))}
        </ul>
        {open && value.trim().length > 1 && options.length === 0 && none && <small role="status">{none}</small>}
      </div>
    </div>
  );
}
