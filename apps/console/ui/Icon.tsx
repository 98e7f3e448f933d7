/** Line icons, drawn for this product on a 20-unit square. Silent to readers: a word or a label stands with each. */
const PATHS = {
  map: 'M7 4 2.5 5.8v10.4L7 14.4l6 1.8 4.5-1.8V4L13 5.8Zm0 0v10.4m6-8.6v10.4',
  wall: 'M2.5 3.5h15v10.5h-15Zm5 0V14m5-10.5V14m-10-5.2h15M7 17h6',
  radio: 'M5 8h10v9H5Zm2-5v5m1.5 3h3M8 14h4M13 3.500c1.500.6 2.500 2 2.500 3.500',
  bell: 'M5 14.500h10M6.500 14.500V9a3.5 3.5 0 0 1 7 0v5.500M9 17h2M10 5.500V3.500',
  mute: 'M5 14.500h10M6.500 14.500V9a3.5 3.5 0 0 1 7 0v5.500M9 17h2M3.500 3.500l13 13',
  eye: 'M2.500 10s3-5 7.500-5 7.500 5 7.500 5-3 5-7.500 5-7.500-5-7.500-5Zm7.500-2a2 2 0 1 0 0 4 2 2 0 0 0 0-4Z',
  camera: 'M3 6.5h9.5v7H3Zm9.5 2.4L17 6.6v6.8l-4.5-2.3M6 16.5h4',
  shield: 'M10 2.5 16.5 5v4.6c0 3.7-2.6 6.4-6.5 7.9-3.9-1.5-6.5-4.2-6.5-7.900V5Z',
  search: 'M8.7 3.500a5.2 5.2 0 1 0 0 10.4 5.2 5.2 0 0 0 0-10.400Zm4 9.2 4 4',
  expand: 'M3 8V3h5M12 3h5v5M17 12v5h-5M8 17H3v-5',
  shrink: 'M8 3v5H3M17 8h-5V3M12 17v-5h5M3 12h5v5',
  close: 'm4.5 4.5 11 11m0-11-11 11',
  undo: 'M7 4 3 8l4 4M3.5 8H12a4.5 4.5 0 0 1 0 9H8',
  pin: 'M10 17.500c3.6-3.9 5.5-6.7 5.5-9a5.5 5.5 0 0 0-11 0c0 2.3 1.9 5.1 5.5 9ZM10 6.500a2 2 0 1 0 0 4 2 2 0 0 0 0-4Z',
  radar: 'M10 10 15.5 4.500M10 3a7 7 0 1 0 7 7M10 6.500a3.5 3.5 0 1 0 3.5 3.5',
  key: 'M12.5 3.500a4 4 0 1 0 0 8 4 4 0 0 0 0-8ZM9.5 10.5 3.5 16.500h3v-2h2',
  trash: 'M4 5.500h12M8 5.500V3.500h4v2M5.5 5.500l.8 11h7.400l.8-11M8.5 8.500v5m3-5v5',
  zone: 'M3.5 6.5 11 3.500l5.5 5-3 8-8.5-1.500Z',
  user: 'M10 3.500a3.2 3.2 0 1 0 0 6.4 3.2 3.2 0 0 0 0-6.400ZM3.5 17c.7-3.3 3.2-5 6.5-5s5.8 1.7 6.5 5',
  warning: 'M10 3 17.5 16.500h-15ZM10 8v4m0 2v.5',
  plus: 'M10 4v12M4 10h12',
  fit: 'M3 7V3h4M13 3h4v4M17 13v4h-4M7 17H3v-4M7.5 10h5M10 7.500v5',
  arrow: 'M10 16.500V4M5 8.700 10 3.700l5 5',
  home: 'M3 10 10 3.500 17 10M5 8.500V16.500h10V8.500',
  minus: 'M4 10h12',
  chart: 'M3 17h14M5.500 14v-4m4.500 4V5m4.500 9V8',
  download: 'M10 3.500V13M5.500 9l4.500 4.500L14.500 9M4 16.500h12',
  chevron: 'm5 7.5 5 5 5-5',
  rewind: 'M4 10a6 6 0 1 0 2.200-4.600M6 2.500v3.500h3.500M10 6.800V10l2.500 1.500',
  play: 'M6.500 4v12l9-6Z',
  pause: 'M7 4.500v11m6-11v11',
  forward: 'm6 5 6.500 5L6 15ZM14.500 5v10',
  backward: 'M14 5 7.500 10l6.500 5ZM5.500 5v10',
} as const;

export type IconName = keyof typeof PATHS;

export function Icon({ name }: { readonly name: IconName }) {
  return (
    <svg className="icon" viewBox="0 0 20 20" aria-hidden="true" focusable="false">
      <path d={PATHS[name]} />
    </svg>
  );
}
