import { createContext, useContext, useEffect, useMemo, useSyncExternalStore } from 'react';
import type { QueryClient } from '@tanstack/react-query';
import type { Clock } from '#libs/base';
import { ticketsView, type Topic, type TopicItems } from '#libs/wire';
import { LineLog } from '../player/line-log.ts';
import { MainBudget } from '../player/main-budget.ts';
import { TicketDesk } from '../player/ticket-desk.ts';
import { TileSockets } from '../player/tile-socket.ts';
import { Http, RequestError } from './http.ts';
import { LiveClient, type Connection } from './live-client.ts';
import { Ticker } from './ticker.ts';
import type { TopicState } from './topic-store.ts';

/** Everything a page shares, made once at its start. */
export interface Services {
  readonly clock: Clock;
  readonly http: Http;
  readonly live: LiveClient;
  readonly tickets: TicketDesk;
  readonly sockets: TileSockets;
  readonly lines: LineLog;
  readonly mains: MainBudget;
  readonly seconds: Ticker;
  /** Ticks of the tiles' honesty. */
  readonly halfSeconds: Ticker;
}

export function createServices(clock: Clock, queries: QueryClient): Services {
  const onSessionEnded = (code: string): void => {
    queries.setQueryData(['session-ended'], code);
    queries.setQueryData(['session'], null);
  };
  const http = new Http(onSessionEnded);
  const live = new LiveClient(clock, onSessionEnded);
  const tickets = new TicketDesk(
    clock,
    () => live.serverClock.nowMs(),
    (body) => http.ask('POST', '/api/video/tickets', ticketsView, body),
    codeOf,
  );
  return {
    clock,
    http,
    live,
    tickets,
    sockets: new TileSockets(clock),
    lines: new LineLog(),
    mains: new MainBudget(),
    seconds: new Ticker(clock, 1_000),
    halfSeconds: new Ticker(clock, 500),
  };
}

/** The code of anything thrown by {@link Http}. */
export function codeOf(error: unknown): string {
  return error instanceof RequestError ? error.code : 'unexpected';
}

const Context = createContext<Services | null>(null);
export const ServicesProvider = Context;

export function useServices(): Services {
  const services = useContext(Context);
  if (!services) throw new Error('useServices outside of ServicesProvider');
  return services;
}

/** Follows a topic while the component lives. */
export function useTopic<T extends Topic>(topic: T, wanted = true): TopicState<T> {
  const { live } = useServices();
  useEffect(() => (wanted ? live.follow(topic) : undefined), [live, topic, wanted]);
  const store = live.store(topic);
  return useSyncExternalStore(store.subscribe, store.getState);
}

const NONE: readonly never[] = [];

/** The items of a topic in a fixed order; an empty list until they came. */
export function useSorted<T extends Topic>(
  state: TopicState<T>,
  by: (item: TopicItems[T]) => string,
): readonly TopicItems[T][] {
  return useMemo(() => {
    if (state.kind !== 'ready') return NONE;
    return state.items.toSorted((a, b) => by(a).localeCompare(by(b), 'es', { numeric: true }));
    // `by` is a constant of the caller.
  }, [state]);
}

export function useConnection(): Connection {
  const { live } = useServices();
  return useSyncExternalStore(live.subscribeConnection, live.getConnection);
}

/** Wall clock of this machine, each second. */
export function useNowMs(): number {
  const { seconds } = useServices();
  return useSyncExternalStore(seconds.subscribe, seconds.getNowMs);
}

/** The server's wall clock, each second: ages of what the server dated are counted with this. */
export function useServerNowMs(): number {
  useNowMs();
  return useServices().live.serverClock.nowMs();
}
