import type { SimProfile } from '../model.ts';
import { VIDEO_SOURCE_CONFIGURATION_TOKEN, VIDEO_SOURCE_TOKEN } from './tokens.ts';
import { streamPathOf } from '../stream-path.ts';
import { serviceCapabilities } from './capabilities.ts';
import { operations, type Answer, type Call, type OnvifDevice, type Operations } from './device.ts';
import { actionNotSupported, invalidValue, missingArgument } from './fault.ts';
import {
  QUALITY,
  askedProfile,
  encoderTokenOf,
  noMulticast,
  ptzConfiguration,
  rangeXml,
  resolutionXml,
  videoSourceConfiguration,
} from './media-parts.ts';
import { NAMESPACES } from './namespaces.ts';
import { childOf, descendantOf } from './xml-reader.ts';
import { el, elWith, type XmlNode } from './xml-writer.ts';

/** ONVIF Media (ver10). It has words for JPEG, MPEG-4 and H.264 only: what an H.265 profile gets is the vendor's rule. */
export const MEDIA_OPERATIONS: Operations = operations({
  GetServiceCapabilities: [
    'PRE_AUTH',
    ({ device }) => el('trt:GetServiceCapabilitiesResponse', serviceCapabilities(device, 'media')),
  ],
  GetProfiles: ['READ_MEDIA', getProfiles],
  GetProfile: ['READ_MEDIA', getProfile],
  GetVideoSources: ['READ_MEDIA', getVideoSources],
  GetVideoSourceConfigurations: ['READ_MEDIA', getVideoSourceConfigurations],
  GetVideoSourceConfiguration: ['READ_MEDIA', getVideoSourceConfiguration],
  GetVideoEncoderConfigurations: ['READ_MEDIA', getVideoEncoderConfigurations],
  GetVideoEncoderConfiguration: ['READ_MEDIA', getVideoEncoderConfiguration],
  GetVideoEncoderConfigurationOptions: ['READ_MEDIA', getVideoEncoderConfigurationOptions],
  GetStreamUri: ['READ_MEDIA', getStreamUri],
  GetSnapshotUri: ['READ_MEDIA', getSnapshotUri],
});

function noProfile(): Answer {
  return invalidValue('NoProfile', 'The requested profile token does not exist');
}

function noConfig(): Answer {
  return invalidValue('NoConfig', 'The requested configuration does not exist');
}

function getProfiles({ device }: Call): Answer {
  return el(
    'trt:GetProfilesResponse',
    device.camera.profiles.map((profile) => profileXml(device, profile, 'trt:Profiles')),
  );
}

function getProfile({ device, body }: Call): Answer {
  const profile = askedProfile(device, body);
  return profile ? el('trt:GetProfileResponse', profileXml(device, profile, 'trt:Profile')) : noProfile();
}

function profileXml(device: OnvifDevice, profile: SimProfile, name: string): XmlNode {
  return elWith(
    name,
    { token: profile.token, fixed: true },
    el('tt:Name', profile.name),
    videoSourceConfiguration(device, 'tt:VideoSourceConfiguration'),
    isSayable(device, profile) ? encoderXml(profile, 'tt:VideoEncoderConfiguration') : undefined,
    ptzConfiguration(device, 'tt:PTZConfiguration'),
    device.rules.extraProfileElements ? makersExtension(profile) : undefined,
  );
}

/** What a maker adds of its own, with names that look like ONVIF's: readers must go by namespace. */
function makersExtension(profile: SimProfile): XmlNode {
  return el(
    'tt:Extension',
    elWith(
      'mk:SmartCodec',
      { enabled: true, token: 'Profile_999' },
      el('mk:Name', `${profile.name} +`),
      el('mk:Encoding', 'H264+'),
    ),
    el('mk:StreamRole', profile.token),
  );
}

function isSayable(device: OnvifDevice, profile: SimProfile): boolean {
  return profile.codec === 'h264' || device.rules.h265InMedia1 === 'called-h264';
}

function sayableProfiles(device: OnvifDevice): readonly SimProfile[] {
  return device.camera.profiles.filter((profile) => isSayable(device, profile));
}

function encoderXml(profile: SimProfile, name: string): XmlNode {
  return elWith(
    name,
    { token: encoderTokenOf(profile) },
    el('tt:Name', profile.name),
    el('tt:UseCount', 1),
    el('tt:Encoding', 'H264'),
    resolutionXml('tt:Resolution', profile),
    el('tt:Quality', QUALITY.value),
    el(
      'tt:RateControl',
      el('tt:FrameRateLimit', wholeRate(profile)),
      el('tt:EncodingInterval', 1),
      el('tt:BitrateLimit', profile.bitrateKbps),
    ),
    el('tt:H264', el('tt:GovLength', profile.gopFrames), el('tt:H264Profile', 'Main')),
    noMulticast(),
    el('tt:SessionTimeout', 'PT60S'),
  );
}

/** Media (ver10) counts frames in whole numbers: 12.5 a second is limited by 13. */
function wholeRate(profile: SimProfile): number {
  return Math.ceil(profile.framesPerSecond);
}

function getVideoSources({ device }: Call): Answer {
  const { main } = device.camera.spec;
  return el(
    'trt:GetVideoSourcesResponse',
    elWith(
      'trt:VideoSources',
      { token: VIDEO_SOURCE_TOKEN },
      el('tt:Framerate', main.framesPerSecond),
      resolutionXml('tt:Resolution', main),
    ),
  );
}

function getVideoSourceConfigurations({ device }: Call): Answer {
  return el('trt:GetVideoSourceConfigurationsResponse', videoSourceConfiguration(device, 'trt:Configurations'));
}

function getVideoSourceConfiguration({ device, body }: Call): Answer {
  if (childOf(body, NAMESPACES.trt, 'ConfigurationToken')?.text !== VIDEO_SOURCE_CONFIGURATION_TOKEN) return noConfig();
  return el('trt:GetVideoSourceConfigurationResponse', videoSourceConfiguration(device, 'trt:Configuration'));
}

function getVideoEncoderConfigurations({ device }: Call): Answer {
  return el(
    'trt:GetVideoEncoderConfigurationsResponse',
    sayableProfiles(device).map((profile) => encoderXml(profile, 'trt:Configurations')),
  );
}

function getVideoEncoderConfiguration({ device, body }: Call): Answer {
  const token = childOf(body, NAMESPACES.trt, 'ConfigurationToken')?.text;
  const profile = sayableProfiles(device).find((candidate) => encoderTokenOf(candidate) === token);
  return profile
    ? el('trt:GetVideoEncoderConfigurationResponse', encoderXml(profile, 'trt:Configuration'))
    : noConfig();
}

function getVideoEncoderConfigurationOptions({ device, body }: Call): Answer {
  const token = childOf(body, NAMESPACES.trt, 'ConfigurationToken')?.text;
  const profileToken = childOf(body, NAMESPACES.trt, 'ProfileToken')?.text;
  const profiles = sayableProfiles(device).filter(
    (profile) =>
      (token === undefined || encoderTokenOf(profile) === token) &&
      (profileToken === undefined || profile.token === profileToken),
  );
  const first = profiles[0];
  if (first === undefined) return token === undefined ? noProfile() : noConfig();
  return el(
    'trt:GetVideoEncoderConfigurationOptionsResponse',
    el(
      'trt:Options',
      rangeXml('tt:QualityRange', QUALITY.min, QUALITY.max),
      el(
        'tt:H264',
        profiles.map((profile) => resolutionXml('tt:ResolutionsAvailable', profile)),
        rangeXml('tt:GovLengthRange', 1, 250),
        rangeXml('tt:FrameRateRange', 1, wholeRate(first)),
        rangeXml('tt:EncodingIntervalRange', 1, 1),
        el('tt:H264ProfilesSupported', 'Main'),
      ),
    ),
  );
}

const TRANSPORTS: ReadonlySet<string> = new Set(['UDP', 'TCP', 'RTSP']);

function getStreamUri({ device, body }: Call): Answer {
  const setup = childOf(body, NAMESPACES.trt, 'StreamSetup');
  const stream = setup && childOf(setup, NAMESPACES.tt, 'Stream')?.text;
  const protocol = setup && descendantOf(setup, NAMESPACES.tt, 'Transport', 'Protocol')?.text;
  if (stream === undefined || protocol === undefined) return missingArgument('StreamSetup');
  if (stream !== 'RTP-Unicast' || !TRANSPORTS.has(protocol)) {
    return invalidValue('InvalidStreamSetup', `${stream.slice(0, 20)} over ${protocol.slice(0, 20)} is not supported`);
  }
  const profile = askedProfile(device, body);
  if (!profile) return noProfile();
  return el('trt:GetStreamUriResponse', mediaUri(device.streamUrl(streamPathOf(device.camera, profile.token))));
}

function getSnapshotUri({ device, body }: Call): Answer {
  if (device.snapshotOf === undefined) return actionNotSupported('GetSnapshotUri');
  const profile = askedProfile(device, body);
  return profile ? el('trt:GetSnapshotUriResponse', mediaUri(device.snapshotUrl(profile.token))) : noProfile();
}

function mediaUri(uri: string): XmlNode {
  return el(
    'trt:MediaUri',
    el('tt:Uri', uri),
    el('tt:InvalidAfterConnect', false),
    el('tt:InvalidAfterReboot', false),
    el('tt:Timeout', 'PT0S'),
  );
}
