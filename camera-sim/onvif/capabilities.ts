import type { OnvifDevice } from './device.ts';
import { MAX_PULL_POINTS } from './pull-points.ts';
import { servicesOf, type ServiceName } from './service-list.ts';
import { el, elWith, type XmlNode } from './xml-writer.ts';

/** `Capabilities` of each service, as its GetServiceCapabilities and the device's GetServices give it. */
export function serviceCapabilities(device: OnvifDevice, name: ServiceName): XmlNode {
  switch (name) {
    case 'device':
      return deviceCapabilities(device);
    case 'media':
      return elWith(
        'trt:Capabilities',
        { SnapshotUri: device.snapshotOf !== undefined, Rotation: false },
        elWith('trt:ProfileCapabilities', { MaximumNumberOfProfiles: device.camera.profiles.length }),
        elWith('trt:StreamingCapabilities', { RTPMulticast: false, RTP_TCP: false, RTP_RTSP_TCP: true }),
      );
    case 'media2':
      return elWith(
        'tr2:Capabilities',
        { SnapshotUri: device.snapshotOf !== undefined, Rotation: false },
        elWith('tr2:ProfileCapabilities', {
          MaximumNumberOfProfiles: device.camera.profiles.length,
          ConfigurationsSupported: `VideoSource VideoEncoder${device.head === undefined ? '' : ' PTZ'}`,
        }),
        elWith('tr2:StreamingCapabilities', { RTSPStreaming: true, RTPMulticast: false, RTP_RTSP_TCP: true }),
      );
    case 'ptz':
      return elWith('tptz:Capabilities', { EFlip: false, Reverse: false, MoveStatus: true, StatusPosition: true });
    case 'imaging':
      return elWith('timg:Capabilities', { ImageStabilization: false, Presets: false });
    case 'events':
      return elWith('tev:Capabilities', {
        WSSubscriptionPolicySupport: false,
        WSPausableSubscriptionManagerInterfaceSupport: false,
        MaxNotificationProducers: 0,
        MaxPullPoints: MAX_PULL_POINTS,
        PersistentNotificationStorage: false,
      });
  }
}

function deviceCapabilities(device: OnvifDevice): XmlNode {
  const { login } = device.rules;
  return el(
    'tds:Capabilities',
    elWith('tds:Network', { IPFilter: false, ZeroConfiguration: false, IPVersion6: false, DynDNS: false, NTP: 1 }),
    elWith('tds:Security', {
      'TLS1.0': false,
      'TLS1.1': false,
      'TLS1.2': false,
      OnboardKeyGeneration: false,
      AccessPolicyConfig: false,
      DefaultAccessPolicy: true,
      UsernameToken: login !== 'http-digest',
      HttpDigest: login !== 'username-token',
      MaxUsers: 1,
    }),
    elWith('tds:System', {
      DiscoveryResolve: true,
      DiscoveryBye: true,
      RemoteDiscovery: false,
      SystemBackup: false,
      SystemLogging: false,
      FirmwareUpgrade: false,
      GeoLocationEntries: 1,
    }),
  );
}

/** The older, categorised list: `tt:Capabilities` in the order of onvif.xsd. */
export function oldCapabilities(device: OnvifDevice, categories: ReadonlySet<string>): XmlNode {
  const all = categories.size === 0 || categories.has('All');
  const address = (name: ServiceName): string | undefined => {
    const service = servicesOf(device).find((entry) => entry.name === name);
    return service && device.serviceUrl(service.path);
  };
  const part = (category: string, name: ServiceName, ...content: XmlNode[]): XmlNode | undefined => {
    const xAddr = address(name);
    if (xAddr === undefined || !(all || categories.has(category))) return undefined;
    return el(`tt:${category}`, el('tt:XAddr', xAddr), content);
  };
  return el(
    'tds:Capabilities',
    part('Device', 'device', ...oldDeviceParts()),
    part(
      'Events',
      'events',
      ...flags({
        WSSubscriptionPolicySupport: false,
        WSPullPointSupport: true,
        WSPausableSubscriptionManagerInterfaceSupport: false,
      }),
    ),
    part('Imaging', 'imaging'),
    part(
      'Media',
      'media',
      el('tt:StreamingCapabilities', flags({ RTPMulticast: false, RTP_TCP: false, RTP_RTSP_TCP: true })),
    ),
    part('PTZ', 'ptz'),
  );
}

/** Categories of GetCapabilities (onvif.xsd, tt:CapabilityCategory) and the service that each needs. */
export const CATEGORIES: ReadonlyMap<string, ServiceName | undefined> = new Map([
  ['All', undefined],
  ['Analytics', undefined],
  ['Device', 'device'],
  ['Events', 'events'],
  ['Imaging', 'imaging'],
  ['Media', 'media'],
  ['PTZ', 'ptz'],
] as const);

function oldDeviceParts(): XmlNode[] {
  return [
    el('tt:Network', flags({ IPFilter: false, ZeroConfiguration: false, IPVersion6: false, DynDNS: false })),
    el(
      'tt:System',
      flags({
        DiscoveryResolve: true,
        DiscoveryBye: true,
        RemoteDiscovery: false,
        SystemBackup: false,
        SystemLogging: false,
        FirmwareUpgrade: false,
      }),
      el('tt:SupportedVersions', el('tt:Major', 20), el('tt:Minor', 12)),
    ),
    el('tt:IO', el('tt:InputConnectors', 0), el('tt:RelayOutputs', 0)),
    el(
      'tt:Security',
      flags({
        'TLS1.1': false,
        'TLS1.2': false,
        OnboardKeyGeneration: false,
        AccessPolicyConfig: false,
        'X.509Token': false,
        SAMLToken: false,
        KerberosToken: false,
        RELToken: false,
      }),
    ),
  ];
}

function flags(values: Readonly<Record<string, boolean>>): XmlNode[] {
  return Object.entries(values).map(([name, value]) => el(`tt:${name}`, value));
}
