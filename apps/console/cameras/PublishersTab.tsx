import { useState } from 'react';
import './publishers.css';
import { useQuery } from '@tanstack/react-query';
import { z } from 'zod';
import { publisherView, type CameraView, type PublisherView, type PublisherWithKey } from '#libs/wire';
import { age, date } from '../i18n/format.ts';
import { useWords } from '../i18n/language.tsx';
import { codeOf, useServerNowMs, useServices } from '../live/services.tsx';
import { Icon } from '../ui/Icon.tsx';
import { StateMark } from '../ui/StateMark.tsx';
import { Empty, Failed, Loading } from '../ui/States.tsx';
import type { DeskProps } from './desk.ts';
import { PublisherDialog } from './PublisherDialog.tsx';
import { NewKeyDialog, RevokeKeyDialog, ShownKeyDialog } from './PublisherKeyDialogs.tsx';

export interface PublishersTabProps extends Pick<DeskProps, 'town'> {
  readonly onCamera: (id: string) => void;
}

/** What is open over the list. */
type Open =
  | { readonly kind: 'new' }
  | { readonly kind: 'edit' | 'new-key' | 'revoke'; readonly publisher: PublisherView }
  | { readonly kind: 'key'; readonly publisher: PublisherWithKey };

/** Cameras that send by themselves: their devices' addresses, their keys, and whether they send. */
export function PublishersTab({ town, onCamera }: PublishersTabProps) {
  const { say } = useWords();
  const { http } = useServices();
  const publishers = useQuery({
    queryKey: ['publishers'],
    queryFn: () => http.ask('GET', '/api/publishers', z.array(publisherView)),
    refetchInterval: 30_000,
  });
  const [open, setOpen] = useState<Open | null>(null);
  const close = (): void => setOpen(null);
  const nameOf = ({ cameraId }: PublisherView): string => {
    const camera = town.cameras.find(({ id }) => id === cameraId);
    return camera ? `${camera.code} ${camera.name}` : '–';
  };
  if (publishers.error) return <Failed code={codeOf(publishers.error)} onRetry={() => void publishers.refetch()} />;
  if (!publishers.data) return <Loading />;
  const isClosed = publishers.data.some(({ address }) => address === null);
  const registering = (
    <button type="button" className="button button--main button--start" onClick={() => setOpen({ kind: 'new' })}>
      <Icon name="plus" />
      {say('publishers.new')}
    </button>
  );
  return (
    <div className="stack">
      <header className="section-head">
        <h2>{say('publishers.title')}</h2>
        <span className="panel__count">{publishers.data.length}</span>
      </header>
      {isClosed && <p className="notice notice--warn">{say('publishers.closed')}</p>}
      {publishers.data.length === 0 ? (
        <Empty icon="camera" title={say('publishers.none')}>
          <p>{say('publishers.none.text')}</p>
          {registering}
        </Empty>
      ) : (
        <>
          <p className="publishers__text">{say('publishers.text')}</p>
          {registering}
        </>
      )}
      <ul className="publishers">
        {publishers.data.map((publisher) => (
          <Publisher
            key={publisher.cameraId}
            publisher={publisher}
            camera={town.cameras.find(({ id }) => id === publisher.cameraId)}
            onCamera={onCamera}
            onOpen={setOpen}
          />
        ))}
      </ul>
      {open?.kind === 'new' && (
        <PublisherDialog
          publisher={null}
          onClose={close}
          onDone={(made) => (made ? setOpen({ kind: 'key', publisher: made }) : close())}
        />
      )}
      {open?.kind === 'edit' && <PublisherDialog publisher={open.publisher} onClose={close} onDone={close} />}
      {open?.kind === 'new-key' && (
        <NewKeyDialog
          publisher={open.publisher}
          name={nameOf(open.publisher)}
          onClose={close}
          onGiven={(publisher) => setOpen({ kind: 'key', publisher })}
        />
      )}
      {open?.kind === 'revoke' && (
        <RevokeKeyDialog publisher={open.publisher} name={nameOf(open.publisher)} onClose={close} />
      )}
      {open?.kind === 'key' && (
        <ShownKeyDialog publisher={open.publisher} name={nameOf(open.publisher)} onClose={close} />
      )}
    </div>
  );
}

interface PublisherProps {
  readonly publisher: PublisherView;
  /** Undefined for the moment until the town has heard of it. */
  readonly camera: CameraView | undefined;
  readonly onCamera: (id: string) => void;
  readonly onOpen: (open: Open) => void;
}

function Publisher({ publisher, camera, onCamera, onOpen }: PublisherProps) {
  const { say } = useWords();
  const { kind, holder, address, hasKey, keyChangedAtMs, cameraId } = publisher;
  return (
    <li className="publisher">
      <div className="publisher__what">
        <button type="button" className="link" onClick={() => onCamera(cameraId)}>
          <b>{camera?.code ?? '–'}</b> {camera?.name}
        </button>
        <span className="publisher__meta">
          {say(`publisherKind.${kind}`)}
          {holder !== null && ` · ${holder}`}
        </span>
        {camera && <Health camera={camera} />}
        {address !== null && <code className="publisher__address">{address}</code>}
        <span className="publisher__meta">
          {say(hasKey ? 'publishers.keySince' : 'publishers.keyGone', { date: date(keyChangedAtMs) })}
        </span>
      </div>
      <span className="buttons">
        <button type="button" className="button button--small" onClick={() => onOpen({ kind: 'edit', publisher })}>
          {say('edit')}
          <span className="sr-only"> {camera?.code}</span>
        </button>
        <button type="button" className="button button--small" onClick={() => onOpen({ kind: 'new-key', publisher })}>
          <Icon name="key" />
          {say(hasKey ? 'publisherKey.new' : 'publisherKey.give')}
          <span className="sr-only"> {camera?.code}</span>
        </button>
        {hasKey && (
          <button type="button" className="button button--small" onClick={() => onOpen({ kind: 'revoke', publisher })}>
            {say('publisherKey.revoke')}
            <span className="sr-only"> {camera?.code}</span>
          </button>
        )}
      </span>
    </li>
  );
}

function Health({ camera: { health } }: { readonly camera: CameraView }) {
  const { say, sayReason } = useWords();
  const nowMs = useServerNowMs();
  return (
    <span className={`state-cell row__state--${health.state}`}>
      <StateMark state={health.state} />
      {say(`state.${health.state}`)} <span className="row__age">{age(nowMs - health.sinceMs)}</span>
      {health.reason && <small className="publisher__reason">{sayReason(health.reason.code)}</small>}
    </span>
  );
}
