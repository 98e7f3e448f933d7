import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { z } from 'zod';
import {
  callHistoryView,
  duplicateView,
  incidentDetail,
  recommendationView,
  timelineEntry,
  type Place,
} from '#libs/wire';
import { useServices } from './services.tsx';

/** `revision` is of the board's item: another one asks anew, and the old stays on screen until the new has come. */
export function useIncident(id: string | null, revision: number) {
  const { http } = useServices();
  return useQuery({
    queryKey: ['incident', id, revision],
    queryFn: () => http.ask('GET', `/api/incidents/${id}`, incidentDetail),
    enabled: id !== null,
    placeholderData: (previous) => (previous?.id === id ? previous : undefined),
    staleTime: 30_000,
  });
}

export function useTimeline(id: string | null, revision: number) {
  const { http } = useServices();
  return useQuery({
    queryKey: ['timeline', id, revision],
    queryFn: () => http.ask('GET', `/api/incidents/${id}/timeline?limit=500`, z.array(timelineEntry)),
    enabled: id !== null,
    placeholderData: (previous, query) => (query?.queryKey[1] === id ? previous : undefined),
    staleTime: 30_000,
  });
}

/** Units drive on and take other incidents: the list is asked for again while it is looked at. */
export function useRecommendation(id: string | null, revision: number) {
  const { http } = useServices();
  return useQuery({
    queryKey: ['recommendation', id, revision],
    queryFn: () => http.ask('GET', `/api/incidents/${id}/recommendation`, recommendationView),
    enabled: id !== null,
    placeholderData: (previous, query) => (query?.queryKey[1] === id ? previous : undefined),
    refetchInterval: 10_000,
    retry: false,
  });
}

/** What a caller has reported before. `phone` is a whole number, or `null`. */
export function useCallHistory(phone: string | null) {
  const { http } = useServices();
  return useQuery({
    queryKey: ['calls', phone],
    queryFn: () => http.ask('GET', `/api/calls?phone=${encodeURIComponent(phone ?? '')}`, callHistoryView),
    enabled: phone !== null,
    staleTime: 60_000,
    retry: false,
  });
}

export interface DuplicateQuestion {
  readonly point: Place;
  readonly typeCode: string | null;
  readonly callAtMs: number;
}

/** Incidents that may be the same thing as a call; nothing is asked while it has no place. */
export function useDuplicates(question: DuplicateQuestion | null) {
  const { http } = useServices();
  return useQuery({
    queryKey: ['duplicates', question?.point, question?.typeCode],
    queryFn: () => http.ask('GET', `/api/incidents/duplicates?${duplicateQuery(question)}`, z.array(duplicateView)),
    enabled: question !== null,
    placeholderData: question === null ? undefined : keepPreviousData,
    refetchInterval: 15_000,
    retry: false,
  });
}

function duplicateQuery(question: DuplicateQuestion | null): string {
  if (!question) return '';
  const { point, typeCode, callAtMs } = question;
  return String(
    new URLSearchParams({
      latitudeDeg: String(point.latitudeDeg),
      longitudeDeg: String(point.longitudeDeg),
      callAtMs: String(Math.round(callAtMs)),
      ...(typeCode === null ? {} : { typeCode }),
    }),
  );
}
