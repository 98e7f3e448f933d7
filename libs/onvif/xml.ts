import { XMLParser } from 'fast-xml-parser';
import { ok, refusal, refused, type Result } from '#libs/base';

/**
 * Largest answer read. A device's longest (profiles of a 64-channel recorder) is near 200 kB; a datagram is 64 kB at most.
 */
export const MAX_XML_BYTES = 512 * 1024;
const MAX_DEPTH = 40;
const MAX_TAGS = 20_000;

/** One element. Prefixes are gone: makers disagree about them, and no two names of ONVIF collide without them. */
export interface XmlElement {
  readonly name: string;
  /** Own text, character references resolved, trimmed. */
  readonly text: string;
  readonly attributes: ReadonlyMap<string, string>;
  readonly children: readonly XmlElement[];
}

const NAME = /^[A-Za-z_][\w.-]{0,99}$/;

/**
 * Reads XML 1.0 from a device. Never follows anything: a document type is refused (XML 1.0 §2.8; no entity, local or
 * remote, can be declared), only the five predefined and numeric character references are resolved, and size, depth and
 * number of tags are bounded. Refusals: `xml-too-large`, `xml-doctype`, `xml-malformed`.
 */
export function readXml(bytes: string | Uint8Array): Result<XmlElement> {
  if (bytes.length > MAX_XML_BYTES) return refusedXml('xml-too-large', `at most ${MAX_XML_BYTES} bytes are read`);
  const text = (typeof bytes === 'string' ? bytes : decode(bytes))
    .replace(/^[\uFEFF\s\0]+/, '')
    .replace(/[\s\0]+$/, '');
  if (/<!(DOCTYPE|ENTITY|ELEMENT|ATTLIST|NOTATION)/i.test(text))
    return refusedXml('xml-doctype', 'a document type or entity declaration is not accepted');
  if (countTags(text) > MAX_TAGS) return refusedXml('xml-too-large', `at most ${MAX_TAGS} tags are read`);
  return parse(text);
}

/** Text nodes that a device may not choose freely are put into a request through this. */
export function escapeXml(text: string): string {
  return text.replace(/[<>&"']/g, (character) => `&#${character.charCodeAt(0)};`);
}

/** The first child of that name, searched along the path. */
export function find(element: XmlElement | undefined, ...path: readonly string[]): XmlElement | undefined {
  let at = element;
  for (const name of path) at = at?.children.find((child) => child.name === name);
  return at;
}

export function findAll(element: XmlElement | undefined, name: string): readonly XmlElement[] {
  return element?.children.filter((child) => child.name === name) ?? [];
}

/** Text at a path, without control characters and at most `maxChars` long; '' when there is none. */
export function textAt(element: XmlElement | undefined, path: readonly string[], maxChars = 200): string {
  return plainText(find(element, ...path)?.text ?? '', maxChars);
}

/** A finite number at a path. */
export function numberAt(element: XmlElement | undefined, ...path: readonly string[]): number | undefined {
  const text = find(element, ...path)?.text ?? '';
  return /^[+-]?\d{1,15}(\.\d{1,9})?$/.test(text) ? Number(text) : undefined;
}

/** What a device says, made fit for a screen and a log: one line, bounded. */
export function plainText(text: string, maxChars: number): string {
  return text
    .replace(/[\p{Cc}\u2028\u2029]+/gu, ' ')
    .trim()
    .slice(0, maxChars);
}

function parse(text: string): Result<XmlElement> {
  try {
    const nodes = new XMLParser({
      preserveOrder: true,
      removeNSPrefix: true,
      ignoreAttributes: false,
      attributeNamePrefix: '',
      ignoreDeclaration: true,
      ignorePiTags: true,
      parseTagValue: false,
      parseAttributeValue: false,
      processEntities: false,
      maxNestedTags: MAX_DEPTH,
    }).parse(text, true) as unknown;
    const roots = elementsOf(nodes, 0);
    const root = roots[0];
    return root && roots.length === 1 ? ok(root) : refusedXml('xml-malformed', 'one root element was expected');
  } catch (thrown) {
    const reason = thrown instanceof Error ? plainText(thrown.message, 120) : 'unreadable';
    return refusedXml('xml-malformed', reason);
  }
}

/** From the parser's ordered form: `[{ Name: [child, …], ':@': { attribute: value } } | { '#text': string }]`. */
function elementsOf(nodes: unknown, depth: number): XmlElement[] {
  if (!Array.isArray(nodes) || depth > MAX_DEPTH) return [];
  const elements: XmlElement[] = [];
  for (const node of nodes as Record<string, unknown>[]) {
    const name = Object.keys(node).find((key) => key !== ':@' && key !== '#text');
    if (name === undefined || !NAME.test(name)) continue;
    const inner = node[name];
    elements.push({
      name,
      text: textOf(inner),
      attributes: attributesOf(node[':@']),
      children: elementsOf(inner, depth + 1),
    });
  }
  return elements;
}

function textOf(nodes: unknown): string {
  if (!Array.isArray(nodes)) return '';
  let text = '';
  for (const node of nodes as Record<string, unknown>[]) {
    if (typeof node['#text'] === 'string') text += node['#text'];
  }
  return unescapeXml(text).trim();
}

function attributesOf(group: unknown): ReadonlyMap<string, string> {
  const attributes = new Map<string, string>();
  if (typeof group !== 'object' || group === null) return attributes;
  for (const [name, value] of Object.entries(group)) {
    if (NAME.test(name) && typeof value === 'string') attributes.set(name, unescapeXml(value).trim());
  }
  return attributes;
}

const PREDEFINED: Readonly<Record<string, string>> = { lt: '<', gt: '>', amp: '&', quot: '"', apos: "'" };

/** Predefined and numeric references (XML 1.0 §4.1, §4.6); an unknown one stays as it is written. */
function unescapeXml(text: string): string {
  return text.replace(/&(#x[0-9a-fA-F]{1,6}|#\d{1,7}|lt|gt|amp|quot|apos);/g, (whole, name: string) => {
    const known = PREDEFINED[name];
    if (known !== undefined) return known;
    const code = name[1] === 'x' ? Number.parseInt(name.slice(2), 16) : Number(name.slice(1));
    return code > 0 && code <= 0x10ffff && !(code >= 0xd800 && code <= 0xdfff) ? String.fromCodePoint(code) : whole;
  });
}

/** UTF-8 as declared by SOAP 1.2 over HTTP; a stray byte of a Latin-1 device name becomes U+FFFD and hides nothing else. */
function decode(bytes: Uint8Array): string {
  return new TextDecoder('utf-8', { fatal: false }).decode(bytes);
}

function countTags(text: string): number {
  let count = 0;
  for (let at = text.indexOf('<'); at >= 0; at = text.indexOf('<', at + 1)) count++;
  return count;
}

function refusedXml(code: string, message: string): Result<never> {
  return refused(refusal('peer-failed', code, message));
}
