/** Namespaces by the prefix under which the services write them. A vendor may show another prefix, never another name. */
export const NAMESPACES = {
  env: 'http://www.w3.org/2003/05/soap-envelope',
  wsa: 'http://www.w3.org/2005/08/addressing',
  wsse: 'http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss-wssecurity-secext-1.0.xsd',
  wsu: 'http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss-wssecurity-utility-1.0.xsd',
  wsnt: 'http://docs.oasis-open.org/wsn/b-2',
  wstop: 'http://docs.oasis-open.org/wsn/t-1',
  wsrfbf: 'http://docs.oasis-open.org/wsrf/bf-2',
  wsrfr: 'http://docs.oasis-open.org/wsrf/r-2',
  xs: 'http://www.w3.org/2001/XMLSchema',
  tt: 'http://www.onvif.org/ver10/schema',
  ter: 'http://www.onvif.org/ver10/error',
  tns1: 'http://www.onvif.org/ver10/topics',
  dn: 'http://www.onvif.org/ver10/network/wsdl',
  tds: 'http://www.onvif.org/ver10/device/wsdl',
  trt: 'http://www.onvif.org/ver10/media/wsdl',
  tr2: 'http://www.onvif.org/ver20/media/wsdl',
  tptz: 'http://www.onvif.org/ver20/ptz/wsdl',
  timg: 'http://www.onvif.org/ver20/imaging/wsdl',
  tev: 'http://www.onvif.org/ver10/events/wsdl',
  /** A maker's own elements, as found inside `xs:any` places. */
  mk: 'http://www.northgate.example/ver10/profile/extension',
  d: 'http://schemas.xmlsoap.org/ws/2005/04/discovery',
  d11: 'http://docs.oasis-open.org/ws-dd/ns/discovery/2009/01',
  wsa04: 'http://schemas.xmlsoap.org/ws/2004/08/addressing',
} as const;

export type Prefix = keyof typeof NAMESPACES;

/** How a vendor spells a prefix: absent = as above, empty = the default namespace (one of a message at most). */
export type PrefixSpelling = Readonly<Partial<Record<Prefix, string>>>;
