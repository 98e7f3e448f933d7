import { isAllowedTarget, normaliseAddress, parseNetworks, parseSweepRange } from './address.ts';
import { readDeviceTime } from './clock-error.ts';
import { readMessages } from './events.ts';
import { chooseProfiles, readProfiles } from './profiles.ts';
import { readReferenceParameters } from './reference-parameters.ts';
import { readScopes } from './scopes.ts';
import { chooseXAddr, parseTypedAddress, parseWebAddress } from './service-address.ts';
import { readSoap } from './soap.ts';
import { guardStreamUri } from './stream-uri.ts';
import { readDiscovery } from './ws-discovery.ts';
import { readXml } from './xml.ts';

/** One reader of hostile bytes: `run` must neither throw nor take long, whatever it is given. */
export interface FuzzCase {
  readonly name: string;
  readonly seeds: readonly Buffer[];
  run(bytes: Buffer): void;
}

const NETWORKS = parseNetworks(['10.0.0.0/8', '192.168.0.0/16', 'fc00::/7']);

const HELLO = `<?xml version="1.0"?><e:Envelope xmlns:e="http://www.w3.org/2003/05/soap-envelope" xmlns:a="urn:a"><e:Header>
<a:RelatesTo>urn:uuid:aaaaaaaa-0000-1111-2222-bbbbbbbbbbbb</a:RelatesTo></e:Header><e:Body><d:ProbeMatches><d:ProbeMatch>
<a:EndpointReference><a:Address>urn:uuid:00010010-0001-1020-8000-aabbccddeeff</a:Address></a:EndpointReference>
<d:Types>dn:NetworkVideoTransmitter</d:Types><d:Scopes>onvif://www.onvif.org/name/Caf%C3%A9 onvif://www.onvif.org/MAC/AABBCCDDEEFF</d:Scopes>
<d:XAddrs>http://10.0.0.7/onvif/device_service http://[fe80::1]/onvif/device_service</d:XAddrs></d:ProbeMatch></d:ProbeMatches></e:Body></e:Envelope>`;

const TIME = `<s:Envelope xmlns:s="x"><s:Body><GetSystemDateAndTimeResponse><SystemDateAndTime><TimeZone><TZ>PET5</TZ></TimeZone>
<LocalDateTime><Time><Hour>3</Hour><Minute>4</Minute><Second>5</Second></Time><Date><Year>2026</Year><Month>2</Month><Day>1</Day></Date>
</LocalDateTime></SystemDateAndTime></GetSystemDateAndTimeResponse></s:Body></s:Envelope>`;

const PROFILES = `<s:Envelope xmlns:s="x"><s:Body><GetProfilesResponse><Profiles token="a&amp;b"><Name>&#x4d;ain</Name><VideoEncoderConfiguration>
<Encoding>H264</Encoding><Resolution><Width>1920</Width><Height>1080</Height></Resolution><RateControl><FrameRateLimit>25</FrameRateLimit>
<BitrateLimit>4096</BitrateLimit></RateControl></VideoEncoderConfiguration><PTZConfiguration token="p"/></Profiles></GetProfilesResponse></s:Body></s:Envelope>`;

const FAULT = `<s:Envelope xmlns:s="x"><s:Body><s:Fault><s:Code><s:Value>s:Sender</s:Value><s:Subcode><s:Value>ter:NotAuthorized</s:Value>
</s:Subcode></s:Code><s:Reason><s:Text xml:lang="en">Sender not Authorized</s:Text></s:Reason></s:Fault></s:Body></s:Envelope>`;

const SUBSCRIBED = `<e:Envelope xmlns:e="http://www.w3.org/2003/05/soap-envelope" xmlns:d="http://www.axis.com/2009/event"><e:Body>
<CreatePullPointSubscriptionResponse><SubscriptionReference><Address>http://10.0.0.7/pull</Address><a:ReferenceParameters>
<d:SubscriptionId b="1">17</d:SubscriptionId><d:Other/></a:ReferenceParameters></SubscriptionReference></CreatePullPointSubscriptionResponse></e:Body></e:Envelope>`;
const NOTIFIED = `<e:Envelope xmlns:e="x"><e:Body><PullMessagesResponse><NotificationMessage><Topic>tns1:VideoSource/MotionAlarm</Topic>
<Message><Message PropertyOperation="Changed"><Source><SimpleItem Name="a" Value="b"/></Source><Data><SimpleItem Name="State" Value="true"/></Data></Message></Message>
</NotificationMessage></PullMessagesResponse></e:Body></e:Envelope>`;
const ADDRESSES = [
  '10.0.0.7:8000',
  'http://user:pw@cam.lan:81/onvif?x=1',
  '[fd00::7]:80',
  '192.168.0.0/20',
  '::ffff:10.1.2.3',
];
const STREAMS = [
  'rtsp://10.0.0.7:554/live?channel=1&sub=0',
  'rtsp://admin:p@ss@[fe80::1%eth0]/x',
  'rtsps://cam.lan:322',
];

const buffers = (texts: readonly string[]): Buffer[] => texts.map((text) => Buffer.from(text));

/** The parsers of this lib, for the suite and for longer runs by hand. */
export const FUZZ_CASES: readonly FuzzCase[] = [
  {
    name: 'xml',
    seeds: buffers([HELLO, TIME, PROFILES, '<!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>']),
    run: (bytes) => void readXml(bytes),
  },
  { name: 'ws-discovery', seeds: buffers([HELLO]), run: readDatagram },
  { name: 'soap', seeds: buffers([TIME, PROFILES, FAULT, SUBSCRIBED, NOTIFIED]), run: readAnswer },
  { name: 'reference-parameters', seeds: buffers([SUBSCRIBED]), run: readEcho },
  { name: 'address', seeds: buffers(ADDRESSES), run: readAddress },
  { name: 'stream-uri', seeds: buffers(STREAMS), run: (bytes) => void heldToHost(bytes.toString('utf8')) },
];

function readDatagram(bytes: Buffer): void {
  const message = readDiscovery(bytes);
  if (!message.ok || message.value.kind === 'probe') return;
  for (const device of message.value.devices) {
    readScopes(device.scopes);
    const chosen = chooseXAddr(device.xAddrs, '10.0.0.7');
    if (chosen.ok && chosen.value.address.host !== '10.0.0.7') throw new Error('a datagram led to another host');
  }
}

function readAnswer(bytes: Buffer): void {
  const body = readSoap(bytes);
  if (!body.ok) return;
  readDeviceTime(body.value);
  chooseProfiles(readProfiles(body.value));
  readMessages(body.value);
}

/** What is given back to a device must not break out of the header it is put into. */
function readEcho(bytes: Buffer): void {
  const echo = readReferenceParameters(bytes);
  if (!echo.ok) return;
  const sent = readXml(`<h>${echo.value}</h>`);
  if (!sent.ok || sent.value.name !== 'h') throw new Error('reference parameters left their header');
}

function readAddress(bytes: Buffer): void {
  const text = bytes.toString('utf8');
  parseTypedAddress(text);
  parseWebAddress(text);
  parseSweepRange(text, NETWORKS);
  const normal = normaliseAddress(text);
  if (normal !== undefined && isAllowedTarget(text, NETWORKS) !== isAllowedTarget(normal, NETWORKS))
    throw new Error(`two writings of ${normal} are judged differently`);
}

function heldToHost(text: string): void {
  const held = guardStreamUri(text, '10.0.0.7');
  if (held.ok && !/^rtsps?:\/\/10\.0\.0\.7(:\d{1,5})?(\/|$)/.test(held.value.uri))
    throw new Error('not held to the host');
}
