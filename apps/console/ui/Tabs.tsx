import type { KeyboardEvent } from 'react';

export interface TabsProps<T extends string> {
  /** What they choose between, for readers. */
  readonly label: string;
  readonly tabs: readonly { readonly name: T; readonly words: string }[];
  readonly open: T;
  readonly onOpen: (name: T) => void;
}

/** Tabs of one panel, whose body has the id `tab-body`. One stop of the Tab key; the arrows, Home and End go along them. */
export function Tabs<T extends string>({ label, tabs, open, onOpen }: TabsProps<T>) {
  const walk = (event: KeyboardEvent<HTMLDivElement>): void => {
    const at = tabs.findIndex(({ name }) => name === open);
    const next = tabs[targetOf(event.key, at, tabs.length)];
    if (!next || next.name === open) return;
    event.preventDefault();
    onOpen(next.name);
    event.currentTarget.querySelector<HTMLElement>(`#tab-${next.name}`)?.focus();
  };
  return (
    <div className="tabs" role="tablist" aria-label={label} onKeyDown={walk}>
      {tabs.map(({ name, words }) => (
        <button
          key={name}
          type="button"
          role="tab"
          id={`tab-${name}`}
          aria-selected={name === open}
          aria-controls="tab-body"
          tabIndex={name === open ? 0 : -1}
          onClick={() => onOpen(name)}
        >
          {words}
        </button>
      ))}
    </div>
  );
}

/** Where a key leads from the tab at `at`; -1 for a key that means nothing here. */
function targetOf(key: string, at: number, count: number): number {
  if (key === 'ArrowRight') return (at + 1) % count;
  if (key === 'ArrowLeft') return (at - 1 + count) % count;
  if (key === 'Home') return 0;
  return key === 'End' ? count - 1 : -1;
}
