import type { CameraState } from '#libs/wire';

/** The mark of a camera's state, the same shape as on the map. The word stands beside it, so it is silent to readers. */
export function StateMark({ state }: { readonly state: CameraState }) {
  return (
    <svg className={`mark mark--${state}`} viewBox="0 0 16 16" aria-hidden="true" focusable="false">
      {state === 'online' && <circle cx="8" cy="8" r="5.5" fill="currentColor" />}
      {state === 'degraded' && <path d="M8 1.8 15 13.8H1Z" fill="currentColor" />}
      {state === 'connecting' && <circle cx="8" cy="8" r="4.8" fill="none" stroke="currentColor" strokeWidth="2.6" />}
      {state === 'standby' && (
        <>
          <circle cx="8" cy="8" r="5.8" fill="none" stroke="currentColor" strokeWidth="1.6" />
          <circle cx="8" cy="8" r="2.3" fill="currentColor" />
        </>
      )}
      {state === 'offline' && (
        <path
          d="M8 2.2a5.8 5.8 0 1 0 0 11.6A5.8 5.8 0 0 0 8 2.2ZM4 12l8-8"
          fill="none"
          stroke="currentColor"
          strokeWidth="2.2"
        />
      )}
    </svg>
  );
}
