import { useState } from 'react';
import { useMutation } from '@tanstack/react-query';
import type { CameraDetail, CameraView, CandidateView } from '#libs/wire';
import { age, signedDuration } from '../i18n/format.ts';
import { useWords } from '../i18n/language.tsx';
import { codeOf, useServerNowMs, useServices, useSorted, useTopic } from '../live/services.tsx';
import { Icon } from '../ui/Icon.tsx';
import { Empty, Failed, Loading } from '../ui/States.tsx';
import { AdoptPanel } from './AdoptPanel.tsx';
import type { DeskProps } from './desk.ts';
import { DiscoveryRuns } from './DiscoveryRuns.tsx';
import { StartDiscovery } from './StartDiscovery.tsx';

export interface DiscoverTabProps extends DeskProps {
  readonly onCamera: (id: string) => void;
}

/** From the network to a camera: ask, see who answered, test the login, adopt. */
export function DiscoverTab({ map, session, town, onCamera }: DiscoverTabProps) {
  const { say } = useWords();
  const state = useTopic('candidates');
  const candidates = useSorted(state, (candidate) => candidate.host);
  const [openId, setOpenId] = useState<string | null>(null);
  const [adopted, setAdopted] = useState<CameraDetail | null>(null);
  const open = candidates.find(({ id }) => id === openId);
  if (state.kind === 'refused') return <Failed code={state.code} />;
  if (open)
    return (
      <AdoptPanel
        key={open.id}
        candidate={open}
        map={map}
        session={session}
        onClose={() => setOpenId(null)}
        onAdopted={(camera) => {
          setAdopted(camera);
          setOpenId(null);
        }}
      />
    );
  const start = (id: string): void => {
    setAdopted(null);
    setOpenId(id);
  };
  return (
    <div className="stack">
      <div className="adopted" aria-live="polite">
        {adopted && (
          <p className="notice notice--good adopted__note">
            {say('adopt.done', { camera: `${adopted.code} ${adopted.name}` })}
            <button type="button" className="button button--small" onClick={() => onCamera(adopted.id)}>
              {say('adopt.see')}
            </button>
          </p>
        )}
      </div>
      <StartDiscovery />
      <DiscoveryRuns />
      <Candidates
        loading={state.kind === 'loading'}
        candidates={candidates}
        cameras={town.cameras}
        onOpen={start}
        onCamera={onCamera}
      />
    </div>
  );
}

interface CandidatesProps {
  readonly loading: boolean;
  readonly candidates: readonly CandidateView[];
  readonly cameras: readonly CameraView[];
  readonly onOpen: (id: string) => void;
  readonly onCamera: (id: string) => void;
}

function Candidates({ loading, candidates, cameras, onOpen, onCamera }: CandidatesProps) {
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
            camera={cameras.find(({ id }) => id === candidate.cameraId)}
            onOpen={onOpen}
            onCamera={onCamera}
          />
        ))}
      </ul>
    </section>
  );
}

function Candidate({
  candidate,
  camera,
  onOpen,
  onCamera,
}: {
  readonly candidate: CandidateView;
  /** The camera that it became, when it was adopted. */
  readonly camera: CameraView | undefined;
  readonly onOpen: (id: string) => void;
  readonly onCamera: (id: string) => void;
}) {
  const { say, language } = useWords();
  const nowMs = useServerNowMs();
  return (
    <li className="candidate">
      <div className="candidate__what">
        <b>{camera?.name || candidate.name || candidate.hardware || say('candidates.unnamed')}</b>
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
      {candidate.cameraId === null ? (
        <span className="buttons">
          <Forget candidate={candidate} />
          <button type="button" className="button" onClick={() => onOpen(candidate.id)}>
            <Icon name="plus" />
            {say('candidates.adopt')}
            <span className="sr-only"> {candidate.host}</span>
          </button>
        </span>
      ) : (
        <button
          type="button"
          className="chip chip--good chip--button"
          onClick={() => candidate.cameraId !== null && onCamera(candidate.cameraId)}
        >
          {say('candidates.adopted', { code: camera?.code ?? '–' })}
        </button>
      )}
    </li>
  );
}

/** Takes a device off the list: no camera, or somebody else's. A search that meets it again puts it back. */
function Forget({ candidate }: { readonly candidate: CandidateView }) {
  const { say, sayError } = useWords();
  const { http } = useServices();
  const forget = useMutation({ mutationFn: () => http.tell('DELETE', `/api/candidates/${candidate.id}`) });
  return (
    <>
      {forget.error && <small className="table__reason">{sayError(codeOf(forget.error))}</small>}
      <button
        type="button"
        className="button button--bare"
        onClick={() => forget.mutate()}
        disabled={forget.isPending}
        title={say('candidates.forget.title')}
      >
        {say('candidates.forget')}
        <span className="sr-only"> {candidate.host}</span>
      </button>
    </>
  );
}
