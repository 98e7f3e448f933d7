import { ok, refused, type Result } from '#libs/base';
import { onvifRefusal } from './failure.ts';
import { readXml } from './xml.ts';

/** What a device may want to see again. An identifier is some 100 bytes long. */
const MAX_CHARS = 2_000;
const MAX_PREFIXES = 32;
const ADDRESSING = 'http://www.w3.org/2005/08/addressing';

/**
 * The content of `wsa:ReferenceParameters` as it is to be put into the header of each request (WS-Addressing 1.0 SOAP
 * binding §2.3), with the prefixes it uses declared; '' when there is none. It is read from the bytes because names
 * matter here with their namespaces, which {@link readXml} leaves out. Refusal: `onvif-malformed`.
 */
export function readReferenceParameters(bytes: Uint8Array): Result<string> {
  const text = new TextDecoder('utf-8', { fatal: false }).decode(bytes);
  const open = /<(?:[A-Za-z_][\w.-]{0,40}:)?ReferenceParameters(?:\s[^<>]{0,500})?(\/?)>/.exec(text);
  if (!open || open[1] === '/') return ok('');
  const from = open.index + open[0].length;
  const close = /<\/(?:[A-Za-z_][\w.-]{0,40}:)?ReferenceParameters\s*>/.exec(text.slice(from, from + MAX_CHARS + 100));
  if (!close || close.index > MAX_CHARS) return malformed('its reference parameters are too long');
  const inner = text.slice(from, from + close.index).trim();
  if (inner === '') return ok('');
  const echo = declared(inner, prefixesOf(text.slice(0, from)));
  // What would not be one well-formed run of elements must not get into our envelope.
  const whole = readXml(`<x>${echo}</x>`);
  if (/<[!?]/.test(echo) || !whole.ok || whole.value.name !== 'x')
    return malformed('its reference parameters are no XML');
  return ok(echo);
}

/** Prefixes declared before and around the parameters, the nearest last. */
function prefixesOf(before: string): ReadonlyMap<string, string> {
  const found = [...before.matchAll(/xmlns:([A-Za-z_][\w.-]{0,40})\s*=\s*(?:"([^"<]{0,300})"|'([^'<]{0,300})')/g)];
  return new Map(found.slice(-MAX_PREFIXES).map(([, prefix, double, single]) => [prefix!, double ?? single ?? '']));
}

/**
 * Adds to each outermost element the declarations that were outside of it, and the mark of WS-Addressing 1.0 SOAP binding
 * §2.3 by which a device knows its own words again.
 */
function declared(inner: string, prefixes: ReadonlyMap<string, string>): string {
  const used = new Set([...inner.matchAll(/[<\s/]([A-Za-z_][\w.-]{0,40}):[A-Za-z_]/g)].map(([, prefix]) => prefix!));
  const attributes = [...used]
    .filter((prefix) => prefixes.has(prefix) && !inner.includes(`xmlns:${prefix}=`))
    .map((prefix) => ` xmlns:${prefix}="${prefixes.get(prefix)!.replaceAll('"', '&quot;')}"`)
    .join('');
  const mark = ` xmlns:wsa5="${ADDRESSING}" wsa5:IsReferenceParameter="true"`;
  let depth = 0;
  return inner.replace(/<(\/?)([A-Za-z_][\w.:-]{0,80})([^<>]{0,1000}?)(\/?)>/g, (tag, end, name, rest, empty) => {
    if (end === '/') depth--;
    const isOutermost = end === '' && depth === 0;
    if (end === '' && empty === '') depth++;
    return isOutermost ? `<${name}${attributes}${mark}${rest}${empty}>` : tag;
  });
}

function malformed(what: string): Result<never> {
  return refused(onvifRefusal('onvif-malformed', `the device's subscription cannot be used: ${what}`));
}
