import type { AlarmKind } from '#libs/wire';

const PATHS: Readonly<Record<AlarmKind, string>> = {
  'camera-offline': 'M3 6.500h9.500v7H3Zm9.500 2.400L17 6.600v6.800l-4.500-2.300M3 3l14 14',
  activity: 'M2.500 10.500h3.500l2-6 3.500 11 2-5h4',
  motion:
    'M11.500 4.200a1.600 1.600 0 1 0 .01 0ZM7 8.500l3.500-1.500 2 2.500 2.500 1M10.500 7.500 9 12l3 2v3.500M9 12l-2.500 4.500',
  'line-crossed': 'M10 2.500v3m0 3v3m0 3v3M3 10h10.500m-3.500-3.500 3.500 3.500-3.500 3.500',
  tamper: 'M10 3 17.500 16.500h-15ZM10 8v4m0 2v.500',
  'signal-lost': 'M3 13.500a9.900 9.900 0 0 1 14 0M6 16.500a5.700 5.700 0 0 1 8 0M3 3l14 14',
};

/** The mark of an alarm's kind. The word stands beside it, so it is silent to readers. */
export function AlarmMark({ kind }: { readonly kind: AlarmKind }) {
  return (
    <svg className={`icon alarm-mark alarm-mark--${kind}`} viewBox="0 0 20 20" aria-hidden="true" focusable="false">
      <path d={PATHS[kind]} />
    </svg>
  );
}
