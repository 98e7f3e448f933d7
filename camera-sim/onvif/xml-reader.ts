import { XMLParser, XMLValidator } from 'fast-xml-parser';
import { RefusalError, ok, reasonOf, refusal, refused, type Refusal, type Result } from '#libs/base';

/** Caps on one message from the network. An honest ONVIF request is under 8 kB, 12 deep and 100 elements. */
export const XML_LIMITS = { maxBytes: 65_536, maxDepth: 32, maxElements: 2_000, maxAttributes: 64 } as const;

/** One element with its names resolved. Prefixes are gone; `resolve` serves texts that hold a QName. */
export interface XmlElement {
  /** Namespace name, empty for none. */
  readonly namespace: string;
  /** Local name. */
  readonly name: string;
  /** By local name for attributes without namespace, `{namespace}local` for the others. */
  readonly attributes: ReadonlyMap<string, string>;
  readonly children: readonly XmlElement[];
  /** The element's own character data, without that of its children, trimmed. */
  readonly text: string;
  /** Namespace of a prefix in this element's scope; `''` asks for the default namespace. */
  resolve(prefix: string): string | undefined;
}

/**
 * Reads one XML 1.0 document (UTF-8 only). Refuses with `xml-…` codes: too large, not UTF-8, a DOCTYPE (SOAP 1.2 part 1 §5
 * forbids it, and entities are how small messages grow large), not well-formed, too deep, too many elements, a prefix that
 * nobody declared. Never throws.
 */
export function readXml(bytes: Uint8Array): Result<XmlElement> {
  if (bytes.length > XML_LIMITS.maxBytes) {
    return no('xml-too-large', `a message has at most ${XML_LIMITS.maxBytes} bytes, got ${bytes.length}`);
  }
  const text = decodeUtf8(bytes);
  if (text === undefined) return no('xml-not-utf8', 'a message is UTF-8');
  if (/<!(?:DOCTYPE|ENTITY)/i.test(text)) return no('xml-doctype', 'a message holds no document type');
  if (FORBIDDEN_CHARACTERS.test(text)) return no('xml-character', 'a message holds only XML 1.0 characters');
  try {
    return readDocument(text);
  } catch (thrown) {
    if (thrown instanceof RefusalError) return refused(thrown.refusal);
    return no('xml-not-well-formed', reasonOf(thrown));
  }
}

/** XML 1.0 §2.2, less what UTF-8 decoding already excludes. */
// oxlint-disable-next-line no-control-regex
const FORBIDDEN_CHARACTERS = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]/;

const CDATA = '#cdata';

/** A tag of the parser's ordered form: one key is the tag's name, `:@` its attributes. */
type RawNode = Record<string, unknown>;

function readDocument(text: string): Result<XmlElement> {
  const valid = XMLValidator.validate(text);
  if (valid !== true) return no('xml-not-well-formed', `line ${valid.err.line}: ${valid.err.msg.slice(0, 120)}`);
  // One parser a document: it keeps state, and two readings must never see each other's.
  const parser = new XMLParser({
    preserveOrder: true,
    ignoreAttributes: false,
    attributeNamePrefix: '@',
    parseTagValue: false,
    trimValues: false,
    processEntities: false,
    cdataPropName: CDATA,
    maxNestedTags: XML_LIMITS.maxDepth,
  });
  const roots = (parser.parse(text) as RawNode[]).filter((node) => isElementName(nameOf(node)));
  const root = roots[0];
  if (root === undefined || roots.length > 1) return no('xml-not-well-formed', 'a message has one root element');
  return ok(new TreeBuilder().build(root, BUILT_IN_PREFIXES, 1));
}

type Prefixes = ReadonlyMap<string, string>;
const BUILT_IN_PREFIXES: Prefixes = new Map([
  ['', ''],
  ['xml', 'http://www.w3.org/XML/1998/namespace'],
]);

class TreeBuilder {
  private elements = 0;

  build(node: RawNode, outer: Prefixes, depth: number): XmlElement {
    if (++this.elements > XML_LIMITS.maxElements) fail('xml-too-many', `at most ${XML_LIMITS.maxElements} elements`);
    if (depth > XML_LIMITS.maxDepth) fail('xml-too-deep', `at most ${XML_LIMITS.maxDepth} levels`);
    const rawName = nameOf(node);
    const rawAttributes = attributesOf(node);
    const prefixes = scopeOf(rawAttributes, outer);
    const content = (node[rawName] ?? []) as RawNode[];
    const children: XmlElement[] = [];
    let text = '';
    for (const child of content) {
      const name = nameOf(child);
      if (name === '#text') text += decodeReferences(String(child[name]));
      else if (name === CDATA) text += cdataOf(child);
      else if (isElementName(name)) children.push(this.build(child, prefixes, depth + 1));
    }
    const { namespace, local } = resolveName(rawName, prefixes, true);
    return {
      namespace,
      name: local,
      attributes: resolveAttributes(rawAttributes, prefixes),
      children,
      text: text.trim(),
      resolve: (prefix) => prefixes.get(prefix),
    };
  }
}

function nameOf(node: RawNode): string {
  for (const key of Object.keys(node)) if (key !== ':@') return key;
  return '';
}

function isElementName(name: string): boolean {
  return name !== '' && !name.startsWith('#') && !name.startsWith('?');
}

function attributesOf(node: RawNode): [string, string][] {
  const raw = Object.entries((node[':@'] ?? {}) as Record<string, unknown>);
  if (raw.length > XML_LIMITS.maxAttributes) fail('xml-too-many', `at most ${XML_LIMITS.maxAttributes} attributes`);
  return raw.map(([name, value]) => [name.slice(1), decodeReferences(String(value))]);
}

function cdataOf(node: RawNode): string {
  const parts = (node[CDATA] ?? []) as RawNode[];
  return parts.map((part) => String(part['#text'] ?? '')).join('');
}

function scopeOf(attributes: readonly [string, string][], outer: Prefixes): Prefixes {
  let own: Map<string, string> | undefined;
  for (const [name, value] of attributes) {
    if (name !== 'xmlns' && !name.startsWith('xmlns:')) continue;
    own ??= new Map(outer);
    own.set(name === 'xmlns' ? '' : name.slice('xmlns:'.length), value);
  }
  return own ?? outer;
}

function resolveAttributes(attributes: readonly [string, string][], prefixes: Prefixes): Map<string, string> {
  const resolved = new Map<string, string>();
  for (const [name, value] of attributes) {
    if (name === 'xmlns' || name.startsWith('xmlns:')) continue;
    const { namespace, local } = resolveName(name, prefixes, false);
    resolved.set(namespace === '' ? local : `{${namespace}}${local}`, value);
  }
  return resolved;
}

/** Namespaces in XML 1.0 §6.2: the default namespace is for elements, not for attributes. */
function resolveName(raw: string, prefixes: Prefixes, useDefault: boolean): { namespace: string; local: string } {
  const colon = raw.indexOf(':');
  const prefix = colon < 0 ? '' : raw.slice(0, colon);
  const local = raw.slice(colon + 1);
  if (colon < 0 && !useDefault) return { namespace: '', local };
  const namespace = prefixes.get(prefix);
  if (namespace === undefined || local === '' || local.includes(':')) {
    return fail('xml-prefix', `a prefix is declared before it is used: ${raw.slice(0, 60)}`);
  }
  return { namespace, local };
}

const NAMED_CHARACTERS: Readonly<Record<string, string>> = { lt: '<', gt: '>', amp: '&', quot: '"', apos: "'" };

/** XML 1.0 §4.1: the five built-in names and character numbers; there is no DTD, so there are no others. */
function decodeReferences(raw: string): string {
  if (!raw.includes('&')) return raw;
  return raw.replace(/&([^;&]{0,12})(;?)/g, (whole, name: string, end: string) => {
    const value = end === ';' ? characterOf(name) : undefined;
    return value ?? fail('xml-reference', `an unknown reference: ${whole.slice(0, 20)}`);
  });
}

function characterOf(name: string): string | undefined {
  const number = /^#(?:x([0-9a-fA-F]{1,6})|([0-9]{1,7}))$/.exec(name);
  if (!number) return Object.hasOwn(NAMED_CHARACTERS, name) ? NAMED_CHARACTERS[name] : undefined;
  const code = number[1] === undefined ? Number(number[2]) : Number.parseInt(number[1], 16);
  if (code > 0x10ffff || (code >= 0xd800 && code <= 0xdfff)) return undefined;
  const character = String.fromCodePoint(code);
  return FORBIDDEN_CHARACTERS.test(character) ? undefined : character;
}

function decodeUtf8(bytes: Uint8Array): string | undefined {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    return undefined;
  }
}

function fail(code: string, message: string): never {
  throw new RefusalError(refusal('bad-input', code, message));
}

function no(code: string, message: string): { readonly ok: false; readonly refusal: Refusal } {
  return refused(refusal('bad-input', code, message));
}

/** First child of that name, in one namespace. */
export function childOf(element: XmlElement, namespace: string, name: string): XmlElement | undefined {
  return element.children.find((child) => child.name === name && child.namespace === namespace);
}

/** Follows child names downwards, all in one namespace. */
export function descendantOf(element: XmlElement, namespace: string, ...names: string[]): XmlElement | undefined {
  let at: XmlElement | undefined = element;
  for (const name of names) at = at && childOf(at, namespace, name);
  return at;
}
