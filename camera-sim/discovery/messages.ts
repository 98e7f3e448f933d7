import { ok, refusal, refused, type Result } from '#libs/base';
import { NAMESPACES } from '../onvif/namespaces.ts';
import { childOf, readXml, type XmlElement } from '../onvif/xml-reader.ts';

/**
 * The two dialects of WS-Discovery that are heard on the same group and port: that of April 2005, which ONVIF Core §7 uses,
 * and 1.1 of OASIS. They differ in namespaces and in the addressing version alone.
 */
export interface Dialect {
  /** Prefixes of the discovery and addressing namespaces. */
  readonly d: 'd' | 'd11';
  readonly wsa: 'wsa04' | 'wsa';
  readonly multicastTo: string;
  readonly anonymous: string;
}

export const DIALECT_2005: Dialect = {
  d: 'd',
  wsa: 'wsa04',
  multicastTo: 'urn:schemas-xmlsoap-org:ws:2005:04:discovery',
  anonymous: 'http://schemas.xmlsoap.org/ws/2004/08/addressing/role/anonymous',
};

export const DIALECT_11: Dialect = {
  d: 'd11',
  wsa: 'wsa',
  multicastTo: 'urn:docs-oasis-open-org:ws-dd:ns:discovery:2009:01',
  anonymous: 'http://www.w3.org/2005/08/addressing/anonymous',
};

/** A type asked for: namespace and local name. */
export interface TypeName {
  readonly namespace: string;
  readonly name: string;
}

interface Query {
  readonly dialect: Dialect;
  readonly messageId: string;
}

export type DiscoveryQuery =
  | (Query & {
      readonly kind: 'probe';
      readonly types: readonly TypeName[];
      readonly scopes: readonly string[];
      readonly matchBy: string;
    })
  | (Query & { readonly kind: 'resolve'; readonly endpoint: string });

/** Caps beside those of the XML reader: a datagram is no reason for long work. */
const MAX_TEXT_CHARS = 1_024;
const MAX_ITEMS = 32;

/** Reads one datagram. Refuses whatever is no Probe and no Resolve: Hello, Bye and answers of others are refused too. */
export function readDiscovery(bytes: Uint8Array): Result<DiscoveryQuery> {
  const xml = readXml(bytes);
  if (!xml.ok) return xml;
  const envelope = xml.value;
  const header = childOf(envelope, NAMESPACES.env, 'Header');
  const body = childOf(envelope, NAMESPACES.env, 'Body')?.children[0];
  if (envelope.name !== 'Envelope' || envelope.namespace !== NAMESPACES.env || !header || !body) {
    return no('a datagram holds a SOAP 1.2 envelope with header and body');
  }
  const dialect = [DIALECT_2005, DIALECT_11].find(({ d }) => NAMESPACES[d] === body.namespace);
  if (!dialect) return no('a query is in a known dialect of WS-Discovery');
  const messageId = childOf(header, NAMESPACES[dialect.wsa], 'MessageID')?.text ?? '';
  if (messageId === '' || messageId.length > MAX_TEXT_CHARS)
    return no('a query has a MessageID of at most 1024 characters');
  if (body.name === 'Probe') return readProbe(body, { dialect, messageId });
  if (body.name === 'Resolve') return readResolve(body, { dialect, messageId });
  return no('a query is a Probe or a Resolve');
}

function readProbe(body: XmlElement, query: Query): Result<DiscoveryQuery> {
  const namespace = NAMESPACES[query.dialect.d];
  const scopes = childOf(body, namespace, 'Scopes');
  const types = childOf(body, namespace, 'Types');
  const typeNames = types ? readTypes(types) : [];
  const scopeItems = wordsOf(scopes?.text);
  if (!typeNames || scopeItems.length > MAX_ITEMS) return no('types are names with a declared prefix, 32 at most');
  const matchBy = scopes?.attributes.get('MatchBy') ?? '';
  return ok({ ...query, kind: 'probe', types: typeNames, scopes: scopeItems, matchBy });
}

/** d:Types is a list of QNames; a name without prefix is in the default namespace. */
function readTypes(types: XmlElement): TypeName[] | undefined {
  const words = wordsOf(types.text);
  if (words.length > MAX_ITEMS) return undefined;
  const names: TypeName[] = [];
  for (const word of words) {
    const colon = word.indexOf(':');
    const namespace = types.resolve(colon < 0 ? '' : word.slice(0, colon));
    if (namespace === undefined) return undefined;
    names.push({ namespace, name: word.slice(colon + 1) });
  }
  return names;
}

function readResolve(body: XmlElement, query: Query): Result<DiscoveryQuery> {
  const addressing = NAMESPACES[query.dialect.wsa];
  const reference = childOf(body, addressing, 'EndpointReference');
  const endpoint = reference && childOf(reference, addressing, 'Address')?.text;
  if (!endpoint || endpoint.length > MAX_TEXT_CHARS) return no('a Resolve names an endpoint');
  return ok({ ...query, kind: 'resolve', endpoint });
}

function wordsOf(text: string | undefined): string[] {
  return (text ?? '').split(/\s+/).filter((word) => word !== '');
}

function no(message: string): Result<DiscoveryQuery> {
  return refused(refusal('bad-input', 'discovery-message', message));
}
