export {
  MAX_SWEEP_HOSTS,
  isAddress,
  isAllowedTarget,
  networkText,
  normaliseAddress,
  parseNetwork,
  parseNetworks,
  parseSweepRange,
  readWidening,
  type Network,
  type SweepRange,
} from './address.ts';
export {
  clockErrorOf,
  readDeviceTime,
  systemDateAndTimeRequest,
  type ClockError,
  type DeviceTime,
} from './clock-error.ts';
export {
  OnvifDevice,
  askEndpointReference,
  measureClock,
  type DeviceInformation,
  type DeviceServices,
} from './device.ts';
export {
  EventsFace,
  MAX_EVENT_MESSAGES,
  type EventItem,
  type EventMessage,
  type PullPoint,
  type Pulled,
} from './events.ts';
export { ONVIF_CODES, failureOf, onvifRefusal, type OnvifCode } from './failure.ts';
export type { SoapLine, SoapReply, SoapRequest } from './held-cam.ts';
export { identityOf, readSerialNumber, type DeviceMarks } from './identity.ts';
export { chooseProfiles, readProfiles, type ChosenProfiles, type VideoCodec, type VideoProfile } from './profiles.ts';
export { PtzFace, type PtzPreset, type PtzStatus, type PtzVelocity } from './ptz.ts';
export { readMacAddress, readScopes, type ScopeFacts } from './scopes.ts';
export {
  DEFAULT_PATH,
  chooseXAddr,
  parseTypedAddress,
  parseWebAddress,
  webAddressText,
  type HeldAddress,
  type ServiceAddress,
  type TypedAddress,
} from './service-address.ts';
export { readSoap, type Login } from './soap.ts';
export { guardStreamUri, type HeldUri, type UriQuirk } from './stream-uri.ts';
export {
  DISCOVERY_GROUP,
  DISCOVERY_PORT,
  MAX_DATAGRAM_BYTES,
  probeMessage,
  readDiscovery,
  readEndpointReference,
  type Announcement,
  type DiscoveryMessage,
} from './ws-discovery.ts';
export { MAX_XML_BYTES, plainText, readXml, type XmlElement } from './xml.ts';
