import { useEffect, useMemo, useRef, useState } from 'react';
import { useMutation, useQuery } from '@tanstack/react-query';
import { z } from 'zod';
import { steeringPriority } from '#libs/access';
import { ptzPreset, type PtzOrderBody, type PtzView, type SessionView } from '#libs/wire';
import { RequestError } from '../live/http.ts';
import { codeOf, useServices, useTopic } from '../live/services.tsx';
import { may } from '../ui/session.ts';
import { Steering } from './steering.ts';

/** Who steers a camera, as far as this page knows; `undefined` until it does. */
export function usePtzView(cameraId: string): PtzView | undefined {
  const state = useTopic('ptz');
  return state.kind === 'ready' ? state.items.find(({ id }) => id === cameraId) : undefined;
}

/** Asks the camera for its presets: they come back by the topic. Also opens the way to it before the first order. */
export function useAskPresets(cameraId: string, wanted: boolean) {
  const { http } = useServices();
  return useQuery({
    queryKey: ['ptz-presets', cameraId],
    queryFn: () => http.ask('GET', `/api/cameras/${cameraId}/ptz/presets`, z.array(ptzPreset)),
    enabled: wanted,
    staleTime: 60_000,
    retry: false,
  });
}

/** Whose turn it is, seen from this page's user. */
export type Turn =
  /** May not steer at all. */
  | { readonly kind: 'forbidden' }
  /** Nobody's, or a tour's: the first order takes it. */
  | { readonly kind: 'free' }
  | { readonly kind: 'mine' }
  | { readonly kind: 'theirs'; readonly name: string; readonly mayTakeOver: boolean };

export function turnOf(session: SessionView, view: PtzView | undefined): Turn {
  if (!may(session, 'ptz:move')) return { kind: 'forbidden' };
  const holder = view?.holder;
  if (!holder) return { kind: 'free' };
  if (holder.accountId === session.accountId) return { kind: 'mine' };
  return {
    kind: 'theirs',
    name: holder.displayName,
    mayTakeOver: steeringPriority(session.role) > holder.priority,
  };
}

/** Everything that a person does to one camera. */
export function usePtz(cameraId: string) {
  const { http, clock } = useServices();
  const [refused, setRefused] = useState<unknown>(null);
  const path = `/api/cameras/${cameraId}/ptz`;
  const steering = useMemo(() => {
    const order = (body: PtzOrderBody): Promise<void> => http.tell('POST', path, body);
    const line = {
      move: (velocity: { pan: number; tilt: number; zoom: number }, press: string) =>
        order({ op: 'move', ...velocity, timeoutMs: 1_000, press }).then(() => setRefused(null)),
      stop: (press: string) => order({ op: 'stop', press }),
    };
    return new Steering(clock, line, setRefused);
  }, [http, clock, path]);
  useReleaseOnLeave(steering);
  const act = useMutation({
    mutationFn: ({ method, rest, body }: Act) => http.tell(method, path + rest, body),
    onSuccess: () => setRefused(null),
    onError: setRefused,
  });
  const run = (method: Act['method'], rest: string, body?: object): void => act.mutate({ method, rest, body });
  return {
    steering,
    /** Why the last order was refused; `null` when it was not. */
    refusedCode: refused === null ? null : codeOf(refused),
    /** Refused, but would be granted if said again on purpose. */
    mayTakeOver: refused instanceof RequestError && refused.details['mayTakeOver'] === true,
    forget: () => setRefused(null),
    order: (body: PtzOrderBody) => run('POST', '', body),
    reserve: (minutes: number) => run('POST', '/reservation', { minutes }),
    letGo: () => run('DELETE', '/hold'),
    savePreset: (name: string) => run('POST', '/presets', { name }),
    removePreset: (token: string) => run('DELETE', `/presets/${encodeURIComponent(token)}`),
    busy: act.isPending,
  };
}

interface Act {
  readonly method: 'POST' | 'DELETE';
  readonly rest: string;
  readonly body?: object | undefined;
}

/** A hand that is not on this page any more moves nothing. */
function useReleaseOnLeave(steering: Steering): void {
  const latest = useRef(steering);
  latest.current = steering;
  useEffect(() => {
    const release = (): void => latest.current.releaseAll();
    window.addEventListener('blur', release);
    window.addEventListener('pagehide', release);
    document.addEventListener('visibilitychange', release);
    return () => {
      release();
      window.removeEventListener('blur', release);
      window.removeEventListener('pagehide', release);
      document.removeEventListener('visibilitychange', release);
    };
  }, []);
}
