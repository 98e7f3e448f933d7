import { createHash } from 'node:crypto';
import { ok, refused, type Refusal, type Result } from '#libs/base';
import { onvifRefusal } from './failure.ts';
import { escapeXml, find, findAll, plainText, readXml, type XmlElement } from './xml.ts';

/** A device's user name and password. Never logged, never part of an error. */
export interface Login {
  readonly username: string;
  readonly password: string;
}

const WSSE = 'http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss-wssecurity-secext-1.0.xsd';
const WSU = 'http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss-wssecurity-utility-1.0.xsd';
const TOKEN_PROFILE = 'http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss-username-token-profile-1.0';
const MESSAGE_SECURITY = 'http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss-soap-message-security-1.0';

/**
 * `wsse:Security` with a digest password (WSS UsernameToken Profile 1.0 §3.1): Base64(SHA-1(nonce + created + password)),
 * the password in UTF-8. `createdMs` is the *device's* hour: it refuses a token that looks old to it (ONVIF Core 5.9.4).
 */
export function usernameToken(login: Login, createdMs: number, nonce: Uint8Array): string {
  // Whole seconds, as in the Application Programmer's Guide: some firmwares cannot read a fraction.
  const created = `${new Date(createdMs).toISOString().slice(0, 19)}Z`;
  const digest = createHash('sha1').update(nonce).update(created).update(login.password, 'utf8').digest('base64');
  return (
    `<Security s:mustUnderstand="1" xmlns="${WSSE}"><UsernameToken>` +
    `<Username>${escapeXml(login.username)}</Username>` +
    `<Password Type="${TOKEN_PROFILE}#PasswordDigest">${digest}</Password>` +
    `<Nonce EncodingType="${MESSAGE_SECURITY}#Base64Binary">${Buffer.from(nonce).toString('base64')}</Nonce>` +
    `<Created xmlns="${WSU}">${created}</Created></UsernameToken></Security>`
  );
}

/** A SOAP 1.2 envelope (W3C SOAP 1.2 part 1 §5) round a body that is already XML. */
export function envelope(body: string, header = ''): string {
  return (
    '<?xml version="1.0" encoding="UTF-8"?><s:Envelope xmlns:s="http://www.w3.org/2003/05/soap-envelope">' +
    `<s:Header>${header}</s:Header><s:Body>${body}</s:Body></s:Envelope>`
  );
}

/** The element inside `Body`, or the refusal that a fault stands for. */
export function readSoap(bytes: string | Uint8Array): Result<XmlElement> {
  const xml = readXml(bytes);
  if (!xml.ok) return refused(onvifRefusal('onvif-malformed', `${xml.refusal.code}: ${xml.refusal.message}`));
  const body = xml.value.name === 'Envelope' ? find(xml.value, 'Body') : undefined;
  const content = body?.children[0];
  if (!content) return refused(onvifRefusal('onvif-malformed', 'no SOAP body in the answer'));
  return content.name === 'Fault' ? refused(faultOf(content)) : ok(content);
}

/** Subcodes of ONVIF Core 5.8.2 (`ter:`) and what they mean here. */
function faultOf(fault: XmlElement): Refusal {
  const codes = subcodesOf(fault);
  const reason = plainText(find(fault, 'Reason', 'Text')?.text ?? find(fault, 'faultstring')?.text ?? '', 160);
  const said = reason === '' ? codes.join(' ') : reason;
  if (
    codes.some((code) => ['NotAuthorized', 'FailedAuthentication', 'OperationProhibited'].includes(code)) ||
    saysUnauthorized(said)
  )
    return onvifRefusal('onvif-unauthorized', `the device refused the login: ${said}`);
  if (codes.some((code) => code === 'ActionNotSupported' || code === 'OptionalActionNotImplemented'))
    return onvifRefusal('onvif-not-supported', `the device says it cannot do this: ${said}`);
  return onvifRefusal('onvif-fault', `the device answered with a fault: ${said}`);
}

/** Makers that answer a wrong login with `env:Sender` alone say so in the reason ("sender not authorized"). */
function saysUnauthorized(reason: string): boolean {
  return /not.?authori[sz]ed|unauthori[sz]ed|authentication fail|wsse:|invalid username/i.test(reason);
}

function subcodesOf(fault: XmlElement): string[] {
  const codes: string[] = [];
  const legacy = find(fault, 'faultcode')?.text;
  if (legacy) codes.push(localName(legacy));
  for (let code = find(fault, 'Code'), depth = 0; code && depth < 5; code = find(code, 'Subcode'), depth++) {
    for (const value of findAll(code, 'Value').slice(0, 4)) codes.push(localName(value.text));
  }
  return codes.map((code) => plainText(code, 60));
}

function localName(qualified: string): string {
  return qualified.slice(qualified.lastIndexOf(':') + 1);
}
