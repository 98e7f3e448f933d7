import { afterEach, describe, expect, it } from '@jest/globals';
import { createSocket, type Socket } from 'node:dgram';
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import onvif from 'onvif';
import { silentLogger, sleep, systemClock } from '#libs/base';
import type { SimCamera, SimCameraSpec, VendorName } from '../model.ts';
import { startOnvif } from '../onvif/index.ts';
import { freePort, testCamera } from '../onvif/testing/camera.ts';
import { allNamed } from '../onvif/testing/client.ts';
import { readXml, type XmlElement } from '../onvif/xml-reader.ts';
import { DISCOVERY_GROUP, DISCOVERY_PORT } from './group-socket.ts';
import { startDiscovery, type RunningDiscovery } from './index.ts';
import { probeXml, resolveXml } from './testing/queries.ts';

/**
 * Discovery over real multicast. Other towns may live on this machine while the tests run, so each test looks only for
 * endpoints of its own.
 */

const cleanUps: (() => unknown)[] = [];
let made = 0;

afterEach(async () => {
  for (const cleanUp of cleanUps.splice(0).toReversed()) await cleanUp();
});

function camera(vendor: VendorName, over: Partial<SimCameraSpec> = {}): SimCamera {
  const number = String(process.pid * 100 + ++made).padStart(12, '0');
  return testCamera({
    id: `e2e-${made}`,
    vendor,
    host: '127.0.19.1',
    onvifPort: 8000,
    endpointReference: `urn:uuid:5f5a69c2-e0ae-504f-829b-${number}`,
    ...over,
  });
}

async function start(cameras: readonly SimCamera[]): Promise<RunningDiscovery> {
  const discovery = await startDiscovery(cameras, { clock: systemClock, logger: silentLogger });
  let closed = false;
  const close = async (): Promise<void> => {
    if (!closed) await discovery.close();
    closed = true;
  };
  cleanUps.push(close);
  return { interfaces: discovery.interfaces, close };
}

interface Heard {
  readonly kind: string;
  readonly endpoint: string;
  readonly root: XmlElement;
}

/** A searcher of our own making, on loopback. */
class Searcher {
  readonly heard: Heard[] = [];
  readonly heardOf = new Set<string>();
  broken = 0;
  private readonly seen = new Set<string>();

  private constructor(private readonly socket: Socket) {}

  static async open(port = 0): Promise<Searcher> {
    const socket = createSocket({ type: 'udp4', reuseAddr: true });
    await new Promise<void>((resolve) => socket.bind(port, () => resolve()));
    if (port !== 0) socket.addMembership(DISCOVERY_GROUP, '127.0.0.1');
    socket.setMulticastInterface('127.0.0.1');
    const searcher = new Searcher(socket);
    socket.on('message', (bytes) => searcher.take(bytes));
    cleanUps.push(() => socket.close());
    return searcher;
  }

  ask(text: string): void {
    this.socket.send(text, DISCOVERY_PORT, DISCOVERY_GROUP);
  }

  of(sim: SimCamera, kind: string): Heard[] {
    return this.heard.filter((message) => message.kind === kind && message.endpoint === sim.spec.endpointReference);
  }

  async until(what: () => boolean): Promise<void> {
    const endMs = systemClock.monotonicMs() + 5_000;
    while (!what()) {
      if (systemClock.monotonicMs() > endMs) throw new Error('was not heard within 5 s');
      await sleep(systemClock, 5);
    }
  }

  /** An announcement goes out on every interface and may come in by several: it is one by its MessageID. */
  private take(bytes: Uint8Array): void {
    const xml = readXml(bytes);
    const messageId = xml.ok ? (allNamed(xml.value, 'MessageID')[0]?.text ?? '') : '';
    if (messageId !== '' && this.seen.has(messageId)) return;
    this.seen.add(messageId);
    const body = xml.ok ? allNamed(xml.value, 'Body')[0]?.children[0] : undefined;
    if (!xml.ok || !body) {
      this.broken++;
      return;
    }
    const endpoint = allNamed(body, 'Address')[0]?.text ?? '';
    this.heard.push({ kind: body.name, endpoint, root: xml.value });
    this.heardOf.add(endpoint);
  }
}

describe('a town on the wire', () => {
  it('answers a probe once per camera that matches, and a repeated one no more', async () => {
    const [ptz, fixed] = [
      camera('plain', { presets: [{ token: 'a', name: 'A', pan: 0, tilt: 0, zoom: 0 }] }),
      camera('northgate'),
    ];
    await start([ptz, fixed]);
    const searcher = await Searcher.open();
    const all = probeXml({ id: `urn:uuid:all-${process.pid}`, types: 'dn:NetworkVideoTransmitter' });
    searcher.ask(all);
    searcher.ask(all);
    await searcher.until(
      () => searcher.of(ptz, 'ProbeMatches').length > 0 && searcher.of(fixed, 'ProbeMatches').length > 0,
    );
    searcher.ask(probeXml({ id: `urn:uuid:ptz-${process.pid}`, scopes: 'onvif://www.onvif.org/type/ptz' }));
    await searcher.until(() => searcher.of(ptz, 'ProbeMatches').length > 1);
    // Answers come within 50 ms: what is not there after four times that was not sent.
    await sleep(systemClock, 200);
    expect(searcher.of(ptz, 'ProbeMatches')).toHaveLength(2);
    expect(searcher.of(fixed, 'ProbeMatches')).toHaveLength(1);
    expect(
      searcher.of(fixed, 'ProbeMatches')[0]?.root &&
        allNamed(searcher.of(fixed, 'ProbeMatches')[0]!.root, 'RelatesTo')[0]?.text,
    ).toBe(`urn:uuid:all-${process.pid}`);
  });

  it('resolves an endpoint to where it is now', async () => {
    const sim = camera('plain');
    await start([sim]);
    sim.reboot('127.0.19.44');
    const searcher = await Searcher.open();
    searcher.ask(resolveXml(`urn:uuid:resolve-${process.pid}`, sim.spec.endpointReference));
    await searcher.until(() => searcher.of(sim, 'ResolveMatches').length === 1);
    expect(allNamed(searcher.of(sim, 'ResolveMatches')[0]!.root, 'XAddrs')[0]?.text).toBe(
      'http://127.0.19.44:8000/onvif/device_service',
    );
  });

  it('sends a broken reply before the good one where the maker does', async () => {
    const sim = camera('bluecape');
    await start([sim]);
    const searcher = await Searcher.open();
    searcher.ask(resolveXml(`urn:uuid:broken-${process.pid}`, sim.spec.endpointReference));
    await searcher.until(() => searcher.of(sim, 'ResolveMatches').length === 1);
    expect(searcher.broken).toBe(1);
  });

  it('says Hello and Bye as cameras come, go and move', async () => {
    const watcher = await Searcher.open(DISCOVERY_PORT);
    const sim = camera('plain');
    const town = await start([sim]);
    expect(town.interfaces).toContain('127.0.0.1');
    await watcher.until(() => watcher.of(sim, 'Hello').length === 1);
    sim.setFaults({ unplugged: true });
    await watcher.until(() => watcher.of(sim, 'Bye').length === 1);
    sim.setFaults({ unplugged: false });
    await watcher.until(() => watcher.of(sim, 'Hello').length === 2);
    sim.reboot('127.0.19.55');
    await watcher.until(() => watcher.of(sim, 'Hello').length === 3);
    const versions = watcher.of(sim, 'Hello').map(({ root }) => allNamed(root, 'MetadataVersion')[0]?.text);
    expect(versions).toEqual(['1', '1', '2']);
    await town.close();
    await watcher.until(() => watcher.of(sim, 'Bye').length === 2);
  });

  it('of three hundred answers one searcher in full', async () => {
    const town = Array.from({ length: 300 }, () => camera('plain'));
    await start(town);
    const searcher = await Searcher.open();
    // Datagrams get lost when the machine is busy: like real searchers this one asks again, and need not hear all at once.
    for (let round = 0; round < 5 && !town.every((sim) => searcher.heardOf.has(sim.spec.endpointReference)); round++) {
      searcher.ask(probeXml({ id: `urn:uuid:many-${round}-${process.pid}` }));
      await sleep(systemClock, 800);
    }
    expect(town.filter((sim) => !searcher.heardOf.has(sim.spec.endpointReference))).toEqual([]);
  });

  it('is silent for a camera without a cable', async () => {
    const [dark, lit] = [camera('plain'), camera('plain')];
    dark.setFaults({ unplugged: true });
    await start([dark, lit]);
    const searcher = await Searcher.open();
    searcher.ask(probeXml({ id: `urn:uuid:dark-${process.pid}` }));
    await searcher.until(() => searcher.of(lit, 'ProbeMatches').length === 1);
    await sleep(systemClock, 200);
    expect(searcher.of(dark, 'ProbeMatches')).toEqual([]);
  });
});

describe('the npm package onvif as searcher', () => {
  it('finds every camera, through one broken reply', async () => {
    const town = [camera('plain'), camera('northgate'), camera('halcon'), camera('bluecape')];
    await start(town);
    const found = await new Promise<Set<string>>((resolve, reject) => {
      const endpoints = new Set<string>();
      const listener = (_: unknown, __: unknown, xml: string): void => {
        for (const sim of town) if (xml.includes(sim.spec.endpointReference)) endpoints.add(sim.spec.endpointReference);
        if (endpoints.size === town.length) resolve(endpoints);
      };
      onvif.Discovery.on('device', listener);
      onvif.Discovery.on('error', () => {});
      cleanUps.push(() => onvif.Discovery.removeAllListeners());
      onvif.Discovery.probe({ timeout: 2_000, device: 'lo' }, () => reject(new Error(`found ${endpoints.size}`)));
    });
    expect(found.size).toBe(4);
  });
});

const run = promisify(execFile);

/**
 * Debian's onvif-util turns multicast loopback off, so it never hears a town on its own machine. It gets a network of its
 * own: a namespace, and a cable (veth) to this one. Needs root and `apt-get install onvif-tools iproute2`.
 */
class OtherMachine {
  private constructor(
    private readonly name: string,
    readonly hosts: readonly string[],
  ) {}

  static async connect(): Promise<OtherMachine> {
    const tag = process.pid % 10_000;
    const name = `sim-${tag}`;
    const net = `10.254.${tag % 250}`;
    const machine = new OtherMachine(name, [`${net}.11`, `${net}.12`]);
    cleanUps.push(() => machine.disconnect());
    await run('ip', ['netns', 'add', name]);
    await run('ip', ['link', 'add', `sv${tag}`, 'type', 'veth', 'peer', 'name', 'eth0', 'netns', name]);
    for (const host of [`${net}.1`, ...machine.hosts])
      await run('ip', ['addr', 'add', `${host}/24`, 'dev', `sv${tag}`]);
    await run('ip', ['link', 'set', `sv${tag}`, 'up']);
    await run('ip', ['-n', name, 'addr', 'add', `${net}.2/24`, 'dev', 'eth0']);
    await run('ip', ['-n', name, 'link', 'set', 'eth0', 'up']);
    await run('ip', ['-n', name, 'route', 'add', 'default', 'via', `${net}.1`]);
    return machine;
  }

  /** Runs onvif-util there; `input` is what a person would type. */
  onvifUtil(values: readonly string[], input = ''): Promise<string> {
    return new Promise((resolve, reject) => {
      const child = execFile(
        'ip',
        ['netns', 'exec', this.name, 'onvif-util', ...values],
        { timeout: 20_000 },
        (error, stdout) => (error ? reject(error) : resolve(stdout)),
      );
      child.stdin?.end(input);
    });
  }

  private async disconnect(): Promise<void> {
    // The cable goes with the namespace.
    await run('ip', ['netns', 'del', this.name]).catch(() => {});
  }
}

describe("Debian's onvif-util on another machine", () => {
  it('discovers the cameras, logs in and lists profiles and streams', async () => {
    const machine = await OtherMachine.connect();
    const [hostA = '', hostB = ''] = machine.hosts;
    const port = await freePort(hostA);
    const town = [
      camera('plain', {
        host: hostA,
        onvifPort: port,
        name: 'Plaza de Armas',
        clockSkewMs: 97_000,
        username: 'visor',
        password: 'Tq7-vmR2',
      }),
      camera('northgate', {
        host: hostB,
        onvifPort: port,
        name: 'Mercado',
        clockSkewMs: -410,
        username: 'visor',
        password: 'Tq7-vmR2',
      }),
    ];
    for (const sim of town) {
      const face = await startOnvif(sim, { clock: systemClock, logger: silentLogger });
      cleanUps.push(() => face.close());
      // libonvif signs with one nonce and the millisecond: two requests in one millisecond are one token, and no real
      // network is that fast.
      sim.setFaults({ linkBytesPerSecond: 200_000 });
    }
    await start(town);
    const listed = await machine.onvifUtil(['-a']);
    expect(listed).toContain(`${hostA} ${town[0]?.spec.id}(Plaza de Armas PO-2100)`);
    expect(listed).toContain(`${hostB} ${town[1]?.spec.id}(Mercado PO-2100)`);
    const commands = 'get time\nget profiles\nget rtsp 0\nget rtsp 1\nget video 0\nget imaging\nget network\nquit\n';
    const session = await machine.onvifUtil(['-u', 'visor', '-p', 'Tq7-vmR2', hostA], commands);
    expect(session).toContain('successfully connected to host');
    expect(session).toContain('serial: PO2100-000001');
    expect(session).toMatch(/Time Offset: 9[67] seconds/);
    expect(session).toContain('Token 1: Profile_2');
    expect(session).toContain(`rtsp://${hostA}:8554/live/main`);
    expect(session).toContain(`rtsp://${hostA}:8554/live/sub`);
    expect(session).toContain('Resolution: 1280 x 720');
    expect(session).toMatch(/Brightness: 50/);
    expect(session).not.toContain('ERROR');
  }, 60_000);
});
