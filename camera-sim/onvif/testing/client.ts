import { createHash, randomBytes } from 'node:crypto';
import { FakeClock, silentLogger } from '#libs/base';
import type { SimCameraSpec } from '../../model.ts';
import { OnvifDevice } from '../device.ts';
import { dispatch } from '../dispatch.ts';
import type { HttpReply } from '../http-reply.ts';
import { Login } from '../login.ts';
import { PtzHead } from '../ptz-head.ts';
import { PullPoints } from '../pull-points.ts';
import { testCamera } from './camera.ts';
import { readXml, type XmlElement } from '../xml-reader.ts';

const WSS = 'http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss-';

/** A UsernameToken as a client makes it: what is left out is right. */
export interface TokenOptions {
  readonly username: string;
  readonly password: string;
  readonly createdMs: number;
  readonly nonce?: Buffer;
}

export function securityHeader({ username, password, createdMs, nonce = randomBytes(16) }: TokenOptions): string {
  const created = new Date(createdMs).toISOString();
  const digest = createHash('sha1').update(nonce).update(created).update(password).digest('base64');
  return (
    `<Security s:mustUnderstand="1" xmlns="${WSS}wssecurity-secext-1.0.xsd"><UsernameToken>` +
    `<Username>${username}</Username>` +
    `<Password Type="${WSS}username-token-profile-1.0#PasswordDigest">${digest}</Password>` +
    `<Nonce EncodingType="${WSS}soap-message-security-1.0#Base64Binary">${nonce.toString('base64')}</Nonce>` +
    `<Created xmlns="${WSS}wssecurity-utility-1.0.xsd">${created}</Created></UsernameToken></Security>`
  );
}

export function envelope(body: string, header = ''): string {
  return (
    '<s:Envelope xmlns:s="http://www.w3.org/2003/05/soap-envelope" xmlns:tt="http://www.onvif.org/ver10/schema">' +
    `<s:Header>${header}</s:Header><s:Body>${body}</s:Body></s:Envelope>`
  );
}

/** RFC 7616 §3.4 from a client's side, for one challenge. */
export function digestHeader(
  challenge: string,
  method: string,
  target: string,
  username: string,
  password: string,
  nc = 1,
): string {
  const part = (name: string): string | undefined => new RegExp(`${name}="?([^",]+)"?`).exec(challenge)?.[1];
  const algorithm = part('algorithm');
  const hash = (text: string): string =>
    createHash(algorithm === 'SHA-256' ? 'sha256' : 'md5')
      .update(text)
      .digest('hex');
  const [realm, nonce] = [part('realm') ?? '', part('nonce') ?? ''];
  const [who, what] = [hash(`${username}:${realm}:${password}`), hash(`${method}:${target}`)];
  const common = `username="${username}", realm="${realm}", nonce="${nonce}", uri="${target}"`;
  if (part('qop') === undefined) return `Digest ${common}, response="${hash(`${who}:${nonce}:${what}`)}"`;
  const count = nc.toString(16).padStart(8, '0');
  const response = hash(`${who}:${nonce}:${count}:0a4f113b:auth:${what}`);
  return `Digest ${common}, qop=auth, nc=${count}, cnonce="0a4f113b", algorithm=${algorithm ?? 'MD5'}, response="${response}"`;
}

export interface Heard {
  readonly status: number;
  readonly headers: HttpReply['headers'];
  readonly text: string;
  /** The element in the body; fails the test when the answer is no SOAP. */
  body(): XmlElement;
}

/** One camera's services without sockets, on a clock of the test's own. */
export class TestFace {
  readonly clock = new FakeClock();
  readonly device: OnvifDevice;
  readonly login: Login;

  constructor(over: Partial<SimCameraSpec> = {}) {
    const camera = testCamera({ onvifPort: 8000, ...over });
    const head = camera.spec.presets.length > 0 ? new PtzHead(camera, this.clock) : undefined;
    const pullPoints = new PullPoints(camera, this.clock);
    this.device = new OnvifDevice(camera, this.clock, silentLogger, head, pullPoints, () =>
      Buffer.from([0xff, 0xd8, 0xff, 0xd9]),
    );
    this.login = new Login(camera, this.clock);
    camera.listen((change) => change.kind === 'event' && pullPoints.hear(change.event));
  }

  get camera() {
    return this.device.camera;
  }

  /** Sends a body with the login that this camera takes. */
  async ask(path: string, body: string): Promise<Heard> {
    const { username, password } = this.camera.spec;
    if (this.device.rules.login !== 'http-digest') {
      return this.send(path, envelope(body, securityHeader({ username, password, createdMs: this.device.nowMs() })));
    }
    const first = await this.send(path, envelope(body));
    const challenge = first.headers['WWW-Authenticate']?.[0];
    if (first.status !== 401 || challenge === undefined) return first;
    return this.send(path, envelope(body), digestHeader(challenge, 'POST', path, username, password));
  }

  async send(
    path: string,
    text: string | Uint8Array,
    authorization?: string,
    signal = new AbortController().signal,
  ): Promise<Heard> {
    const bytes = typeof text === 'string' ? Buffer.from(text) : text;
    return heard(
      await dispatch(this.device, this.login, { method: 'POST', target: path, authorization }, bytes, signal),
    );
  }

  async get(target: string, authorization?: string): Promise<HttpReply> {
    const head = { method: 'GET', target, authorization };
    return dispatch(this.device, this.login, head, new Uint8Array(), new AbortController().signal);
  }
}

function heard(reply: HttpReply): Heard {
  const text = Buffer.from(reply.body).toString();
  const body = (): XmlElement => {
    const xml = readXml(reply.body);
    const inside = xml.ok ? xml.value.children.find(({ name }) => name === 'Body')?.children[0] : undefined;
    if (!inside) throw new Error(`no SOAP answer: HTTP ${reply.status} ${text.slice(0, 300)}`);
    return inside;
  };
  return { status: reply.status, headers: reply.headers, text, body };
}

/** Subcode names of a fault, from general to special. */
export function subcodesOf(fault: XmlElement): string[] {
  const codes: string[] = [];
  let at = fault.children.find(({ name }) => name === 'Code');
  while (at) {
    codes.push(at.children.find(({ name }) => name === 'Value')?.text.replace(/^.*:/, '') ?? '');
    at = at.children.find(({ name }) => name === 'Subcode');
  }
  return codes;
}

/** All elements of that local name, wherever they stand. */
export function allNamed(root: XmlElement, name: string): XmlElement[] {
  return root.children.flatMap((child) => [...(child.name === name ? [child] : []), ...allNamed(child, name)]);
}
