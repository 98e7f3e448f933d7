import { useEffect, useState } from 'react';
import './shifts.css';
import type { SessionView } from '#libs/wire';
import { useWords } from '../i18n/language.tsx';
import { StaleNotice } from '../ui/ConnectionBadge.tsx';
import { Header } from '../ui/Header.tsx';
import { Forbidden } from '../ui/States.tsx';
import { Tabs } from '../ui/Tabs.tsx';
import { may } from '../ui/session.ts';
import { HandoverTab } from './HandoverTab.tsx';
import { WeekTab } from './WeekTab.tsx';

const TABS = ['week', 'handover'] as const;
type Tab = (typeof TABS)[number];

/** The week of shifts and who works them; the books by which one shift hands over to the next. */
export function ShiftsPage({ session }: { readonly session: SessionView }) {
  return (
    <div className="page">
      <Header page="shifts" session={session} />
      {may(session, 'shift:view') ? <Desk session={session} /> : <Forbidden />}
    </div>
  );
}

function Desk({ session }: { readonly session: SessionView }) {
  const { say } = useWords();
  const [tab, setTab] = useTab();
  const tabs = TABS.filter((one) => one === 'week' || may(session, 'incident:view'));
  return (
    <main className="shifts">
      <h1 className="sr-only">{say('nav.shifts')}</h1>
      <section className="panel shifts__work">
        <Tabs
          label={say('nav.shifts')}
          tabs={tabs.map((name) => ({ name, words: say(`shifts.tab.${name}`) }))}
          open={tab}
          onOpen={setTab}
        />
        <StaleNotice />
        <div className="shifts__body" id="tab-body" role="tabpanel" aria-labelledby={`tab-${tab}`} tabIndex={-1}>
          {tab === 'week' && <WeekTab session={session} />}
          {tab === 'handover' && <HandoverTab session={session} />}
        </div>
      </section>
    </main>
  );
}

/** The open tab stands in the address, so that it can be linked to and survives a reload. */
function useTab(): [Tab, (tab: Tab) => void] {
  const read = (): Tab => TABS.find((one) => `#${one}` === location.hash) ?? 'week';
  const [tab, setTab] = useState<Tab>(read);
  useEffect(() => {
    const follow = (): void => setTab(read());
    window.addEventListener('hashchange', follow);
    return () => window.removeEventListener('hashchange', follow);
  }, []);
  return [tab, (next) => (location.hash = next)];
}
