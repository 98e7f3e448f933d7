import { CATEGORIES, oldCapabilities, serviceCapabilities } from './capabilities.ts';
import {
  getDns,
  getHostname,
  getNetworkDefaultGateway,
  getNetworkInterfaces,
  getNetworkProtocols,
  getNtp,
} from './device-network.ts';
import { operations, type Answer, type Call, type Operations } from './device.ts';
import { actionNotSupported, invalidValue, missingArgument, receiverFault } from './fault.ts';
import { NAMESPACES } from './namespaces.ts';
import { scopesOf } from './scopes.ts';
import { servicesOf } from './service-list.ts';
import { VIDEO_SOURCE_TOKEN } from './tokens.ts';
import { childOf, descendantOf, type XmlElement } from './xml-reader.ts';
import { el, elWith, type XmlNode } from './xml-writer.ts';
import { partsOf } from './xsd-time.ts';

/** How long after the answer to SystemReboot the camera goes down. */
const REBOOT_DELAY_MS = 200;

/** ONVIF Core §8, Device management. */
export const DEVICE_OPERATIONS: Operations = operations({
  GetSystemDateAndTime: ['PRE_AUTH', getSystemDateAndTime],
  SetSystemDateAndTime: ['WRITE_SYSTEM', setSystemDateAndTime],
  GetDeviceInformation: ['READ_SYSTEM', getDeviceInformation],
  GetServices: ['PRE_AUTH', getServices],
  GetServiceCapabilities: ['PRE_AUTH', getServiceCapabilities],
  GetCapabilities: ['PRE_AUTH', getCapabilities],
  GetScopes: ['READ_SYSTEM', getScopes],
  GetHostname: ['PRE_AUTH', getHostname],
  GetNetworkInterfaces: ['READ_SYSTEM', getNetworkInterfaces],
  GetNetworkProtocols: ['READ_SYSTEM', getNetworkProtocols],
  GetNetworkDefaultGateway: ['READ_SYSTEM', getNetworkDefaultGateway],
  GetDNS: ['READ_SYSTEM', getDns],
  GetNTP: ['READ_SYSTEM', getNtp],
  GetDiscoveryMode: ['READ_SYSTEM', () => el('tds:GetDiscoveryModeResponse', el('tds:DiscoveryMode', 'Discoverable'))],
  GetUsers: ['READ_SYSTEM_SECRET', getUsers],
  GetEndpointReference: ['PRE_AUTH', getEndpointReference],
  GetGeoLocation: ['READ_SYSTEM', getGeoLocation],
  SystemReboot: ['UNRECOVERABLE', systemReboot],
});

function getSystemDateAndTime({ device }: Call): Answer {
  const { tellsUtc, timeZone } = device.rules;
  const nowMs = device.nowMs();
  return el(
    'tds:GetSystemDateAndTimeResponse',
    el(
      'tds:SystemDateAndTime',
      el('tt:DateTimeType', 'Manual'),
      el('tt:DaylightSavings', false),
      el('tt:TimeZone', el('tt:TZ', timeZone.name)),
      tellsUtc ? dateTimeXml('tt:UTCDateTime', nowMs, 0) : undefined,
      dateTimeXml('tt:LocalDateTime', nowMs, timeZone.offsetMinutes),
    ),
  );
}

function dateTimeXml(name: string, unixMs: number, offsetMinutes: number): XmlNode {
  const at = partsOf(unixMs, offsetMinutes);
  return el(
    name,
    el('tt:Time', el('tt:Hour', at.hour), el('tt:Minute', at.minute), el('tt:Second', at.second)),
    el('tt:Date', el('tt:Year', at.year), el('tt:Month', at.month), el('tt:Day', at.day)),
  );
}

/** The hour is kept as an extra skew, so that the camera's clock goes on from what was set. NTP makes it right. */
function setSystemDateAndTime({ device, body }: Call): Answer {
  const type = childOf(body, NAMESPACES.tds, 'DateTimeType')?.text;
  if (type !== 'Manual' && type !== 'NTP') return missingArgument('DateTimeType');
  const { camera, clock } = device;
  const utc = childOf(body, NAMESPACES.tds, 'UTCDateTime');
  if (type === 'NTP') camera.setFaults({ extraClockSkewMs: -camera.spec.clockSkewMs });
  else if (utc) {
    const unixMs = readDateTime(utc);
    if (unixMs === undefined) return invalidValue('InvalidDateTime', 'An invalid date or time was specified');
    camera.setFaults({ extraClockSkewMs: unixMs - clock.nowMs() - camera.spec.clockSkewMs });
  }
  return el('tds:SetSystemDateAndTimeResponse');
}

function readDateTime(utc: XmlElement): number | undefined {
  const number = (group: string, part: string): number => {
    const text = descendantOf(utc, NAMESPACES.tt, group, part)?.text ?? '';
    return /^\d{1,4}$/.test(text) ? Number(text) : Number.NaN;
  };
  const [year, month, day] = [number('Date', 'Year'), number('Date', 'Month'), number('Date', 'Day')];
  const [hour, minute, second] = [number('Time', 'Hour'), number('Time', 'Minute'), number('Time', 'Second')];
  const unixMs = Date.UTC(year, month - 1, day, hour, minute, second);
  const back = Number.isNaN(unixMs) ? undefined : partsOf(unixMs);
  const same =
    back &&
    back.month === month &&
    back.day === day &&
    back.hour === hour &&
    back.minute === minute &&
    back.second === second;
  return same && year >= 1970 && year <= 2099 ? unixMs : undefined;
}

function getDeviceInformation({ device }: Call): Answer {
  const { spec } = device.camera;
  return el(
    'tds:GetDeviceInformationResponse',
    el('tds:Manufacturer', device.rules.manufacturer),
    el('tds:Model', spec.model),
    el('tds:FirmwareVersion', device.rules.firmwareVersion),
    el('tds:SerialNumber', spec.serialNumber),
    el('tds:HardwareId', spec.model),
  );
}

function getServices({ device, body }: Call): Answer {
  if (!device.rules.hasGetServices) return actionNotSupported('GetServices');
  const include = childOf(body, NAMESPACES.tds, 'IncludeCapability')?.text;
  if (include === undefined) return missingArgument('IncludeCapability');
  const withCapabilities = include === 'true' || include === '1';
  return el(
    'tds:GetServicesResponse',
    servicesOf(device).map((service) =>
      el(
        'tds:Service',
        el('tds:Namespace', service.namespace),
        el('tds:XAddr', device.serviceUrl(service.path)),
        withCapabilities ? el('tds:Capabilities', serviceCapabilities(device, service.name)) : undefined,
        el('tds:Version', el('tt:Major', service.version[0]), el('tt:Minor', service.version[1])),
      ),
    ),
  );
}

function getServiceCapabilities({ device }: Call): Answer {
  if (!device.rules.hasGetServices) return actionNotSupported('GetServiceCapabilities');
  return el('tds:GetServiceCapabilitiesResponse', serviceCapabilities(device, 'device'));
}

function getCapabilities({ device, body }: Call): Answer {
  const asked = body.children.filter((child) => child.name === 'Category' && child.namespace === NAMESPACES.tds);
  const categories = new Set(asked.map((category) => category.text));
  for (const category of categories) {
    if (!CATEGORIES.has(category)) return invalidValue('NoSuchService', 'The category is not known');
    const service = CATEGORIES.get(category);
    const offered = service === undefined || servicesOf(device).some(({ name }) => name === service);
    if (!offered || (category === 'Analytics' && categories.size === 1)) {
      // ONVIF Core §8.1.2.3
      return receiverFault(
        ['ActionNotSupported', 'NoSuchService'],
        'The requested WSDL service category is not supported',
      );
    }
  }
  return el('tds:GetCapabilitiesResponse', oldCapabilities(device, categories));
}

function getScopes({ device }: Call): Answer {
  const { fixed, configurable } = scopesOf(device.camera);
  const xml = (definition: string, item: string): XmlNode =>
    el('tds:Scopes', el('tt:ScopeDef', definition), el('tt:ScopeItem', item));
  return el(
    'tds:GetScopesResponse',
    fixed.map((item) => xml('Fixed', item)),
    configurable.map((item) => xml('Configurable', item)),
  );
}

function getUsers({ device }: Call): Answer {
  const { username } = device.camera.spec;
  return el('tds:GetUsersResponse', el('tds:User', el('tt:Username', username), el('tt:UserLevel', 'Administrator')));
}

function getEndpointReference({ device }: Call): Answer {
  return el('tds:GetEndpointReferenceResponse', el('tds:GUID', device.camera.spec.endpointReference));
}

/** ONVIF Core §8.8: where the camera stands, and where it looks as yaw in degrees. */
function getGeoLocation({ device }: Call): Answer {
  const { spec } = device.camera;
  return el(
    'tds:GetGeoLocationResponse',
    elWith(
      'tds:Location',
      { Entity: 'VideoSource', Token: VIDEO_SOURCE_TOKEN, Fixed: true },
      elWith('tt:GeoLocation', { lon: spec.longitudeDeg, lat: spec.latitudeDeg }),
      elWith('tt:GeoOrientation', { yaw: spec.bearingDeg }),
    ),
  );
}

function systemReboot({ device }: Call): Answer {
  const { camera, clock } = device;
  clock.after(REBOOT_DELAY_MS, () => camera.reboot());
  return el('tds:SystemRebootResponse', el('tds:Message', 'Rebooting'));
}
