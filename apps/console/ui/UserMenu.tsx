import { useEffect, useRef, useState } from 'react';
import type { SessionView } from '#libs/wire';
import { useWords } from '../i18n/language.tsx';
import { Icon } from './Icon.tsx';
import { LanguageSwitch } from './LanguageSwitch.tsx';
import { PasswordDialog } from './PasswordDialog.tsx';
import { useSignOut } from './session.ts';

/** Who is signed in, the language, the own password and the way out. Closes by Escape and by looking elsewhere. */
export function UserMenu({ session }: { readonly session: SessionView }) {
  const { say } = useWords();
  const signOut = useSignOut();
  const [open, setOpen] = useState(false);
  const [changing, setChanging] = useState(false);
  const host = useRef<HTMLDivElement>(null);
  useEffect(() => {
    if (!open) return undefined;
    const away = (event: Event): void => {
      if (!host.current?.contains(event.target as Node)) setOpen(false);
    };
    document.addEventListener('pointerdown', away);
    document.addEventListener('focusin', away);
    return () => {
      document.removeEventListener('pointerdown', away);
      document.removeEventListener('focusin', away);
    };
  }, [open]);
  return (
    <div className="menu" ref={host} onKeyDown={(event) => event.key === 'Escape' && setOpen(false)}>
      <button type="button" className="menu__button" aria-expanded={open} onClick={() => setOpen(!open)}>
        <Icon name="user" />
        <span>{session.displayName}</span>
        <Icon name="chevron" />
      </button>
      {open && (
        <div className="menu__sheet">
          <p className="menu__who">
            <b>{session.displayName}</b>
            <span>
              {session.username} · {say(`role.${session.role}`)}
            </span>
          </p>
          <LanguageSwitch />
          <button type="button" className="button" onClick={() => setChanging(true)}>
            <Icon name="key" />
            {say('password.change')}
          </button>
          <button type="button" className="button" onClick={() => signOut.mutate()} disabled={signOut.isPending}>
            {say('signOut')}
          </button>
        </div>
      )}
      {changing && <PasswordDialog onClose={() => setChanging(false)} />}
    </div>
  );
}
