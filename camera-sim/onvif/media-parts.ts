import type { SimProfile } from '../model.ts';
import type { OnvifDevice } from './device.ts';
import { PTZ_CONFIGURATION_TOKEN } from './tokens.ts';
import { ptzConfigurationParts } from './ptz-parts.ts';
import { VIDEO_SOURCE_CONFIGURATION_TOKEN, VIDEO_SOURCE_TOKEN } from './tokens.ts';
import { childOf, type XmlElement } from './xml-reader.ts';
import { el, elWith, type XmlNode } from './xml-writer.ts';

export function encoderTokenOf(profile: SimProfile): string {
  return `VideoEncoder_${profile.token}`;
}

export function profileOf(device: OnvifDevice, token: string | undefined): SimProfile | undefined {
  return device.camera.profiles.find((profile) => profile.token === token);
}

/** Profile that an argument names, in the namespace of the request itself. */
export function askedProfile(device: OnvifDevice, body: XmlElement): SimProfile | undefined {
  return profileOf(device, childOf(body, body.namespace, 'ProfileToken')?.text);
}

export function videoSourceConfiguration(device: OnvifDevice, name: string): XmlNode {
  const { widthPx, heightPx } = device.camera.spec.main;
  return elWith(
    name,
    { token: VIDEO_SOURCE_CONFIGURATION_TOKEN },
    el('tt:Name', 'Video source'),
    el('tt:UseCount', device.camera.profiles.length),
    el('tt:SourceToken', VIDEO_SOURCE_TOKEN),
    elWith('tt:Bounds', { x: 0, y: 0, width: widthPx, height: heightPx }),
  );
}

export function ptzConfiguration(device: OnvifDevice, name: string): XmlNode | undefined {
  if (device.head === undefined) return undefined;
  return elWith(name, { token: PTZ_CONFIGURATION_TOKEN }, ptzConfigurationParts(device.camera.profiles.length));
}

export function resolutionXml(name: string, profile: SimProfile): XmlNode {
  return el(name, el('tt:Width', profile.widthPx), el('tt:Height', profile.heightPx));
}

export function rangeXml(name: string, min: number, max: number): XmlNode {
  return el(name, el('tt:Min', min), el('tt:Max', max));
}

/** Present in every encoder configuration (onvif.xsd); nothing is multicast. */
export function noMulticast(): XmlNode {
  return el(
    'tt:Multicast',
    el('tt:Address', el('tt:Type', 'IPv4'), el('tt:IPv4Address', '0.0.0.0')),
    el('tt:Port', 0),
    el('tt:TTL', 0),
    el('tt:AutoStart', false),
  );
}

/** Quality as both services show it, on a scale of 1 to 6. */
export const QUALITY = { min: 1, max: 6, value: 4 } as const;
