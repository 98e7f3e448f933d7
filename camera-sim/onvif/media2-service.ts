import type { SimProfile } from '../model.ts';
import { VIDEO_SOURCE_CONFIGURATION_TOKEN } from './tokens.ts';
import { streamPathOf } from '../stream-path.ts';
import { serviceCapabilities } from './capabilities.ts';
import { operations, type Answer, type Call, type OnvifDevice, type Operations } from './device.ts';
import { actionNotSupported, invalidValue, missingArgument } from './fault.ts';
import {
  QUALITY,
  askedProfile,
  encoderTokenOf,
  profileOf,
  ptzConfiguration,
  rangeXml,
  resolutionXml,
  videoSourceConfiguration,
} from './media-parts.ts';
import { NAMESPACES } from './namespaces.ts';
import { childOf, type XmlElement } from './xml-reader.ts';
import { el, elWith, type XmlNode } from './xml-writer.ts';

/** ONVIF Media2 (ver20): the service that can say H.265. */
export const MEDIA2_OPERATIONS: Operations = operations({
  GetServiceCapabilities: [
    'PRE_AUTH',
    ({ device }) => el('tr2:GetServiceCapabilitiesResponse', serviceCapabilities(device, 'media2')),
  ],
  GetProfiles: ['READ_MEDIA', getProfiles],
  GetVideoSourceConfigurations: ['READ_MEDIA', getVideoSourceConfigurations],
  GetVideoEncoderConfigurations: ['READ_MEDIA', getVideoEncoderConfigurations],
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

/** Media2 §5.2.2: without `Type` only name and token; with it the configurations asked for. */
function getProfiles({ device, body }: Call): Answer {
  const token = childOf(body, NAMESPACES.tr2, 'Token')?.text;
  const types = new Set(body.children.filter(({ name }) => name === 'Type').map(({ text }) => text));
  const asked = profileOf(device, token);
  if (token !== undefined && !asked) return noProfile();
  const profiles = asked ? [asked] : device.camera.profiles;
  return el(
    'tr2:GetProfilesResponse',
    profiles.map((profile) => profileXml(device, profile, types)),
  );
}

function profileXml(device: OnvifDevice, profile: SimProfile, types: ReadonlySet<string>): XmlNode {
  const wants = (type: string): boolean => types.has('All') || types.has(type);
  const configurations = el(
    'tr2:Configurations',
    wants('VideoSource') ? videoSourceConfiguration(device, 'tr2:VideoSource') : undefined,
    wants('VideoEncoder') ? encoderXml(profile, 'tr2:VideoEncoder') : undefined,
    wants('PTZ') ? ptzConfiguration(device, 'tr2:PTZ') : undefined,
  );
  return elWith(
    'tr2:Profiles',
    { token: profile.token, fixed: true },
    el('tr2:Name', profile.name),
    types.size === 0 ? undefined : configurations,
  );
}

function encodingOf(profile: SimProfile): string {
  return profile.codec === 'h265' ? 'H265' : 'H264';
}

function encoderXml(profile: SimProfile, name: string): XmlNode {
  return elWith(
    name,
    { token: encoderTokenOf(profile), GovLength: profile.gopFrames, Profile: 'Main' },
    el('tt:Name', profile.name),
    el('tt:UseCount', 1),
    el('tt:Encoding', encodingOf(profile)),
    resolutionXml('tt:Resolution', profile),
    elWith(
      'tt:RateControl',
      { ConstantBitRate: false },
      el('tt:FrameRateLimit', profile.framesPerSecond),
      el('tt:BitrateLimit', profile.bitrateKbps),
    ),
    el('tt:Quality', QUALITY.value),
  );
}

function getVideoSourceConfigurations({ device, body }: Call): Answer {
  const token = childOf(body, NAMESPACES.tr2, 'ConfigurationToken')?.text;
  if (token !== undefined && token !== VIDEO_SOURCE_CONFIGURATION_TOKEN) return noConfig();
  return el('tr2:GetVideoSourceConfigurationsResponse', videoSourceConfiguration(device, 'tr2:Configurations'));
}

/** Profiles left by the two optional arguments of the encoder queries, or the fault for an unknown one. */
function selected(device: OnvifDevice, body: XmlElement): readonly SimProfile[] | Answer {
  const token = childOf(body, NAMESPACES.tr2, 'ConfigurationToken')?.text;
  const profileToken = childOf(body, NAMESPACES.tr2, 'ProfileToken')?.text;
  if (profileToken !== undefined && !profileOf(device, profileToken)) return noProfile();
  const found = device.camera.profiles.filter(
    (profile) =>
      (token === undefined || encoderTokenOf(profile) === token) &&
      (profileToken === undefined || profile.token === profileToken),
  );
  return found.length === 0 ? noConfig() : found;
}

function isFault(value: readonly SimProfile[] | Answer): value is Answer {
  return !Array.isArray(value);
}

function getVideoEncoderConfigurations({ device, body }: Call): Answer {
  const profiles = selected(device, body);
  if (isFault(profiles)) return profiles;
  return el(
    'tr2:GetVideoEncoderConfigurationsResponse',
    profiles.map((profile) => encoderXml(profile, 'tr2:Configurations')),
  );
}

function getVideoEncoderConfigurationOptions({ device, body }: Call): Answer {
  const profiles = selected(device, body);
  if (isFault(profiles)) return profiles;
  return el('tr2:GetVideoEncoderConfigurationOptionsResponse', profiles.map(optionsXml));
}

function optionsXml(profile: SimProfile): XmlNode {
  return elWith(
    'tr2:Options',
    {
      GovLengthRange: '1 250',
      FrameRatesSupported: profile.framesPerSecond,
      ProfilesSupported: 'Main',
      ConstantBitRateSupported: false,
    },
    el('tt:Encoding', encodingOf(profile)),
    rangeXml('tt:QualityRange', QUALITY.min, QUALITY.max),
    resolutionXml('tt:ResolutionsAvailable', profile),
    rangeXml('tt:BitrateRange', 64, profile.bitrateKbps),
  );
}

/** Media2 §5.6.1: what a client may ask for; what is streamed is chosen by RTSP SETUP. */
const PROTOCOLS: ReadonlySet<string> = new Set(['RtspUnicast', 'RTSP']);

function getStreamUri({ device, body }: Call): Answer {
  const protocol = childOf(body, NAMESPACES.tr2, 'Protocol')?.text;
  if (protocol === undefined) return missingArgument('Protocol');
  if (!PROTOCOLS.has(protocol)) return invalidValue('InvalidStreamSetup', `${protocol.slice(0, 20)} is not supported`);
  const profile = askedProfile(device, body);
  if (!profile) return noProfile();
  return el('tr2:GetStreamUriResponse', el('tr2:Uri', device.streamUrl(streamPathOf(device.camera, profile.token))));
}

function getSnapshotUri({ device, body }: Call): Answer {
  if (device.snapshotOf === undefined) return actionNotSupported('GetSnapshotUri');
  const profile = askedProfile(device, body);
  return profile ? el('tr2:GetSnapshotUriResponse', el('tr2:Uri', device.snapshotUrl(profile.token))) : noProfile();
}
