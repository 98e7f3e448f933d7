import { useState } from 'react';
import { useMutation } from '@tanstack/react-query';
import './ptz.css';
import type { CameraView, PtzTourView, SessionView } from '#libs/wire';
import { useWords } from '../i18n/language.tsx';
import { codeOf, useServices } from '../live/services.tsx';
import { Icon } from '../ui/Icon.tsx';
import { may } from '../ui/session.ts';
import { TourLine } from './HolderLine.tsx';
import { TourForm } from './TourForm.tsx';
import { useAskPresets, usePtzView } from './use-ptz.ts';

/** The tours of one camera: which runs, starting and stopping, and what they are. */
export function Tours({ camera, session }: { readonly camera: CameraView; readonly session: SessionView }) {
  const { say, sayError } = useWords();
  const { http } = useServices();
  const view = usePtzView(camera.id);
  const moves = may(session, 'ptz:move');
  const manages = may(session, 'ptz:manage');
  useAskPresets(camera.id, moves);
  const [editing, setEditing] = useState<PtzTourView | 'new' | null>(null);
  const act = useMutation({
    mutationFn: ({ method, path }: { readonly method: 'POST' | 'DELETE'; readonly path: string }) =>
      http.tell(method, path),
  });
  if (!view) return null;
  const done = (): void => setEditing(null);
  return (
    <section className="tours" aria-labelledby="tours-title">
      <h3 id="tours-title">{say('tours.title')}</h3>
      {view.tour && <TourLine view={view} tour={view.tour} />}
      {view.tours.length === 0 && <p>{say('tours.none')}</p>}
      <ul className="tours__list">
        {view.tours.map((tour) => (
          <li key={tour.id}>
            <span className="tours__name">
              <b>{tour.name}</b>
              <small>{say('tours.steps', { count: tour.steps.length })}</small>
            </span>
            <button
              type="button"
              className={tour.startedAtMs === null ? 'button' : 'button button--danger'}
              disabled={!moves || act.isPending}
              title={moves ? undefined : say('ptz.forbidden')}
              onClick={() =>
                act.mutate({
                  method: 'POST',
                  path: `/api/ptz/tours/${tour.id}/${tour.startedAtMs === null ? 'start' : 'stop'}`,
                })
              }
            >
              {say(tour.startedAtMs === null ? 'tours.start' : 'tours.stop')}
            </button>
            {manages && (
              <>
                <button type="button" className="button" onClick={() => setEditing(tour)}>
                  {say('edit')}
                </button>
                <button
                  type="button"
                  className="button button--bare"
                  aria-label={say('tours.remove', { name: tour.name })}
                  disabled={act.isPending || tour.startedAtMs !== null}
                  title={tour.startedAtMs === null ? undefined : say('tours.stopFirst')}
                  onClick={() => act.mutate({ method: 'DELETE', path: `/api/ptz/tours/${tour.id}` })}
                >
                  <Icon name="trash" />
                </button>
              </>
            )}
          </li>
        ))}
      </ul>
      <div aria-live="polite">{act.error && <p className="notice notice--bad">{sayError(codeOf(act.error))}</p>}</div>
      {manages && editing === null && (
        <button type="button" className="button button--start" onClick={() => setEditing('new')}>
          <Icon name="plus" />
          {say('tours.new')}
        </button>
      )}
      {editing !== null && (
        <TourForm
          key={editing === 'new' ? 'new' : editing.id}
          cameraId={camera.id}
          tour={editing === 'new' ? null : editing}
          presets={view.presets ?? []}
          onDone={done}
        />
      )}
    </section>
  );
}
