import { ok, refused, type Result } from '#libs/base';
import { SoapFault, senderFault } from './fault.ts';
import { NAMESPACES } from './namespaces.ts';
import { childOf, readXml, type XmlElement } from './xml-reader.ts';
import { el, writeXml, type XmlNode } from './xml-writer.ts';
import type { PrefixSpelling } from './namespaces.ts';

/** One request: the operation's element and the headers that this camera understands. */
export interface SoapRequest {
  /** The one child of the body; its name is the operation's. */
  readonly body: XmlElement;
  /** `wsse:Security`, not yet verified. */
  readonly security: XmlElement | undefined;
  /** `wsa:MessageID`, for the reply's `RelatesTo`. */
  readonly messageId: string | undefined;
}

export type SoapReading =
  { readonly ok: true; readonly request: SoapRequest } | { readonly ok: false; readonly fault: SoapFault };

const SOAP_11 = 'http://schemas.xmlsoap.org/soap/envelope/';
const UNDERSTOOD_HEADERS: ReadonlySet<string> = new Set([NAMESPACES.wsse, NAMESPACES.wsa, NAMESPACES.wsa04]);

/** Reads a SOAP 1.2 envelope (part 1 §5). What cannot be read becomes the fault to answer with. */
export function readSoap(bytes: Uint8Array): SoapReading {
  const xml = readXml(bytes);
  if (!xml.ok) return fault(senderFault(['WellFormed'], `Well-formed Error: ${xml.refusal.message}`));
  const envelope = xml.value;
  if (envelope.name !== 'Envelope') return fault(senderFault(['TagMismatch'], 'The root element must be an Envelope'));
  if (envelope.namespace !== NAMESPACES.env) {
    const what = envelope.namespace === SOAP_11 ? 'SOAP 1.1' : 'Another envelope';
    return fault(new SoapFault('VersionMismatch', [], `${what} is not supported, SOAP 1.2 is`));
  }
  const header = childOf(envelope, NAMESPACES.env, 'Header');
  const notUnderstood = header?.children.find(
    (child) => mustUnderstand(child) && !UNDERSTOOD_HEADERS.has(child.namespace),
  );
  if (notUnderstood)
    return fault(new SoapFault('MustUnderstand', [], `Header not understood: ${notUnderstood.name.slice(0, 60)}`));
  const operation = operationOf(envelope);
  if (!operation.ok) return fault(senderFault(['TagMismatch'], 'The Body must hold one element'));
  return {
    ok: true,
    request: {
      body: operation.value,
      security: header && childOf(header, NAMESPACES.wsse, 'Security'),
      messageId: header && childOf(header, NAMESPACES.wsa, 'MessageID')?.text,
    },
  };
}

function operationOf(envelope: XmlElement): Result<XmlElement> {
  const body = childOf(envelope, NAMESPACES.env, 'Body');
  const operation = body?.children[0];
  if (operation === undefined || body?.children.length !== 1) {
    return refused({ kind: 'bad-input', code: 'soap-body', message: 'a Body holds one element' });
  }
  return ok(operation);
}

function mustUnderstand(header: XmlElement): boolean {
  const value = header.attributes.get(`{${NAMESPACES.env}}mustUnderstand`);
  return value === '1' || value === 'true';
}

function fault(value: SoapFault): SoapReading {
  return { ok: false, fault: value };
}

/** Longest MessageID that is echoed. */
const MAX_MESSAGE_ID_CHARS = 256;

/** Envelope around an answer or a fault. `action` and `messageId` add WS-Addressing headers (event services need them). */
export function writeSoap(
  body: XmlNode,
  spelling: PrefixSpelling,
  addressing: { action?: string | undefined; messageId?: string | undefined } = {},
): string {
  const { action, messageId } = addressing;
  const headers = [
    action === undefined ? undefined : el('wsa:Action', action),
    messageId === undefined || messageId === ''
      ? undefined
      : el('wsa:RelatesTo', messageId.slice(0, MAX_MESSAGE_ID_CHARS)),
  ];
  const header = headers.some((part) => part !== undefined) ? el('env:Header', headers) : undefined;
  return writeXml(el('env:Envelope', header, el('env:Body', body)), spelling);
}
