import { randomBytes } from 'node:crypto';
import { Cam } from 'onvif';
import { ok, refused, type Clock, type Refusal, type Result } from '#libs/base';
import { onvifRefusal } from './failure.ts';
import { parseWebAddress, type ServiceAddress } from './service-address.ts';
import { readSoap, usernameToken, type Login } from './soap.ts';
import type { XmlElement } from './xml.ts';

/** One HTTP POST to the device that a {@link SoapLine} leads to. */
export interface SoapRequest {
  readonly port: number;
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
  /** The device was asked to wait for something: it may take so much longer to answer, unless `signal` gives it up. */
  readonly waiting?: Waiting | undefined;
}

export interface Waiting {
  readonly forMs: number;
  readonly signal: AbortSignal;
}

export interface SoapReply {
  readonly status: number;
  /** Each `WWW-Authenticate` field (RFC 9110 §11.6.1), at most a few. */
  readonly challenges: readonly string[];
  readonly body: Uint8Array;
  /** Our wall clock when the request left and when the answer was whole. */
  readonly sentMs: number;
  readonly receivedMs: number;
}

/**
 * The way to one device. It is bound to the device's host when it is made, so nothing that a device answers can lead
 * elsewhere. It bounds time and size, follows no redirect, and refuses with an `OnvifCode`.
 */
export interface SoapLine {
  post(request: SoapRequest): Promise<Result<SoapReply>>;
}

interface PackageRequest {
  readonly service?: string;
  readonly action?: string;
  readonly body: string;
}
/** Where at the device a request goes. */
interface Target {
  readonly port: number;
  readonly path: string;
}
type PackageCallback = (error: Error | null, data?: unknown, xml?: string, status?: number) => void;

/**
 * The package's client, with its wire taken over. What it does for us: the requests of both media services, the routing
 * of services, HTTP digest. What it may not do: open sockets, follow addresses, parse hostile XML (its own reader is
 * quadratic in `xmlns`, reads numbers out of tokens, and a throw inside its callbacks ends the process).
 *
 * The methods with an underscore are the package's own inner ones (onvif 0.8); `device.test.ts` fails when they change.
 */
export class HeldCam extends Cam {
  /** What the last request came to, as we read it ourselves. */
  outcome: Result<XmlElement> = refused(onvifRefusal('onvif-unreachable', 'nothing was asked yet'));
  /** Device clock minus ours, for the hour in a login. */
  clockErrorMs = 0;
  private settled: () => void = () => {};

  constructor(
    private readonly line: SoapLine,
    private readonly at: ServiceAddress,
    private readonly login: Login | undefined,
    private readonly clock: Clock,
  ) {
    super({
      hostname: at.host,
      port: at.port,
      path: at.path,
      username: login?.username ?? '',
      password: login?.password ?? '',
      autoconnect: false,
    });
  }

  /**
   * Runs one operation of the package and answers the body that the device sent. `done` goes to the package as its
   * callback: it is called even when the package gives up before anything is sent.
   */
  ask(start: (cam: this, done: () => void) => void): Promise<Result<XmlElement>> {
    this.outcome = refused(onvifRefusal('onvif-not-supported', 'the device offers no such service'));
    return new Promise((resolve) => {
      this.settled = () => resolve(this.outcome);
      try {
        start(this, this.settled);
      } catch {
        resolve(this.outcome);
      }
    });
  }

  /**
   * A request that the package does not make, to one of the device's services or to an address of its own. The login and
   * the digest are those of every request. `header` and `body` are XML.
   */
  async post(
    to: string | Target,
    action: string,
    header: string,
    body: string,
    waiting?: Waiting,
  ): Promise<Result<{ readonly content: XmlElement; readonly bytes: Uint8Array }>> {
    const target = typeof to === 'string' ? this.targetOf(to) : to;
    if (!target) return refused(onvifRefusal('onvif-not-supported', `the device offers no ${String(to)} service`));
    const reply = await this.send(target, action, `${this.opening(header)}${body}</s:Body></s:Envelope>`, waiting);
    if (!reply.ok) return reply;
    const content = readReply(reply.value);
    return content.ok ? ok({ content: content.value, bytes: reply.value.body }) : content;
  }

  /** The package writes user names unescaped and passwords as Latin-1; both must be UTF-8 (a password may hold an ñ). */
  _envelopeHeader(): string {
    return this.opening('');
  }

  private opening(header: string): string {
    const token =
      this.login && this.login.username !== ''
        ? usernameToken(this.login, this.clock.nowMs() + this.clockErrorMs, randomBytes(16))
        : '';
    return `<s:Envelope xmlns:s="http://www.w3.org/2003/05/soap-envelope"><s:Header>${token}${header}</s:Header><s:Body>`;
  }

  /** Service addresses that the device answers: path and port are taken, its host is our own. */
  _parseUrl(address: unknown): { hostname: string; port: string; path: string; href: string } {
    const parsed = typeof address === 'string' ? parseWebAddress(address) : undefined;
    const sameHost = parsed?.host === this.at.host;
    return {
      hostname: this.at.host,
      port: String(parsed && sameHost ? parsed.port : this.at.port),
      path: parsed?.path ?? this.at.path,
      href: '',
    };
  }

  _requestPart2(request: PackageRequest, callback: PackageCallback): void {
    void this.exchange(request).then((outcome) => {
      this.outcome = outcome;
      try {
        if (outcome.ok) callback.call(this, null, [packageShape(outcome.value)], '', 200);
        else callback.call(this, new Error(outcome.refusal.code), undefined, '', 0);
      } catch {
        // The package met a shape that it did not expect. Our own reading of the answer stands.
      }
      this.settled();
    });
  }

  private async exchange(request: PackageRequest): Promise<Result<XmlElement>> {
    const target = this.targetOf(request.service);
    if (!target) return refused(onvifRefusal('onvif-not-supported', `the device offers no ${request.service} service`));
    const reply = await this.send(target, request.action ?? '', request.body);
    return reply.ok ? readReply(reply.value) : reply;
  }

  /** Once, and once more with the answer to a digest challenge. */
  private async send(target: Target, action: string, body: string, waiting?: Waiting): Promise<Result<SoapReply>> {
    const headers = { 'Content-Type': `application/soap+xml; charset=utf-8; action="${action}"` };
    const first = await this.line.post({ ...target, headers, body, waiting });
    if (!first.ok) return first;
    const authorization = first.value.status === 401 ? this.answerTo(first.value.challenges, target.path) : undefined;
    if (authorization === undefined) return first;
    return this.line.post({ ...target, headers: { ...headers, Authorization: authorization }, body, waiting });
  }

  private targetOf(service: string | undefined): Target | undefined {
    if (service === undefined) return { port: this.at.port, path: this.at.path };
    const known = this.uri?.[service];
    if (known) return { port: Number(known.port) || this.at.port, path: known.path || this.at.path };
    return service === 'device' ? { port: this.at.port, path: this.at.path } : undefined;
  }

  /** HTTP digest (RFC 7616), computed by the package; `undefined` when there is no challenge that it can answer. */
  private answerTo(challenges: readonly string[], path: string): string | undefined {
    const digests = challenges.filter((challenge) => /^Digest /i.test(challenge) && challenge.length <= 2000);
    if (digests.length === 0 || !this.login || this.login.username === '') return undefined;
    try {
      const authorization = (this as unknown as PackageDigest).digestAuth(digests.slice(0, 4), {
        method: 'POST',
        path,
      });
      // A header cannot carry what a hostile realm might put in.
      return authorization !== null && /^[\x20-\x7e\x80-\xff]+$/.test(authorization) ? authorization : undefined;
    } catch {
      return undefined;
    }
  }
}

interface PackageDigest {
  digestAuth(challenges: readonly string[], request: { method: string; path: string }): string | null;
}

/** SOAP over HTTP (SOAP 1.2 part 2 §7): a fault comes with 400 or 500, and says more than the status does. */
export function readReply(reply: SoapReply): Result<XmlElement> {
  const soap = readSoap(reply.body);
  if (soap.ok) return reply.status < 300 ? soap : refused(statusRefusal(reply) ?? odd(reply.status));
  const fromFault = soap.refusal.code !== 'onvif-malformed' && soap.refusal.code !== 'onvif-fault';
  return fromFault ? soap : refused(statusRefusal(reply) ?? soap.refusal);
}

function statusRefusal({ status, body }: SoapReply): Refusal | undefined {
  if (status >= 300 && status < 400) return onvifRefusal('onvif-redirected', `the device redirects (HTTP ${status})`);
  const page = (status === 401 || status === 403) && Buffer.from(body.subarray(0, 2000)).toString('latin1');
  if (page && /lock/i.test(page)) return onvifRefusal('onvif-locked', 'the device refuses logins for a while');
  if (status === 401 || status === 403)
    return onvifRefusal('onvif-unauthorized', `the device refused the login (HTTP ${status})`);
  if (status === 404 || status === 405)
    return onvifRefusal('onvif-not-supported', `no such service at the device (HTTP ${status})`);
  return undefined;
}

function odd(status: number): Refusal {
  return onvifRefusal('onvif-malformed', `an answer with HTTP status ${status}`);
}

/** Arrays of elements by name with the package's spelling, as xml2js would have made them. */
function packageShape(element: XmlElement): unknown {
  return shapeOf([element]);
}

function shapeOf(elements: readonly XmlElement[]): Record<string, unknown> {
  const shape: Record<string, unknown> = {};
  for (const element of elements) {
    const name = packageName(element.name);
    if (name === '__proto__' || name === '$' || name === '_') continue;
    const list = (Object.hasOwn(shape, name) ? shape[name] : (shape[name] = [])) as unknown[];
    list.push(valueOf(element));
  }
  return shape;
}

function valueOf(element: XmlElement): unknown {
  if (element.children.length === 0 && element.attributes.size === 0) return element.text;
  const shape = shapeOf(element.children);
  const attributes = [...element.attributes].filter(([name]) => name !== '__proto__');
  if (attributes.length > 0) shape['$'] = Object.fromEntries(attributes);
  if (element.text !== '') shape['_'] = element.text;
  return shape;
}

/** `XAddr` keeps its capitals, `Service` becomes `service`. */
function packageName(name: string): string {
  const second = name.charAt(1);
  return second !== '' && second.toUpperCase() !== second ? name.charAt(0).toLowerCase() + name.slice(1) : name;
}

/** A request of our own, outside the package: the hour, which needs neither login nor services. */
export async function postPlain(
  line: SoapLine,
  at: ServiceAddress,
  action: string,
  body: string,
): Promise<Result<SoapReply>> {
  const headers = { 'Content-Type': `application/soap+xml; charset=utf-8; action="${action}"` };
  const reply = await line.post({ port: at.port, path: at.path, headers, body });
  return reply.ok ? ok(reply.value) : reply;
}
