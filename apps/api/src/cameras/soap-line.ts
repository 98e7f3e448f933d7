import { request as plainRequest, type ClientRequest, type IncomingMessage } from 'node:http';
import { request as secureRequest } from 'node:https';
import { Inject, Injectable } from '@nestjs/common';
import { failureOf, isAllowedTarget, MAX_XML_BYTES, onvifRefusal } from '#libs/onvif';
import type { Network, ServiceAddress, SoapLine, SoapReply, SoapRequest } from '#libs/onvif';
import { ok, refusal, refused, type Result } from '#libs/base';
import { CLOCK, type Clock } from '../clock.ts';
import { CAMERA_NETWORKS, type AllowedNetworks } from './camera-networks.ts';

/** From the first byte sent to the last received. A camera that feeds bytes slowly is cut off by it too. */
const MAX_EXCHANGE_MS = 6_000;
/** Challenges beyond these are not looked at. */
const MAX_CHALLENGES = 4;

/** Makes ways to devices, and none to a host where no camera may be at that moment. */
@Injectable()
export class DeviceLines {
  constructor(
    @Inject(CLOCK) private readonly clock: Clock,
    @Inject(CAMERA_NETWORKS) private readonly networks: AllowedNetworks,
  ) {}

  get allowedNetworks(): readonly Network[] {
    return this.networks.allowed;
  }

  allows(host: string): boolean {
    return isAllowedTarget(host, this.networks.allowed);
  }

  /** Refusal: `address-not-allowed`. */
  to(address: ServiceAddress, maxExchangeMs = MAX_EXCHANGE_MS): Result<SoapLine> {
    if (!this.allows(address.host)) return refused(addressNotAllowed(address.host));
    return ok(new HttpSoapLine(address.host, address.secure, this.clock, maxExchangeMs));
  }
}

export function addressNotAllowed(host: string) {
  return refusal('forbidden', 'address-not-allowed', `${host} is outside the networks where cameras may be`, { host });
}

/**
 * HTTP POST to one literal address. A redirect is handed back as it is, never followed; the answer is bounded in time and
 * size; nothing is kept alive, because devices count their connections.
 */
class HttpSoapLine implements SoapLine {
  constructor(
    private readonly host: string,
    private readonly secure: boolean,
    private readonly clock: Clock,
    private readonly maxExchangeMs: number,
  ) {}

  post(soap: SoapRequest): Promise<Result<SoapReply>> {
    return new Promise((resolve) => {
      const request = this.open(soap);
      const limitMs = this.maxExchangeMs + (soap.waiting?.forMs ?? 0);
      const deadline = this.clock.after(limitMs, () => finish(refused(timeout(limitMs))));
      const giveUp = (): void => finish(refused(onvifRefusal('onvif-timeout', 'the question was given up')));
      const finish = (result: Result<SoapReply>): void => {
        deadline.cancel();
        soap.waiting?.signal.removeEventListener('abort', giveUp);
        resolve(result);
        request.destroy();
      };
      let sentMs = this.clock.nowMs();
      request.once('socket', (socket) => socket.once('connect', () => (sentMs = this.clock.nowMs())));
      request.on('error', (thrown) => finish(refused(failureOf(thrown))));
      request.once('response', (response) => this.collect(response, () => sentMs, finish));
      soap.waiting?.signal.addEventListener('abort', giveUp, { once: true });
      request.end(soap.body);
      if (soap.waiting?.signal.aborted) giveUp();
    });
  }

  private open(soap: SoapRequest): ClientRequest {
    const options = {
      host: this.host,
      port: soap.port,
      path: soap.path,
      method: 'POST',
      agent: false as const,
      headers: { ...soap.headers, 'Content-Length': Buffer.byteLength(soap.body), Connection: 'close' },
    };
    // Cameras carry certificates that they made themselves: TLS here hides the login from listeners, it proves no name.
    return this.secure ? secureRequest({ ...options, rejectUnauthorized: false }) : plainRequest(options);
  }

  private collect(response: IncomingMessage, sentMs: () => number, finish: (result: Result<SoapReply>) => void): void {
    // The device read its clock before it began to answer: the later bytes say nothing about the hour.
    const receivedMs = this.clock.nowMs();
    const chunks: Buffer[] = [];
    let bytes = 0;
    response.on('data', (chunk: Buffer) => {
      bytes += chunk.length;
      if (bytes > MAX_XML_BYTES)
        finish(refused(onvifRefusal('onvif-malformed', `an answer of more than ${MAX_XML_BYTES} bytes`)));
      else chunks.push(chunk);
    });
    response.once('error', (thrown) => finish(refused(failureOf(thrown))));
    response.once('aborted', () => finish(refused(onvifRefusal('onvif-malformed', 'the answer was cut short'))));
    response.once('end', () =>
      finish(
        ok({
          status: response.statusCode ?? 0,
          challenges: challengesOf(response),
          body: Buffer.concat(chunks),
          sentMs: sentMs(),
          receivedMs,
        }),
      ),
    );
  }
}

/** Each field by itself: joined ones cannot be told apart again (RFC 9110 §11.6.1). */
function challengesOf(response: IncomingMessage): string[] {
  const challenges: string[] = [];
  for (let i = 0; i + 1 < response.rawHeaders.length && challenges.length < MAX_CHALLENGES; i += 2) {
    if (response.rawHeaders[i]!.toLowerCase() === 'www-authenticate') challenges.push(response.rawHeaders[i + 1]!);
  }
  return challenges;
}

function timeout(limitMs: number) {
  return onvifRefusal('onvif-timeout', `no whole answer within ${limitMs} ms`);
}
