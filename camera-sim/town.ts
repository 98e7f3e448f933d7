import type { SimCameraSpec, SimCodec, SimPreset, SimProfile, VendorName } from './model.ts';

/**
 * The demonstration town: twelve cameras in Ilo, Peru. Places are schematic (± 200 m to 1 km) and the logins are fixed
 * demonstration data, published with the source: they guard drawn pictures on loopback addresses and nothing else.
 */
interface Post {
  readonly name: string;
  readonly location: string;
  readonly vendor: VendorName;
  readonly scene: string;
  readonly audioClip?: string;
  readonly password: string;
  readonly latitudeDeg: number;
  readonly longitudeDeg: number;
  readonly bearingDeg: number;
  readonly fieldOfViewDeg: number;
  readonly rangeM: number;
  readonly clockSkewMs: number;
  readonly mainCodec?: SimCodec;
  readonly presets?: readonly SimPreset[];
}

/** All loops last this long; the clock drawn in the pictures shows the seconds of it. */
export const LOOP_MS = 10_000;

const MAIN_FRAMES_PER_SECOND = 12.5;
const SUB_FRAMES_PER_SECOND = 15;
const TOWN_ONVIF_PORT = 8000;
const TOWN_RTSP_PORT = 8554;

const HOUR_MS = 3_600_000;

const POSTS: readonly Post[] = [
  {
    name: 'Plaza de Armas',
    location: 'El Puerto, Plaza de Armas',
    vendor: 'plain',
    scene: 'plaza',
    audioClip: 'plaza-ambient',
    password: 'Tq7-vmR2-kd9x',
    latitudeDeg: -17.6459,
    longitudeDeg: -71.3453,
    bearingDeg: 140,
    fieldOfViewDeg: 78,
    rangeM: 110,
    clockSkewMs: 240,
  },
  {
    name: 'Mercado Pacocha · Cáceres',
    location: 'El Puerto, Av. A. A. Cáceres',
    vendor: 'northgate',
    scene: 'mercado',
    password: 'w4Zp-81bn-HyLs',
    latitudeDeg: -17.6475,
    longitudeDeg: -71.3441,
    bearingDeg: 25,
    fieldOfViewDeg: 84,
    rangeM: 95,
    clockSkewMs: -410,
    mainCodec: 'h265',
  },
  {
    name: 'Jr. Callao',
    location: 'El Puerto, Jr. Callao Prolongación',
    vendor: 'halcon',
    scene: 'callao',
    password: 'c9Ffu3-Xe20mQ',
    latitudeDeg: -17.6447,
    longitudeDeg: -71.3421,
    bearingDeg: 95,
    fieldOfViewDeg: 62,
    rangeM: 130,
    clockSkewMs: 1_350,
  },
  {
    name: 'Malecón Costero',
    location: 'El Puerto, Malecón Costero · Glorieta',
    vendor: 'bluecape',
    scene: 'malecon',
    password: 'Nr5x-0pGa-77du',
    latitudeDeg: -17.645,
    longitudeDeg: -71.347,
    bearingDeg: 215,
    fieldOfViewDeg: 88,
    rangeM: 150,
    clockSkewMs: -95,
    presets: [
      { token: '1', name: 'Glorieta', pan: 0, tilt: 0, zoom: 0 },
      { token: '2', name: 'Bahía', pan: -0.35, tilt: 0.05, zoom: 0.45 },
      { token: '3', name: 'Paseo', pan: 0.4, tilt: -0.08, zoom: 0.4 },
    ],
  },
  {
    name: 'Óvalo Pampa Inalámbrica',
    location: 'Pampa Inalámbrica, óvalo',
    vendor: 'northgate',
    scene: 'ovalo',
    password: 'bH2s-Yk6t-q1Vw',
    latitudeDeg: -17.6507,
    longitudeDeg: -71.3294,
    bearingDeg: 300,
    fieldOfViewDeg: 92,
    rangeM: 140,
    clockSkewMs: 620,
    presets: [
      { token: '1', name: 'Óvalo', pan: 0, tilt: 0, zoom: 0 },
      { token: '2', name: 'Paradero', pan: -0.5, tilt: -0.05, zoom: 0.5 },
      { token: '3', name: 'Avenida', pan: 0.45, tilt: 0.1, zoom: 0.55 },
    ],
  },
  {
    name: 'J. C. Mariátegui',
    location: 'Pampa Inalámbrica, J. C. Mariátegui',
    vendor: 'plain',
    scene: 'mariategui',
    password: '6eJd-rZ4m-Uo8i',
    latitudeDeg: -17.66,
    longitudeDeg: -71.3325,
    bearingDeg: 350,
    fieldOfViewDeg: 80,
    rangeM: 100,
    clockSkewMs: 97_000,
  },
  {
    name: 'Terminal terrestre',
    location: 'Costanera Sur, terminal terrestre',
    vendor: 'halcon',
    scene: 'terminal',
    password: 'xA83-gLw5-tB0r',
    latitudeDeg: -17.662,
    longitudeDeg: -71.329,
    bearingDeg: 250,
    fieldOfViewDeg: 86,
    rangeM: 120,
    clockSkewMs: -1_800,
    mainCodec: 'h265',
  },
  {
    name: 'Varadero artesanal',
    location: 'El Puerto, varadero · DPA Ilo',
    vendor: 'bluecape',
    scene: 'varadero',
    password: 'Ks9q-3vEi-m6Cz',
    latitudeDeg: -17.65,
    longitudeDeg: -71.348,
    bearingDeg: 280,
    fieldOfViewDeg: 90,
    rangeM: 140,
    clockSkewMs: 60,
  },
  {
    name: 'Los Ángeles',
    location: 'Pampa Inalámbrica, Los Ángeles',
    vendor: 'plain',
    scene: 'angeles',
    password: 'd0Wn-U7yf-4jPh',
    latitudeDeg: -17.635,
    longitudeDeg: -71.3255,
    bearingDeg: 165,
    fieldOfViewDeg: 76,
    rangeM: 110,
    clockSkewMs: -4 * HOUR_MS,
  },
  {
    name: 'Puente Osmore',
    location: 'Pacocha, puente sobre el río Osmore',
    vendor: 'halcon',
    scene: 'puente',
    password: 'Gm1-z8Rk-e5Tvb',
    latitudeDeg: -17.6208,
    longitudeDeg: -71.3398,
    bearingDeg: 60,
    fieldOfViewDeg: 70,
    rangeM: 160,
    clockSkewMs: 830,
  },
  {
    name: 'Muelle ENAPU',
    location: 'El Puerto, muelle ENAPU',
    vendor: 'northgate',
    scene: 'enapu',
    password: 'y7Lc-o2Dx-N9as',
    latitudeDeg: -17.644,
    longitudeDeg: -71.3485,
    bearingDeg: 260,
    fieldOfViewDeg: 74,
    rangeM: 220,
    clockSkewMs: -520,
    presets: [
      { token: '1', name: 'Muelle', pan: 0, tilt: 0, zoom: 0 },
      { token: '2', name: 'Grúas', pan: -0.3, tilt: 0.1, zoom: 0.5 },
      { token: '3', name: 'Patio', pan: 0.42, tilt: -0.1, zoom: 0.5 },
    ],
  },
  {
    name: 'Boca del Sapo',
    location: 'Costanera Sur, playa Boca del Sapo',
    vendor: 'bluecape',
    scene: 'playa',
    password: 'Pf6u-hS1k-0wXe',
    latitudeDeg: -17.6608,
    longitudeDeg: -71.3506,
    bearingDeg: 310,
    fieldOfViewDeg: 82,
    rangeM: 180,
    clockSkewMs: 150,
  },
];

const MODELS: Readonly<Record<VendorName, string>> = {
  plain: 'P-2100',
  northgate: 'NG-4K-IR30',
  halcon: 'HX-5231-Z',
  bluecape: 'Bluecape M3',
};

/** The twelve cameras of the demonstration, `sim-01` at 127.0.1.1 to `sim-12` at 127.0.1.12. */
export const TOWN: readonly SimCameraSpec[] = POSTS.map((post, position) => specOf(post, position + 1));

function specOf(post: Post, number: number): SimCameraSpec {
  const { name, location, vendor, password, clockSkewMs } = post;
  const { latitudeDeg, longitudeDeg, bearingDeg, fieldOfViewDeg, rangeM } = post;
  return {
    ...identityOf(number, vendor, 1),
    name,
    location,
    vendor,
    model: post.presets ? `${MODELS[vendor]}-PTZ` : MODELS[vendor],
    username: 'atalaya',
    password,
    host: `127.0.1.${number}`,
    onvifPort: TOWN_ONVIF_PORT,
    rtspPort: TOWN_RTSP_PORT,
    main: mainProfile(`${post.scene}-main`, post.mainCodec ?? 'h264'),
    sub: subProfile(`${post.scene}-sub`),
    presets: post.presets ?? [],
    clockSkewMs,
    latitudeDeg,
    longitudeDeg,
    bearingDeg,
    fieldOfViewDeg,
    rangeM,
    loopPhaseMs: loopPhaseMsOf(number),
    ...(post.audioClip !== undefined && { audioClip: post.audioClip }),
  };
}

/** 80 ms apart, the length of a main frame: no two cameras of a dozen send their key frames together. */
function loopPhaseMsOf(number: number): number {
  return (number * 80) % 2_000;
}

function identityOf(number: number, vendor: VendorName, series: number) {
  const hex = number.toString(16).padStart(4, '0');
  return {
    id: `sim-${String(number).padStart(2, '0')}`,
    serialNumber: `${vendor.slice(0, 2).toUpperCase()}${series}${String(20_260_000 + number * 37)}`,
    // 02: locally administered (IEEE 802 §8.2): no maker owns these.
    macAddress: `02:a7:1a:0${series}:${hex.slice(0, 2)}:${hex.slice(2)}`,
    endpointReference: `urn:uuid:a7a1a9a0-000${series}-4c1d-8c0a-02a71a0${series}${hex}`,
  };
}

function mainProfile(clip: string, codec: SimCodec): SimProfile {
  return {
    token: 'main',
    name: 'Principal',
    codec,
    widthPx: 1280,
    heightPx: 720,
    framesPerSecond: MAIN_FRAMES_PER_SECOND,
    bitrateKbps: 1_000,
    gopFrames: 2 * MAIN_FRAMES_PER_SECOND,
    clip,
  };
}

function subProfile(clip: string): SimProfile {
  return {
    token: 'sub',
    name: 'Secundario',
    codec: 'h264',
    widthPx: 640,
    heightPx: 360,
    framesPerSecond: SUB_FRAMES_PER_SECOND,
    bitrateKbps: 256,
    gopFrames: SUB_FRAMES_PER_SECOND,
    clip,
  };
}

/** Most cameras {@link townOf} makes: 127.0.2.1 to 127.0.9.250. */
export const MAX_BENCH_CAMERAS = 2_000;
const HOSTS_PER_NET = 250;

/**
 * `count` alike cameras for benchmarks, at 127.0.2.1 onwards. All show the same clip (main 1280x720 at 25 frames a second,
 * 2 Mbit/s), each at its own phase, so that their key frames do not fall together.
 */
export function townOf(count: number): SimCameraSpec[] {
  if (!Number.isInteger(count) || count < 1 || count > MAX_BENCH_CAMERAS) {
    throw new RangeError(`count must be 1..${MAX_BENCH_CAMERAS}, got ${count}`);
  }
  return Array.from({ length: count }, (_, position) => benchSpec(position + 1, count));
}

function benchSpec(number: number, count: number): SimCameraSpec {
  const position = number - 1;
  return {
    ...identityOf(number, 'plain', 2),
    name: `Banco ${String(number).padStart(4, '0')}`,
    location: 'Banco de pruebas',
    vendor: 'plain',
    model: MODELS.plain,
    username: 'atalaya',
    password: 'bench-9Qe4-t7Lm',
    host: `127.0.${2 + Math.floor(position / HOSTS_PER_NET)}.${1 + (position % HOSTS_PER_NET)}`,
    onvifPort: TOWN_ONVIF_PORT,
    rtspPort: TOWN_RTSP_PORT,
    main: { ...mainProfile('bench-main', 'h264'), framesPerSecond: 25, gopFrames: 50, bitrateKbps: 2_000 },
    sub: subProfile('bench-sub'),
    presets: [],
    clockSkewMs: 0,
    latitudeDeg: -17.66 + 0.0005 * (position % 60),
    longitudeDeg: -71.345 + 0.0005 * Math.floor(position / 60),
    bearingDeg: (position * 47) % 360,
    fieldOfViewDeg: 75,
    rangeM: 100,
    loopPhaseMs: Math.floor((2_000 * position) / count),
  };
}
