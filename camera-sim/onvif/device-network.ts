import type { SimCamera } from '../model.ts';
import type { Answer, Call } from './device.ts';
import { el, elWith, type XmlNode } from './xml-writer.ts';

/** ONVIF Core §8.2, Network. */

function hostnameOf(camera: SimCamera): string {
  return camera.spec.id.toLowerCase().replace(/[^a-z0-9-]/g, '-');
}

export function getHostname({ device }: Call): Answer {
  return el(
    'tds:GetHostnameResponse',
    el('tds:HostnameInformation', el('tt:FromDHCP', false), el('tt:Name', hostnameOf(device.camera))),
  );
}

export function getNetworkInterfaces({ device }: Call): Answer {
  const { spec, host } = device.camera;
  const address = el('tt:FromDHCP', el('tt:Address', host), el('tt:PrefixLength', 8));
  return el(
    'tds:GetNetworkInterfacesResponse',
    elWith(
      'tds:NetworkInterfaces',
      { token: 'eth0' },
      el('tt:Enabled', true),
      el('tt:Info', el('tt:Name', 'eth0'), el('tt:HwAddress', spec.macAddress), el('tt:MTU', 1500)),
      el('tt:IPv4', el('tt:Enabled', true), el('tt:Config', address, el('tt:DHCP', true))),
    ),
  );
}

/** The router of a network of 256 addresses, as installers like it. */
function gatewayOf(camera: SimCamera): string {
  return camera.host.replace(/\.\d+$/, '.254');
}

export function getNetworkProtocols({ device }: Call): Answer {
  const xml = (name: string, enabled: boolean, port: number): XmlNode =>
    el('tds:NetworkProtocols', el('tt:Name', name), el('tt:Enabled', enabled), el('tt:Port', port));
  return el(
    'tds:GetNetworkProtocolsResponse',
    xml('HTTP', true, device.port),
    xml('HTTPS', false, 443),
    xml('RTSP', true, device.camera.spec.rtspPort),
  );
}

export function getNetworkDefaultGateway({ device }: Call): Answer {
  const gateway = el('tds:NetworkGateway', el('tt:IPv4Address', gatewayOf(device.camera)));
  return el('tds:GetNetworkDefaultGatewayResponse', gateway);
}

export function getDns({ device }: Call): Answer {
  const server = el('tt:DNSFromDHCP', el('tt:Type', 'IPv4'), el('tt:IPv4Address', gatewayOf(device.camera)));
  return el('tds:GetDNSResponse', el('tds:DNSInformation', el('tt:FromDHCP', true), server));
}

export function getNtp(): Answer {
  return el('tds:GetNTPResponse', el('tds:NTPInformation', el('tt:FromDHCP', true)));
}
