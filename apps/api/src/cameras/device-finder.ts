import { lookup } from 'node:dns/promises';
import { Inject, Injectable } from '@nestjs/common';
import { ok, refusal, refused, type Result } from '#libs/base';
import {
  DEFAULT_PATH,
  askEndpointReference,
  chooseXAddr,
  isAddress,
  measureClock,
  onvifRefusal,
  parseTypedAddress,
  readScopes,
  type Announcement,
  type ClockError,
  type ScopeFacts,
  type ServiceAddress,
} from '#libs/onvif';
import type { DiscoveryRunView } from '#libs/wire';
import { CLOCK, type Clock } from '../clock.ts';
import { DiscoveryNet, isOpen } from './discovery-net.ts';
import { DeviceLines, addressNotAllowed } from './soap-line.ts';

/** A device that answered, and how it was met. */
export interface Sighting {
  readonly endpointReference: string | null;
  readonly address: ServiceAddress;
  readonly scopes: ScopeFacts;
  readonly clock: ClockError | null;
  readonly foundBy: DiscoveryRunView['kind'];
}

/** Where ONVIF is usually served: the standard, then Hikvision and Dahua, Reolink, XM and TP-Link. */
export const USUAL_PORTS: readonly number[] = [80, 8000, 8080, 8899, 2020];
/** On a local network a connection takes a few milliseconds; a lost SYN is sent again after one second. */
const CONNECT_MS = 1_200;
const FINGERPRINT_MS = 4_000;
const NO_SCOPES: ScopeFacts = { name: '', hardware: '', location: '', macAddress: null };

/** Turns an announcement or an address into a {@link Sighting}: the device itself must answer there as ONVIF. */
@Injectable()
export class DeviceFinder {
  constructor(
    private readonly lines: DeviceLines,
    private readonly net: DiscoveryNet,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  /** From a datagram. Refusals: `address-not-allowed` and every `OnvifCode`. */
  async announced(device: Announcement, sender: string): Promise<Result<Sighting>> {
    const chosen = chooseXAddr(device.xAddrs, sender);
    if (!chosen.ok) return chosen;
    const { address } = chosen.value;
    const clock = await this.fingerprint(address);
    if (!clock.ok) return clock;
    const { endpointReference } = device;
    const scopes = readScopes(device.scopes);
    return ok({ endpointReference, address, scopes, clock: clock.value, foundBy: 'multicast' });
  }

  /** From a host and a port that may serve ONVIF. `undefined`: nobody listens there, or no camera may be there. */
  async atPort(host: string, port: number, foundBy: Sighting['foundBy']): Promise<Result<Sighting> | undefined> {
    // An allowed range may hold addresses that are never allowed: those are not even knocked at.
    if (!this.lines.allows(host)) return undefined;
    if (!(await isOpen(host, port, CONNECT_MS, this.clock))) return undefined;
    return this.at({ secure: false, host, port, path: DEFAULT_PATH }, foundBy);
  }

  /** From an exact address. */
  async at(address: ServiceAddress, foundBy: Sighting['foundBy']): Promise<Result<Sighting>> {
    const clock = await this.fingerprint(address);
    if (!clock.ok) return clock;
    const line = this.lines.to(address, FINGERPRINT_MS);
    if (!line.ok) return line;
    const [said, record] = await Promise.all([
      askEndpointReference(line.value, address),
      this.net.askHost(address.host),
    ]);
    const scopes = record ? readScopes(record.scopes) : NO_SCOPES;
    return ok({
      endpointReference: said ?? record?.endpointReference ?? null,
      address,
      scopes,
      clock: clock.value,
      foundBy,
    });
  }

  /**
   * What a person typed, as addresses to try. A name is resolved here, once: the address that it stands for is judged and
   * used. Refusals: `address-malformed`, `address-unknown`, `address-not-allowed`.
   */
  async typed(text: string): Promise<Result<ServiceAddress[]>> {
    const typed = parseTypedAddress(text);
    if (!typed)
      return refused(
        refusal('bad-input', 'address-malformed', 'write an address such as 192.168.1.20 or 192.168.1.20:8000'),
      );
    const hosts = isAddress(typed.host) ? [typed.host] : await resolveName(typed.host);
    if (hosts.length === 0)
      return refused(refusal('not-found', 'address-unknown', `the name ${typed.host} leads nowhere`));
    const host = hosts.find((candidate) => this.lines.allows(candidate));
    if (host === undefined) return refused(addressNotAllowed(typed.host));
    const ports = typed.port === null ? USUAL_PORTS : [typed.port];
    return ok(ports.map((port) => ({ secure: typed.secure, host, port, path: typed.path })));
  }

  /** The clock error, `null` when the device wants a login for its hour: then it is ONVIF all the same. */
  private async fingerprint(address: ServiceAddress): Promise<Result<ClockError | null>> {
    const line = this.lines.to(address, FINGERPRINT_MS);
    if (!line.ok) return line;
    const measured = await measureClock(line.value, address);
    if (measured.ok) return measured;
    return measured.refusal.code === 'onvif-unauthorized' && saysOnvif(measured.refusal.message)
      ? ok(null)
      : refused(measured.refusal);
  }
}

/** A SOAP fault is ONVIF's; a bare HTTP 401 may be anybody's router. */
function saysOnvif(message: string): boolean {
  return !message.includes('(HTTP ');
}

async function resolveName(name: string): Promise<string[]> {
  try {
    return (await lookup(name, { all: true, verbatim: false })).slice(0, 8).map((entry) => entry.address);
  } catch {
    return [];
  }
}

export function nobodyThere(host: string) {
  return onvifRefusal('onvif-unreachable', `nothing that speaks ONVIF answers at ${host}`);
}
