import type { UnitLook } from './unit-look.ts';

/** The mark of a unit's state, the same shape as on the map. The word stands beside it, so it is silent to readers. */
export function UnitMark({ look }: { readonly look: UnitLook }) {
  return (
    <svg className={`mark unit-mark--${look}`} viewBox="0 0 16 16" aria-hidden="true" focusable="false">
      {look === 'free' && <circle cx="8" cy="8" r="5.5" fill="currentColor" />}
      {look === 'route' && <path d="M8 1.8 15 13.8H1Z" fill="currentColor" />}
      {look === 'scene' && <path d="M2.5 2.5h11v11h-11Z" fill="currentColor" />}
      {look === 'away' && <path d="M2 6.6h12v2.8H2Z" fill="currentColor" />}
      {look === 'silent' && <circle cx="8" cy="8" r="4.8" fill="none" stroke="currentColor" strokeWidth="2.4" />}
      {look === 'sos' && <path d="M5.2 1h5.6L15 5.2v5.6L10.800 15H5.2L1 10.800V5.2Z" fill="currentColor" />}
    </svg>
  );
}
