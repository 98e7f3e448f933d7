import type { VendorName } from '../model.ts';
import type { PrefixSpelling } from './namespaces.ts';

/**
 * What a pretended maker does its own way. `plain` follows the specifications; every other value names, beside it, the
 * rule that it breaks. Each deviation was seen on cameras in the field, and clients are expected to live with it.
 */
export interface VendorRules {
  readonly manufacturer: string;
  readonly firmwareVersion: string;
  /** Which logins the SOAP services take. A snapshot is always behind HTTP digest. */
  readonly login: 'both' | 'username-token' | 'http-digest';
  /** RFC 7616 §3.3 algorithms offered, best first. */
  readonly digestAlgorithms: readonly ('SHA-256' | 'MD5')[];
  /** `false`: the challenge has no `qop`, as in RFC 2069. */
  readonly digestHasQop: boolean;
  /** What a refused login gets. */
  readonly loginRefusal: 'soap-fault' | 'html-401';
  readonly hasGetServices: boolean;
  /** Host in the service addresses; `undefined` is the camera's own. */
  readonly serviceHost: string | undefined;
  /** Host in stream and snapshot URIs; `undefined` is the camera's own. */
  readonly mediaHost: string | undefined;
  /** Host in the address of a pull point; `undefined` is the camera's own. */
  readonly pullPointHost: string | undefined;
  /** Whether GetSystemDateAndTime gives UTC; if not, only the local hour. */
  readonly tellsUtc: boolean;
  /** POSIX 1003.1 name of the zone and how far it is from UTC. */
  readonly timeZone: { readonly name: string; readonly offsetMinutes: number };
  readonly prefixes: PrefixSpelling;
  readonly contentType: string;
  /** Elements of the maker's own inside media profiles. */
  readonly extraProfileElements: boolean;
  /** What Media (ver10) says of an H.265 profile. */
  readonly h265InMedia1: 'no-encoder' | 'called-h264';
  readonly motionTopic: 'motion-alarm' | 'cell-motion';
  readonly tamperTopic: 'scene-change' | 'tamper-detector';
  readonly scopeText: 'percent-encoded' | 'raw-underscores' | 'percent-lower-case';
  readonly discovery: {
    readonly omitTypes: boolean;
    readonly linkLocalFirst: boolean;
    readonly brokenReplyFirst: boolean;
  };
}

const SOAP_TYPE = 'application/soap+xml; charset=utf-8';

/** Follows ONVIF Core, Media, Media2, PTZ and Events as they are written. */
const PLAIN: VendorRules = {
  manufacturer: 'Plain Optics',
  firmwareVersion: '2.4.1',
  login: 'both',
  digestAlgorithms: ['SHA-256', 'MD5'],
  digestHasQop: true,
  loginRefusal: 'soap-fault',
  hasGetServices: true,
  serviceHost: undefined,
  mediaHost: undefined,
  pullPointHost: undefined,
  tellsUtc: true,
  timeZone: { name: 'PET5', offsetMinutes: -300 },
  prefixes: {},
  contentType: SOAP_TYPE,
  extraProfileElements: false,
  h265InMedia1: 'no-encoder',
  motionTopic: 'motion-alarm',
  tamperTopic: 'scene-change',
  scopeText: 'percent-encoded',
  discovery: { omitTypes: false, linkLocalFirst: false, brokenReplyFirst: false },
};

const NORTHGATE: VendorRules = {
  ...PLAIN,
  manufacturer: 'NORTHGATE',
  firmwareVersion: 'V5.7.3 build 220112',
  digestAlgorithms: ['MD5'],
  // ONVIF Core §5.9.1: a refused UsernameToken is a SOAP fault in HTTP 400. Here: a web server's 401 page in HTML.
  loginRefusal: 'html-401',
  // XML leaves prefixes free, yet clients search answers for `tds:` and `tt:`. Here they are numbered.
  prefixes: {
    env: 'SOAP-ENV',
    tds: 'ns1',
    trt: 'ns2',
    tr2: 'ns3',
    tptz: 'ns4',
    timg: 'ns5',
    tev: 'ns6',
    tt: 'ns7',
    wsnt: 'ns8',
  },
  // RFC 9110 §8.3.1 lets a charset be quoted and in any case.
  contentType: 'application/soap+xml;charset="UTF-8"',
  // onvif.xsd lets a profile be extended; a reader must pass over what it does not know.
  extraProfileElements: true,
  // Media (ver10) has no word for H.265. Here the profile says H264 and the stream carries H.265.
  h265InMedia1: 'called-h264',
  motionTopic: 'cell-motion',
  tamperTopic: 'tamper-detector',
};

const HALCON: VendorRules = {
  ...PLAIN,
  manufacturer: 'Halcón Seguridad',
  firmwareVersion: '2.800.0000000.44.R',
  // ONVIF Core §5.9.1 asks for HTTP digest too. Here: WS-UsernameToken alone, and never a 401 with a challenge.
  login: 'username-token',
  // ONVIF Core §8.1.2: an XAddr is the address at which the device is reached. Here: the wildcard that it listens on.
  serviceHost: '0.0.0.0',
  // The same for stream URIs: the address that the maker gave it in the factory (TEST-NET-1 stands for 192.168.1.108).
  mediaHost: '192.0.2.108',
  // Events §9.1: the subscription's address is where the client goes next. Here: the factory address again.
  pullPointHost: '192.0.2.108',
  // ONVIF Core §8.3.10: UTCDateTime "shall be provided". Here: the local hour and the zone only.
  tellsUtc: false,
  motionTopic: 'cell-motion',
  // RFC 3986 §2.1 wants upper-case digits in percent codes of generators, both must be read.
  scopeText: 'percent-lower-case',
  discovery: {
    omitTypes: false,
    // WS-Discovery leaves the order of XAddrs free. Here the first is of no use to most clients: IPv6 link-local.
    linkLocalFirst: true,
    brokenReplyFirst: false,
  },
};

const BLUECAPE: VendorRules = {
  ...PLAIN,
  manufacturer: 'BlueCape',
  firmwareVersion: '1.41_191122',
  // Before ONVIF Core 2.2 digest was not asked of devices, and some now take nothing else: tokens are not looked at.
  login: 'http-digest',
  digestAlgorithms: ['MD5'],
  // RFC 7616 §3.3 makes `qop` mandatory. Here: the challenge of RFC 2069.
  digestHasQop: false,
  // Profile S came with GetServices (Core 2.1). Here: GetCapabilities alone, and so no Media2.
  hasGetServices: false,
  // XML leaves prefixes free. Here the service's elements have none: theirs is the default namespace.
  prefixes: { env: 's', tds: '', trt: '' },
  // SOAP 1.2 part 2 §7.1.4: the media type is application/soap+xml. Here: that of SOAP 1.1, in capitals.
  contentType: 'text/xml; charset=UTF-8',
  tamperTopic: 'tamper-detector',
  // ONVIF Core §7.3.2.2: scopes are percent-encoded. Here: raw UTF-8, underscores for spaces.
  scopeText: 'raw-underscores',
  discovery: {
    // ONVIF Core §7.3.2.1: Types shall be in the answer. Here: absent.
    omitTypes: true,
    linkLocalFirst: false,
    // A reply cut in the middle comes before the good one, as from a buffer that was too small.
    brokenReplyFirst: true,
  },
};

const RULES: Readonly<Record<VendorName, VendorRules>> = {
  plain: PLAIN,
  northgate: NORTHGATE,
  halcon: HALCON,
  bluecape: BLUECAPE,
};

export function rulesOf(vendor: VendorName): VendorRules {
  return RULES[vendor];
}
