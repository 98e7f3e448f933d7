import { useState } from 'react';
import type { CandidateView } from '#libs/wire';
import { age, signedDuration } from '../i18n/format.ts';
import { useWords } from '../i18n/language.tsx';
import { useServerNowMs, useSorted, useTopic } from '../live/services.tsx';
import { Icon } from '../ui/Icon.tsx';
import { Empty, Failed, Loading } from '../ui/States.tsx';
import { AdoptPanel } from './AdoptPanel.tsx';
import type { DeskProps } from './desk.ts';
import { DiscoveryRuns } from './DiscoveryRuns.tsx';
import { StartDiscovery } from './StartDiscovery.tsx';

/** From the network to a camera: ask, see who answered, test the login, adopt. */
export function DiscoverTab({ map, session, town }: DeskProps) {
  const state = useTopic('candidates');
  const candidates = useSorted(state, (candidate) => candidate.host);
  const [openId, setOpenId] = useState<string | null>(null);
  const open = candidates.find(({ id }) => id === openId);
  if (state.kind === 'refused') return <Failed code={state.code} />;
  if (open)
    return <AdoptPanel key={open.id} candidate={open} map={map} session={session} onClose={() => setOpenId(null)} />;
  return (
    <div className="stack">
      <StartDiscovery />
      <DiscoveryRuns />
      <Candidates
        loading={state.kind === 'loading'}
        candidates={candidates}
        cameraCode={(id) => town.cameras.find((camera) => camera.id === id)?.code}
        onOpen={setOpenId}
      />
    </div>
  );
}

interface CandidatesProps {
  readonly loading: boolean;
  readonly candidates: readonly CandidateView[];
  readonly cameraCode: (id: string) => string | undefined;
  readonly onOpen: (id: string) => void;
}

function Candidates({ loading, candidates, cameraCode, onOpen }: CandidatesProps) {
  const { say } = useWords();
  return (
    <section>
      <header className="section-head">
        <h2>{say('candidates.title')}</h2>
        <span className="panel__count">{candidates.length}</span>
      </header>
      {loading && <Loading />}
      {!loading && candidates.length === 0 && (
        <Empty icon="radar" title={say('candidates.none')}>
          <p>{say('candidates.none.text')}</p>
        </Empty>
      )}
      <ul className="candidates">
        {candidates.map((candidate) => (
          <Candidate
            key={candidate.id}
            candidate={candidate}
            adoptedAs={candidate.cameraId === null ? null : (cameraCode(candidate.cameraId) ?? '–')}
            onOpen={onOpen}
          />
        ))}
      </ul>
    </section>
  );
}

function Candidate({
  candidate,
  adoptedAs,
  onOpen,
}: {
  readonly candidate: CandidateView;
  readonly adoptedAs: string | null;
  readonly onOpen: (id: string) => void;
}) {
  const { say, language } = useWords();
  const nowMs = useServerNowMs();
  return (
    <li className="candidate">
      <div className="candidate__what">
        <b>{candidate.name || candidate.hardware || candidate.host}</b>
        <span>
          <code>{candidate.host}</code> {candidate.hardware && `· ${candidate.hardware}`}{' '}
          {candidate.location && `· ${candidate.location}`}
        </span>
        <span className="candidate__meta">
          {candidate.foundBy.map((kind) => say(`discovery.${kind}`)).join(', ')} ·{' '}
          {say('ago', { age: age(nowMs - candidate.lastSeenAtMs) })}
          {candidate.clockErrorMs !== null &&
            ` · ${say('fact.clock')} ${signedDuration(candidate.clockErrorMs, language)}`}
        </span>
      </div>
      {adoptedAs === null ? (
        <button type="button" className="button" onClick={() => onOpen(candidate.id)}>
          <Icon name="plus" />
          {say('candidates.adopt')}
          <span className="sr-only"> {candidate.host}</span>
        </button>
      ) : (
        <span className="chip chip--good">{say('candidates.adopted', { code: adoptedAs })}</span>
      )}
    </li>
  );
}
