/** One good request for each operation of each service, for tests: path, namespace, operation, content. */
export type Sample = readonly [path: string, namespace: string, operation: string, content?: string];

const DEVICE = ['/onvif/device_service', 'http://www.onvif.org/ver10/device/wsdl'] as const;
const MEDIA = ['/onvif/media_service', 'http://www.onvif.org/ver10/media/wsdl'] as const;
const MEDIA2 = ['/onvif/media2_service', 'http://www.onvif.org/ver20/media/wsdl'] as const;
const PTZ = ['/onvif/ptz_service', 'http://www.onvif.org/ver20/ptz/wsdl'] as const;
const IMAGING = ['/onvif/imaging_service', 'http://www.onvif.org/ver20/imaging/wsdl'] as const;
const EVENTS = ['/onvif/event_service', 'http://www.onvif.org/ver10/events/wsdl'] as const;

const PROFILE = '<ProfileToken>Profile_1</ProfileToken>';
const SUB_PROFILE = '<ProfileToken>Profile_2</ProfileToken>';
const SETUP =
  '<StreamSetup><tt:Stream>RTP-Unicast</tt:Stream><tt:Transport><tt:Protocol>RTSP</tt:Protocol></tt:Transport></StreamSetup>';
const SOURCE = '<VideoSourceToken>VideoSource_1</VideoSourceToken>';
const UTC =
  '<UTCDateTime><tt:Time><tt:Hour>3</tt:Hour><tt:Minute>4</tt:Minute><tt:Second>5</tt:Second></tt:Time>' +
  '<tt:Date><tt:Year>2026</tt:Year><tt:Month>1</tt:Month><tt:Day>2</tt:Day></tt:Date></UTCDateTime>';

export const DEVICE_SAMPLES: readonly Sample[] = [
  [...DEVICE, 'GetSystemDateAndTime'],
  [...DEVICE, 'GetDeviceInformation'],
  [...DEVICE, 'GetServices', '<IncludeCapability>true</IncludeCapability>'],
  [...DEVICE, 'GetServiceCapabilities'],
  [...DEVICE, 'GetCapabilities', '<Category>All</Category>'],
  [...DEVICE, 'GetScopes'],
  [...DEVICE, 'GetHostname'],
  [...DEVICE, 'GetNetworkInterfaces'],
  [...DEVICE, 'GetNetworkProtocols'],
  [...DEVICE, 'GetNetworkDefaultGateway'],
  [...DEVICE, 'GetDNS'],
  [...DEVICE, 'GetNTP'],
  [...DEVICE, 'GetDiscoveryMode'],
  [...DEVICE, 'GetUsers'],
  [...DEVICE, 'GetEndpointReference'],
  [...DEVICE, 'GetGeoLocation'],
  [
    ...DEVICE,
    'SetSystemDateAndTime',
    `<DateTimeType>Manual</DateTimeType><DaylightSavings>false</DaylightSavings>${UTC}`,
  ],
  [...DEVICE, 'SystemReboot'],
];

export const MEDIA_SAMPLES: readonly Sample[] = [
  [...MEDIA, 'GetServiceCapabilities'],
  [...MEDIA, 'GetProfiles'],
  [...MEDIA, 'GetProfile', PROFILE],
  [...MEDIA, 'GetVideoSources'],
  [...MEDIA, 'GetVideoSourceConfigurations'],
  [...MEDIA, 'GetVideoSourceConfiguration', '<ConfigurationToken>VideoSourceConfig_1</ConfigurationToken>'],
  [...MEDIA, 'GetVideoEncoderConfigurations'],
  [...MEDIA, 'GetVideoEncoderConfiguration', '<ConfigurationToken>VideoEncoder_Profile_2</ConfigurationToken>'],
  [...MEDIA, 'GetVideoEncoderConfigurationOptions', SUB_PROFILE],
  [...MEDIA, 'GetStreamUri', SETUP + PROFILE],
  [...MEDIA, 'GetSnapshotUri', PROFILE],
];

export const MEDIA2_SAMPLES: readonly Sample[] = [
  [...MEDIA2, 'GetServiceCapabilities'],
  [...MEDIA2, 'GetProfiles', '<Type>All</Type>'],
  [...MEDIA2, 'GetVideoSourceConfigurations'],
  [...MEDIA2, 'GetVideoEncoderConfigurations'],
  [...MEDIA2, 'GetVideoEncoderConfigurationOptions', PROFILE],
  [...MEDIA2, 'GetStreamUri', `<Protocol>RTSP</Protocol>${PROFILE}`],
  [...MEDIA2, 'GetSnapshotUri', PROFILE],
];

export const PTZ_SAMPLES: readonly Sample[] = [
  [...PTZ, 'GetServiceCapabilities'],
  [...PTZ, 'GetNodes'],
  [...PTZ, 'GetNode', '<NodeToken>PTZNode_1</NodeToken>'],
  [...PTZ, 'GetConfigurations'],
  [...PTZ, 'GetConfiguration', '<PTZConfigurationToken>PTZConfig_1</PTZConfigurationToken>'],
  [...PTZ, 'GetConfigurationOptions', '<ConfigurationToken>PTZConfig_1</ConfigurationToken>'],
  [...PTZ, 'GetStatus', PROFILE],
  [...PTZ, 'GetPresets', PROFILE],
  [...PTZ, 'SetPreset', `${PROFILE}<PresetName>Nuevo</PresetName>`],
  [...PTZ, 'SetHomePosition', PROFILE],
  [...PTZ, 'GotoHomePosition', PROFILE],
  [...PTZ, 'GotoPreset', `${PROFILE}<PresetToken>left</PresetToken>`],
  [...PTZ, 'AbsoluteMove', `${PROFILE}<Position><tt:PanTilt x="0.5" y="-0.25"/><tt:Zoom x="0.5"/></Position>`],
  [...PTZ, 'RelativeMove', `${PROFILE}<Translation><tt:PanTilt x="0.1" y="0.1"/></Translation>`],
  [...PTZ, 'ContinuousMove', `${PROFILE}<Velocity><tt:PanTilt x="1" y="0"/></Velocity><Timeout>PT2S</Timeout>`],
  [...PTZ, 'Stop', PROFILE],
  [...PTZ, 'RemovePreset', `${PROFILE}<PresetToken>right</PresetToken>`],
];

export const IMAGING_SAMPLES: readonly Sample[] = [
  [...IMAGING, 'GetServiceCapabilities'],
  [...IMAGING, 'GetImagingSettings', SOURCE],
  [...IMAGING, 'GetOptions', SOURCE],
  [...IMAGING, 'GetMoveOptions', SOURCE],
  [...IMAGING, 'GetStatus', SOURCE],
];

const PULL_POINT = '/onvif/pullpoint/1';
const WSN = 'http://docs.oasis-open.org/wsn/b-2';

export const EVENT_SAMPLES: readonly Sample[] = [
  [...EVENTS, 'GetServiceCapabilities'],
  [...EVENTS, 'GetEventProperties'],
  [...EVENTS, 'CreatePullPointSubscription', '<InitialTerminationTime>PT60S</InitialTerminationTime>'],
  [PULL_POINT, EVENTS[1], 'PullMessages', '<Timeout>PT5S</Timeout><MessageLimit>100</MessageLimit>'],
  [PULL_POINT, EVENTS[1], 'SetSynchronizationPoint'],
  [PULL_POINT, WSN, 'Renew', '<TerminationTime>PT2M</TerminationTime>'],
  [PULL_POINT, WSN, 'Unsubscribe'],
];

export const EVERY_SAMPLE: readonly Sample[] = [
  ...DEVICE_SAMPLES,
  ...MEDIA_SAMPLES,
  ...MEDIA2_SAMPLES,
  ...PTZ_SAMPLES,
  ...IMAGING_SAMPLES,
  ...EVENT_SAMPLES,
];

export function sampleXml([, namespace, operation, content = '']: Sample): string {
  return `<${operation} xmlns="${namespace}">${content}</${operation}>`;
}
