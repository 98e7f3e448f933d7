import { useMemo, useState } from 'react';
import { useQuery } from '@tanstack/react-query';
import './replay.css';
import { replayOutlineView, type SessionView } from '#libs/wire';
import { useWords } from '../i18n/language.tsx';
import { codeOf, useServices } from '../live/services.tsx';
import { Header } from '../ui/Header.tsx';
import { Failed, Forbidden, Loading } from '../ui/States.tsx';
import { may } from '../ui/session.ts';
import { readAddress } from './address.ts';
import { OpenForm } from './OpenForm.tsx';
import { Player } from './Player.tsx';

/** The map, the units and the log as they were. No line to what is now is opened on this page. */
export function ReplayPage({ session }: { readonly session: SessionView }) {
  const { say } = useWords();
  return (
    <div className="page replay-page">
      <Header page="replay" session={session} live={false}>
        <span className="replay__badge">
          {say('replay.banner')} · {say('replay.notLive')}
        </span>
      </Header>
      {may(session, 'replay:view') ? <Replay /> : <Forbidden />}
    </div>
  );
}

function Replay() {
  const { http } = useServices();
  const address = useMemo(() => readAddress(location.search), []);
  const [openingId, setOpeningId] = useState(address.openingId);
  const asked = useQuery({
    queryKey: ['replay', openingId],
    queryFn: () => http.ask('GET', `/api/replay/${openingId}`, replayOutlineView),
    enabled: openingId !== null,
    staleTime: Infinity,
  });
  if (openingId === null) return <OpenForm address={address} refused={null} onOpened={setOpeningId} />;
  if (asked.data)
    return <Player key={openingId} outline={asked.data} address={address} onLeave={() => setOpeningId(null)} />;
  const code = asked.isError ? codeOf(asked.error) : null;
  if (code === 'replay-not-open') return <OpenForm address={address} refused={code} onOpened={setOpeningId} />;
  if (code !== null) return <Failed code={code} onRetry={() => void asked.refetch()} />;
  return <Loading />;
}
