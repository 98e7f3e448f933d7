import type { VendorName } from '../model.ts';
import type { DigestAlgorithm } from './digest.ts';

/** How a pretended maker's RTSP server differs from the book. Each trait is one that cameras in the field are known for. */
export interface RtspFlavour {
  readonly server: string;
  readonly realm: string;
  readonly sessionName: string;
  readonly algorithms: readonly DigestAlgorithm[];
  /** After this the nonce is answered with `stale=TRUE`. */
  readonly nonceLifeMs: number;
  readonly methods: readonly string[];
  /** Last part of the track's control URI. */
  readonly track: string;
  /** `a=control:` of the track is a whole URI instead of a relative one. */
  readonly absoluteControl: boolean;
  /** A `Content-Base` header, with the trailing slash that relative references need (RFC 3986 §5.2.3). */
  readonly contentBase: boolean;
  /** Parameter sets are in the SDP; without them they come in the stream only, before each key frame. */
  readonly setsInSdp: boolean;
  /** Parameter sets share one RTP packet. */
  readonly aggregate: boolean;
  readonly rtpInfo: boolean;
  readonly lowerCaseHeaders: boolean;
  /** `;timeout=` behind the session id; without it the default of 60 s holds (RFC 2326 §12.37). */
  readonly saysTimeout: boolean;
  readonly extraSdpLines: readonly string[];
}

const ALL_METHODS = ['OPTIONS', 'DESCRIBE', 'SETUP', 'PLAY', 'PAUSE', 'TEARDOWN', 'GET_PARAMETER', 'SET_PARAMETER'];
const HOUR_MS = 3_600_000;

/** By the book. */
const PLAIN: RtspFlavour = {
  server: 'P-series RTSP 1.4',
  realm: 'P-series',
  sessionName: 'Live',
  algorithms: ['MD5'],
  nonceLifeMs: HOUR_MS,
  methods: ALL_METHODS,
  track: 'trackID=1',
  absoluteControl: false,
  contentBase: true,
  setsInSdp: true,
  aggregate: false,
  rtpInfo: true,
  lowerCaseHeaders: false,
  saysTimeout: true,
  extraSdpLines: [],
};

/** Two digest challenges (SHA-256, then MD5), absolute control URIs, a private SDP line, no PAUSE. */
const NORTHGATE: RtspFlavour = {
  ...PLAIN,
  server: 'NG-Streaming',
  realm: 'NG a71a02',
  sessionName: 'Media Presentation',
  algorithms: ['SHA-256', 'MD5'],
  methods: ALL_METHODS.filter((method) => method !== 'PAUSE'),
  absoluteControl: true,
  extraSdpLines: ['a=Media_header:MEDIAINFO=4E474D4402010000040000010000000000000000;', 'a=appversion:1.0'],
};

/** Stream path with a query, to which the relative control is appended; no GET_PARAMETER; aggregated parameter sets. */
const HALCON: RtspFlavour = {
  ...PLAIN,
  server: 'HX Rtsp Server/3.0',
  realm: 'Login to HX5231Z0A71A',
  sessionName: 'Media Server',
  methods: ALL_METHODS.filter((method) => !method.endsWith('_PARAMETER')),
  track: 'trackID=0',
  aggregate: true,
  saysTimeout: false,
};

/** Lower-case header names, no RTP-Info, parameter sets in the stream only, a nonce that goes stale every 45 s. */
const BLUECAPE: RtspFlavour = {
  ...PLAIN,
  server: 'bluecape-rtspd',
  realm: 'bluecape',
  sessionName: 'Bluecape M3',
  nonceLifeMs: 45_000,
  track: 'video',
  setsInSdp: false,
  rtpInfo: false,
  lowerCaseHeaders: true,
};

const FLAVOURS: Readonly<Record<VendorName, RtspFlavour>> = {
  plain: PLAIN,
  northgate: NORTHGATE,
  halcon: HALCON,
  bluecape: BLUECAPE,
};

export function flavourOf(vendor: VendorName): RtspFlavour {
  return FLAVOURS[vendor];
}
