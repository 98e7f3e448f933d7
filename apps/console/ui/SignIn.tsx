import { useEffect, useId, useRef, useState, type FormEvent } from 'react';
import { signInBody } from '#libs/wire';
import { useWords } from '../i18n/language.tsx';
import { countUp } from '../i18n/format.ts';
import { RequestError } from '../live/http.ts';
import { codeOf, useNowMs } from '../live/services.tsx';
import { Brand } from './Brand.tsx';
import { LanguageSwitch } from './LanguageSwitch.tsx';
import { TownBackdrop } from './TownBackdrop.tsx';
import { useSessionEnded, useSignIn } from './session.ts';

/** The door. Says why the last session ended, and counts down while the door is closed to too many tries. */
export function SignIn() {
  const { say } = useWords();
  return (
    <div className="door">
      <TownBackdrop />
      <main className="door__card">
        <Brand large />
        <p className="door__centre">{say('centre.name')}</p>
        <SignInForm />
      </main>
      <footer className="door__foot">
        <LanguageSwitch />
        <p>{say('signIn.audited')}</p>
      </footer>
    </div>
  );
}

function SignInForm() {
  const { say } = useWords();
  const signIn = useSignIn();
  const ended = useSessionEnded();
  const closedForMs = useClosedFor(signIn.error);
  const [username, setUsername] = useState('');
  const [password, setPassword] = useState('');
  const first = useRef<HTMLInputElement>(null);
  const ids = { username: useId(), password: useId() };
  useEffect(() => first.current?.focus(), []);

  const submit = (event: FormEvent): void => {
    event.preventDefault();
    const body = signInBody.safeParse({ username, password });
    if (body.success && closedForMs <= 0) signIn.mutate(body.data);
  };
  const closed = closedForMs > 0;
  return (
    <form noValidate className="door__form" onSubmit={submit}>
      {ended && !signIn.error && <p className="notice notice--note">{say('signIn.ended')}</p>}
      <div className="field">
        <label htmlFor={ids.username}>{say('signIn.username')}</label>
        <input
          id={ids.username}
          ref={first}
          value={username}
          onChange={(event) => setUsername(event.target.value)}
          autoComplete="username"
          autoCapitalize="none"
          spellCheck={false}
          maxLength={64}
          required
        />
      </div>
      <div className="field">
        <label htmlFor={ids.password}>{say('signIn.password')}</label>
        <input
          id={ids.password}
          type="password"
          value={password}
          onChange={(event) => setPassword(event.target.value)}
          autoComplete="current-password"
          maxLength={200}
          required
        />
      </div>
      <div aria-live="assertive">
        {signIn.error && <Refused code={codeOf(signIn.error)} closedForMs={closedForMs} />}
      </div>
      <button className="button button--main button--wide" type="submit" disabled={signIn.isPending || closed}>
        {signIn.isPending ? say('signIn.checking') : say('signIn.enter')}
      </button>
    </form>
  );
}

function Refused({ code, closedForMs }: { readonly code: string; readonly closedForMs: number }) {
  const { say, sayError } = useWords();
  return (
    <p className="notice notice--bad">
      {sayError(code)}
      {closedForMs > 0 && (
        <span className="door__count">{say('signIn.retryIn', { time: countUp(closedForMs + 999) })}</span>
      )}
    </p>
  );
}

/** Milliseconds until the server listens again after `too-many-logins`; 0 when it does. */
function useClosedFor(error: Error | null): number {
  const nowMs = useNowMs();
  const [untilMs, setUntilMs] = useState(0);
  const latest = useRef(nowMs);
  latest.current = nowMs;
  useEffect(() => {
    const waitS = error instanceof RequestError ? (error.details['retryAfterS'] ?? error.retryAfterS) : null;
    setUntilMs(typeof waitS === 'number' ? latest.current + waitS * 1_000 : 0);
  }, [error]);
  return Math.max(0, untilMs - nowMs);
}
