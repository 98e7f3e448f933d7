import { useState } from 'react';
import './admin.css';
import type { SessionView } from '#libs/wire';
import { useWords } from '../i18n/language.tsx';
import { Header } from '../ui/Header.tsx';
import { Forbidden } from '../ui/States.tsx';
import { Tabs } from '../ui/Tabs.tsx';
import { may } from '../ui/session.ts';
import { AlarmSettings } from './AlarmSettings.tsx';
import { Accounts } from './Accounts.tsx';
import { Audit } from './Audit.tsx';
import { CameraNetworks } from './CameraNetworks.tsx';
import { Ledger } from './Ledger.tsx';
import { SystemHealth } from './SystemHealth.tsx';

type Tab = 'accounts' | 'networks' | 'alarms' | 'audit' | 'ledger' | 'system';

/** Who may enter, where cameras may be, who did what, and what happened. */
export function AdminPage({ session }: { readonly session: SessionView }) {
  const { say } = useWords();
  const tabs: Tab[] = [];
  if (may(session, 'account:manage')) tabs.push('accounts');
  if (may(session, 'setting:manage')) tabs.push('networks', 'alarms');
  if (may(session, 'audit:read')) tabs.push('audit');
  if (may(session, 'ledger:read')) tabs.push('ledger');
  if (may(session, 'system:view')) tabs.push('system');
  const [tab, setTab] = useState<Tab | undefined>(tabs[0]);
  return (
    <div className="page">
      <Header page="admin" session={session} />
      <main className="admin">
        <h1 className="sr-only">{say('nav.admin')}</h1>
        {tab === undefined ? (
          <Forbidden />
        ) : (
          <section className="panel admin__work">
            <Tabs
              label={say('nav.admin')}
              tabs={tabs.map((name) => ({ name, words: say(`admin.tab.${name}`) }))}
              open={tab}
              onOpen={setTab}
            />
            <div className="admin__body" id="tab-body" role="tabpanel" aria-labelledby={`tab-${tab}`} tabIndex={0}>
              {tab === 'accounts' && <Accounts ownId={session.accountId} />}
              {tab === 'networks' && <CameraNetworks />}
              {tab === 'alarms' && <AlarmSettings />}
              {tab === 'audit' && <Audit />}
              {tab === 'ledger' && <Ledger />}
              {tab === 'system' && <SystemHealth />}
            </div>
          </section>
        )}
      </main>
    </div>
  );
}
