import { useMemo } from 'react';
import { useMutation } from '@tanstack/react-query';
import { alarmView, type AlarmView } from '#libs/wire';
import { codeOf, useServerNowMs, useServices, useTopic } from '../live/services.tsx';
import type { TopicState } from '../live/topic-store.ts';
import { attentionOf, waitingOf } from './attention.ts';

const NONE: readonly AlarmView[] = [];

/** Alarms that wait for somebody, the longest first. */
export function useWaitingAlarms(wanted = true): {
  readonly state: TopicState<'alarms'>;
  readonly waiting: readonly AlarmView[];
} {
  const state = useTopic('alarms', wanted);
  const waiting = useMemo(() => (state.kind === 'ready' ? waitingOf(state.items) : NONE), [state]);
  return { state, waiting };
}

/** The alarms for which a wall raises cameras now. The list is another one only when it holds others. */
export function useAttention(): readonly AlarmView[] {
  const state = useTopic('alarms');
  const nowMs = useServerNowMs();
  const wanted = state.kind === 'ready' ? attentionOf(state.items, nowMs) : NONE;
  const key = wanted.map(({ id, repeats, endedAtMs }) => `${id} ${repeats} ${endedAtMs}`).join();
  // A wall draws itself anew when the list changes, not with each second.
  return useMemo(() => wanted, [key]);
}

/** Says that somebody has seen an alarm. An alarm that another person was faster with is no error: it is gone from the list. */
export function useAcknowledge(onDone?: () => void) {
  const { http } = useServices();
  return useMutation({
    mutationFn: ({ id, note }: { readonly id: string; readonly note: string }) =>
      http.ask('POST', `/api/alarms/${id}/acknowledge`, alarmView, { note }).catch((error: unknown) => {
        if (codeOf(error) !== 'alarm-acknowledged') throw error;
        return null;
      }),
    ...(onDone && { onSuccess: onDone }),
  });
}
