import { Component, StrictMode, useEffect, type ComponentType, type ReactNode } from 'react';
import { createRoot } from 'react-dom/client';
import { QueryClient, QueryClientProvider } from '@tanstack/react-query';
import { systemClock } from '#libs/base';
import type { SessionView } from '#libs/wire';
import './tokens.css';
import './base.css';
import './parts.css';
import './door.css';
import { LanguageProvider, useWords } from '../i18n/language.tsx';
import { RequestError } from '../live/http.ts';
import { createServices, ServicesProvider, useConnection, useServices } from '../live/services.tsx';
import { Brand } from './Brand.tsx';
import { SignIn } from './SignIn.tsx';
import { useSession } from './session.ts';

export type Page = ComponentType<{ readonly session: SessionView }>;

export interface PageOptions {
  /** `false` for a page that shows the past: it opens no line to what is now. */
  readonly live?: boolean;
}

/** Mounts a page behind the door. The composition root of each entry: the one place where services are made. */
export function startPage(Content: Page, { live = true }: PageOptions = {}): void {
  const host = document.getElementById('root');
  if (!host) throw new Error('the page has no #root');
  const queries = new QueryClient({ defaultOptions: { queries: { retry: retries, refetchOnWindowFocus: false } } });
  const services = createServices(systemClock, queries);
  createRoot(host).render(
    <StrictMode>
      <LanguageProvider>
        <QueryClientProvider client={queries}>
          <ServicesProvider value={services}>
            <LastResort>
              <Door content={Content} follows={live} />
            </LastResort>
          </ServicesProvider>
        </QueryClientProvider>
      </LanguageProvider>
    </StrictMode>,
  );
}

/** A refusal stays one; a line that is down may come back. */
function retries(count: number, error: Error): boolean {
  return error instanceof RequestError && (error.status === 0 || error.status >= 500) && count < 3;
}

function Door({ content: Content, follows }: { readonly content: Page; readonly follows: boolean }) {
  const { live } = useServices();
  const session = useSession();
  const signedIn = Boolean(session.data);
  useEffect(() => {
    if (!signedIn || !follows) return undefined;
    live.start();
    return () => live.stop();
  }, [live, signedIn, follows]);
  useLineOnRoot();
  if (session.data) return <Content key={session.data.accountId} session={session.data} />;
  if (session.data === null) return <SignIn />;
  return <Waiting tries={session.failureCount} />;
}

/** For the style sheet: what came by a line that is down loses its colour. */
function useLineOnRoot(): void {
  const { kind } = useConnection();
  useEffect(() => {
    document.documentElement.dataset['line'] = kind;
  }, [kind]);
}

/** Before anything is known. After the first failed try it says what it waits for. */
function Waiting({ tries }: { readonly tries: number }) {
  const { say } = useWords();
  return (
    <main className="waiting" role="status">
      <Brand large />
      <p>{tries === 0 ? say('loading') : say('waiting.server')}</p>
    </main>
  );
}

/** A bug in a screen: a wall has nobody to press a key, so the page comes back by itself. */
class LastResort extends Component<{ readonly children: ReactNode }, { readonly failed: boolean }> {
  override state = { failed: false };

  static getDerivedStateFromError(): { failed: boolean } {
    return { failed: true };
  }

  override componentDidCatch(): void {
    systemClock.after(10_000, () => location.reload());
  }

  override render(): ReactNode {
    return this.state.failed ? <Broken /> : this.props.children;
  }
}

function Broken() {
  const { say } = useWords();
  return (
    <main className="waiting" role="alert">
      <Brand large />
      <p>{say('broken')}</p>
      <button type="button" className="button" onClick={() => location.reload()}>
        {say('reload')}
      </button>
    </main>
  );
}
