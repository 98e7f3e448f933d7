import { getEventListeners } from 'node:events';
import { createSocket, type Socket } from 'node:dgram';
import { afterEach, describe, expect, it } from '@jest/globals';
import { FakeClock, systemClock, type Logger } from '#libs/base';
import { DISCOVERY_GROUP, DISCOVERY_PORT } from '#libs/onvif';
import { eventually } from '../../testing/eventually.ts';
import { DiscoveryNet, type HeardProblem } from './discovery-net.ts';

/** As many addresses of one interface as a town of pretend cameras has; more than Node lets wait on one signal unasked. */
const ALIASES = Array.from({ length: 14 }, (_, index) => `127.0.0.${index + 1}`);

const warned: string[] = [];
const said: string[] = [];
const note = (_fields: unknown, text: string): void => void said.push(text);
const logger: Logger = { debug: () => {}, info: note, warn: note, error: note };
const config = { demonstration: true };

class NetOf extends DiscoveryNet {
  addresses: readonly string[] = ALIASES;
  override interfaces(): string[] {
    return [...this.addresses];
  }
}

const onWarning = (warning: Error): void => void warned.push(`${warning.name}: ${warning.message}`);
process.on('warning', onWarning);
const open: (() => void)[] = [];
afterEach(() => {
  for (const close of open.splice(0)) close();
  said.length = 0;
});

describe('many addresses of one interface', () => {
  it('ask on one timeline, with one listener on the signal', async () => {
    const net = new NetOf(new FakeClock(), config, logger);
    const stop = new AbortController();
    const problems: HeardProblem[] = [];
    const probe = net.probe({ hear: () => {}, problem: (problem) => problems.push(problem) }, stop.signal);
    await eventually(() => getEventListeners(stop.signal, 'abort').length > 0);
    expect(getEventListeners(stop.signal, 'abort')).toHaveLength(1);
    stop.abort();
    await probe;
    expect(problems).toEqual([]);
    expect(getEventListeners(stop.signal, 'abort')).toHaveLength(0);
    // Node tells warnings in the next turn.
    await new Promise((resolve) => setImmediate(resolve));
    expect(warned.filter((text) => text.startsWith('MaxListeners'))).toEqual([]);
  });

  it('are heard without a complaint, though the group lets an interface in once', async () => {
    const net = new NetOf(systemClock, config, logger);
    open.push(await net.listen(() => {}));
    expect(said).toEqual([]);
  });

  it('say once what cannot be joined, and join it when it comes', async () => {
    const clock = new FakeClock();
    const net = new NetOf(clock, config, logger);
    // RFC 5737: an address that this machine does not have.
    net.addresses = ['203.0.113.77'];
    const heard: string[] = [];
    open.push(await net.listen(({ sender }) => heard.push(sender)));
    await clock.advance(120_000);
    expect(said).toEqual(['announcements cannot be heard on an interface']);
    net.addresses = ['127.0.0.1'];
    await clock.advance(30_000);
    const speaker: Socket = createSocket('udp4');
    await new Promise<void>((resolve) => speaker.bind(0, '127.0.0.1', resolve));
    open.push(() => speaker.close());
    speaker.setMulticastInterface('127.0.0.1');
    const hello = `<s:Envelope xmlns:s="http://www.w3.org/2003/05/soap-envelope"
      xmlns:a="http://schemas.xmlsoap.org/ws/2004/08/addressing" xmlns:d="http://schemas.xmlsoap.org/ws/2005/04/discovery"
      xmlns:dn="http://www.onvif.org/ver10/network/wsdl"><s:Header>
      <a:Action>http://schemas.xmlsoap.org/ws/2005/04/discovery/Hello</a:Action></s:Header><s:Body><d:Hello>
      <a:EndpointReference><a:Address>urn:uuid:00000000-0000-4000-8000-00000000beef</a:Address></a:EndpointReference>
      <d:Types>dn:NetworkVideoTransmitter</d:Types><d:XAddrs>http://127.0.0.1/onvif/device_service</d:XAddrs>
      <d:MetadataVersion>1</d:MetadataVersion></d:Hello></s:Body></s:Envelope>`;
    await eventually(() => {
      speaker.send(hello, DISCOVERY_PORT, DISCOVERY_GROUP);
      return heard.length > 0;
    });
    expect(said).toHaveLength(1);
  });
});
