import { useState } from 'react';
import './reports.css';
import { REPORT_NAMES, type ReportName, type SessionView } from '#libs/wire';
import { useWords } from '../i18n/language.tsx';
import { useServices } from '../live/services.tsx';
import { Header } from '../ui/Header.tsx';
import { Forbidden } from '../ui/States.tsx';
import { Tabs } from '../ui/Tabs.tsx';
import { may } from '../ui/session.ts';
import { CamerasReport } from './CamerasReport.tsx';
import { CrimeMap } from './CrimeMap.tsx';
import { OutcomesReport } from './OutcomesReport.tsx';
import { PatrolReport } from './PatrolReport.tsx';
import { QuestionForm } from './QuestionForm.tsx';
import { TimesReport } from './TimesReport.tsx';
import { firstQuestion, isSound } from './question.ts';

/** What the days add up to: times, outcomes, the crime map, patrols and cameras. */
export function ReportsPage({ session }: { readonly session: SessionView }) {
  const { say } = useWords();
  return (
    <div className="page">
      <Header page="reports" session={session} />
      <main className="reports">
        <h1 className="sr-only">{say('nav.reports')}</h1>
        {may(session, 'report:view') ? <Reports session={session} /> : <Forbidden />}
      </main>
    </div>
  );
}

function Reports({ session }: { readonly session: SessionView }) {
  const { say } = useWords();
  const { live } = useServices();
  const [name, setName] = useState<ReportName>(tabOfAddress);
  const [question, setQuestion] = useState(() => firstQuestion(live.serverClock.nowMs()));
  const open = (next: ReportName): void => {
    history.replaceState(null, '', `#${next}`);
    setName(next);
  };
  return (
    <section className="panel reports__work">
      <Tabs
        label={say('reports.which')}
        tabs={REPORT_NAMES.map((one) => ({ name: one, words: say(`reports.tab.${one}`) }))}
        open={name}
        onOpen={open}
      />
      <div className="reports__body" id="tab-body" role="tabpanel" aria-labelledby={`tab-${name}`}>
        <QuestionForm name={name} question={question} onChange={setQuestion} session={session} />
        {isSound(question) ? (
          <>
            {name === 'times' && <TimesReport question={question} />}
            {name === 'outcomes' && <OutcomesReport question={question} />}
            {name === 'map' && <CrimeMap question={question} />}
            {name === 'patrol' && <PatrolReport question={question} session={session} />}
            {name === 'cameras' && <CamerasReport question={question} />}
          </>
        ) : (
          <p className="notice notice--warn" role="alert">
            {say('reports.range.wrong')}
          </p>
        )}
      </div>
    </section>
  );
}

/** `/reports#map` opens the map. */
function tabOfAddress(): ReportName {
  return REPORT_NAMES.find((name) => `#${name}` === location.hash) ?? 'times';
}
