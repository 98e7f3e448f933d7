import { useMutation, useQuery, useQueryClient, type QueryClient } from '@tanstack/react-query';
import type { Permission } from '#libs/access';
import { sessionView, type SessionView, type SignInBody } from '#libs/wire';
import { RequestError } from '../live/http.ts';
import { useServices } from '../live/services.tsx';

/** Who is signed in: null when nobody is. Asked again and again while the server cannot be reached (a wall starts first). */
export function useSession() {
  const { http } = useServices();
  return useQuery({
    queryKey: ['session'],
    queryFn: () => http.ask('GET', '/api/session', sessionView).catch(nobody),
    staleTime: Infinity,
    retry: true,
    retryDelay: 2_000,
  });
}

function nobody(error: unknown): null {
  if (error instanceof RequestError && error.status === 401) return null;
  throw error;
}

/** Why the last session ended; undefined when none did since this page was opened. */
export function useSessionEnded(): string | undefined {
  return useQuery<string>({ queryKey: ['session-ended'], queryFn: () => '', enabled: false }).data || undefined;
}

export function useSignIn() {
  const { http } = useServices();
  const queries = useQueryClient();
  return useMutation({
    mutationFn: (body: SignInBody) => http.ask('POST', '/api/session', sessionView, body),
    onSuccess: (session) => changeSession(queries, session),
  });
}

export function useSignOut() {
  const { http, live } = useServices();
  const queries = useQueryClient();
  return useMutation({
    mutationFn: () => http.tell('DELETE', '/api/session'),
    onSettled: () => {
      live.stop();
      changeSession(queries, null);
    },
  });
}

/** What one person was shown is not kept for the next. The session's own query stays: the page watches it. */
function changeSession(queries: QueryClient, session: SessionView | null): void {
  queries.removeQueries({ predicate: ({ queryKey }) => queryKey[0] !== 'session' && queryKey[0] !== 'session-ended' });
  queries.setQueryData(['session-ended'], '');
  queries.setQueryData(['session'], session);
}

export function may(session: SessionView, permission: Permission): boolean {
  return session.permissions.includes(permission);
}
