/** Queries as searchers send them, for tests. */

export interface ProbeOptions {
  readonly id: string;
  readonly types?: string;
  readonly scopes?: string;
  readonly version?: '2005/04' | '1.1';
}

const HEAD = '<s:Envelope xmlns:s="http://www.w3.org/2003/05/soap-envelope"';
const ONVIF = 'xmlns:dn="http://www.onvif.org/ver10/network/wsdl" xmlns:tds="http://www.onvif.org/ver10/device/wsdl"';

function namesOf(version: ProbeOptions['version']): { names: string; discovery: string; to: string } {
  if (version === '1.1') {
    const discovery = 'http://docs.oasis-open.org/ws-dd/ns/discovery/2009/01';
    const names = `xmlns:a="http://www.w3.org/2005/08/addressing" xmlns:d="${discovery}"`;
    return { names, discovery, to: 'urn:docs-oasis-open-org:ws-dd:ns:discovery:2009:01' };
  }
  const discovery = 'http://schemas.xmlsoap.org/ws/2005/04/discovery';
  const names = `xmlns:a="http://schemas.xmlsoap.org/ws/2004/08/addressing" xmlns:d="${discovery}"`;
  return { names, discovery, to: 'urn:schemas-xmlsoap-org:ws:2005:04:discovery' };
}

export function probeXml({ id, types, scopes, version }: ProbeOptions): string {
  const { names, discovery, to } = namesOf(version);
  return (
    `${HEAD} ${names} ${ONVIF}><s:Header><a:MessageID>${id}</a:MessageID><a:To>${to}</a:To>` +
    `<a:Action>${discovery}/Probe</a:Action></s:Header><s:Body><d:Probe>` +
    (types === undefined ? '' : `<d:Types>${types}</d:Types>`) +
    (scopes === undefined ? '' : `<d:Scopes>${scopes}</d:Scopes>`) +
    '</d:Probe></s:Body></s:Envelope>'
  );
}

export function resolveXml(id: string, endpoint: string): string {
  const { names, discovery, to } = namesOf('2005/04');
  return (
    `${HEAD} ${names}><s:Header><a:MessageID>${id}</a:MessageID><a:To>${to}</a:To>` +
    `<a:Action>${discovery}/Resolve</a:Action></s:Header><s:Body><d:Resolve><a:EndpointReference>` +
    `<a:Address>${endpoint}</a:Address></a:EndpointReference></d:Resolve></s:Body></s:Envelope>`
  );
}
