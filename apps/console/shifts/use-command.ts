import { useMutation, useQueryClient } from '@tanstack/react-query';
import { uuidV7 } from '#libs/base';
import type { Method } from '../live/http.ts';
import { useServices } from '../live/services.tsx';

export interface Wish {
  readonly method: Method;
  readonly path: string;
  readonly body: object;
}

/** Sends a command with its id and the server's time, then asks for what changed anew. */
export function useCommand(onDone: () => void = () => undefined) {
  const { http, live } = useServices();
  const queries = useQueryClient();
  return useMutation({
    mutationFn: ({ method, path, body }: Wish) => {
      const nowMs = Math.round(live.serverClock.nowMs());
      return http.tell(method, path, { commandId: uuidV7(nowMs), sentAtMs: nowMs, ...body });
    },
    onSettled: async () => {
      await queries.invalidateQueries({ queryKey: ['shifts'] });
      await queries.invalidateQueries({ queryKey: ['handovers'] });
    },
    onSuccess: onDone,
  });
}
