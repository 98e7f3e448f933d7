import { createHash } from 'node:crypto';
import { connect, type Socket } from 'node:net';
import { once } from 'node:events';
import { afterEach, describe, expect, it } from '@jest/globals';
import { silentLogger, systemClock } from '#libs/base';
import { openCamera, type TestCamera } from '../testing/foreign.ts';
import { TOWN } from '../town.ts';
import { openStudio } from './index.ts';

/** A bare client: sends what it is told, keeps all bytes. */
class Client {
  received = Buffer.alloc(0);
  private readonly closed: Promise<unknown>;
  private cseq = 0;

  private constructor(
    private readonly socket: Socket,
    private readonly target: TestCamera,
  ) {
    socket.on('data', (bytes: Buffer) => {
      this.received = Buffer.concat([this.received, bytes]);
    });
    socket.on('error', () => {});
    this.closed = once(socket, 'close');
  }

  static async open(target: TestCamera): Promise<Client> {
    const socket = connect(target.server.port, target.camera.host);
    await once(socket, 'connect');
    return new Client(socket, target);
  }

  get url(): string {
    return this.target.url('sub').replace(/\/\/[^@]+@/, '//');
  }

  async ask(method: string, headers: readonly string[] = [], url = this.url): Promise<string> {
    const first = await this.send(method, headers, url);
    const nonce = /nonce="([^"]+)"/.exec(first)?.[1];
    const realm = /realm="([^"]+)"/.exec(first)?.[1];
    if (nonce === undefined) return first;
    const { username, password } = this.target.camera.spec;
    const md5 = (text: string): string => createHash('md5').update(text).digest('hex');
    const response = md5(`${md5(`${username}:${realm}:${password}`)}:${nonce}:${md5(`${method}:${url}`)}`);
    const login = `Digest username="${username}", realm="${realm}", nonce="${nonce}", uri="${url}", response="${response}"`;
    return this.send(method, [...headers, `Authorization: ${login}`], url);
  }

  async play(): Promise<string> {
    const setup = await this.ask('SETUP', ['Transport: RTP/AVP/TCP;unicast;interleaved=0-1'], `${this.url}/trackID=1`);
    const session = /Session: ([0-9A-F]+)/.exec(setup)![1]!;
    expect(await this.ask('PLAY', [`Session: ${session}`])).toContain('200 OK');
    return session;
  }

  write(text: string): void {
    this.socket.write(text);
  }

  async end(): Promise<void> {
    this.socket.destroy();
    await this.closed;
  }

  /** Resolves when the camera has closed the connection. */
  whenClosed(): Promise<unknown> {
    return this.closed;
  }

  stopReading(): void {
    this.socket.pause();
  }

  readAgain(): void {
    this.socket.resume();
  }

  private async send(method: string, headers: readonly string[], url: string): Promise<string> {
    this.cseq++;
    const mark = `CSeq: ${this.cseq}\r\n`;
    const from = this.received.length;
    this.socket.write([`${method} ${url} RTSP/1.0`, mark.trim(), ...headers, '', ''].join('\r\n'));
    await until(() => this.received.subarray(from).includes(mark), `answer to ${method}`);
    const text = this.received.subarray(from).toString('latin1');
    const at = text.lastIndexOf('RTSP/1.0', text.indexOf(mark));
    return text.slice(at, text.indexOf('\r\n\r\n', at));
  }
}

async function until(isSo: () => boolean, what: string, limitMs = 10_000): Promise<void> {
  const startMs = systemClock.monotonicMs();
  while (!isSo()) {
    if (systemClock.monotonicMs() - startMs > limitMs) throw new Error(`waited ${limitMs} ms for ${what}`);
    await new Promise<void>((resolve) => systemClock.after(10, resolve));
  }
}

const open: { close(): Promise<void> }[] = [];

async function camera(sessionTimeoutMs?: number): Promise<TestCamera> {
  const made = await openCamera(TOWN[0]!, openStudio(systemClock, silentLogger), sessionTimeoutMs);
  open.push({ close: () => made.server.stop() });
  return made;
}

async function client(target: TestCamera): Promise<Client> {
  const made = await Client.open(target);
  open.push({ close: () => made.end() });
  return made;
}

afterEach(async () => {
  for (const thing of open.splice(0).toReversed()) await thing.close();
});

const GOODBYE = Buffer.from([0x24, 1, 0, 8, 0x81, 203, 0, 1]);

describe('a session', () => {
  it('ends with a goodbye when its client is silent for longer than the timeout', async () => {
    const target = await camera(1_500);
    const reader = await client(target);
    await reader.play();
    await reader.whenClosed();
    expect(reader.received.includes(GOODBYE)).toBe(true);
    expect(target.server.sessionCount).toBe(0);
  });

  it.each(['OPTIONS', 'GET_PARAMETER', 'SET_PARAMETER'])('lives on %s', async (method) => {
    const target = await camera(1_500);
    const reader = await client(target);
    const session = await reader.play();
    for (let round = 0; round < 4; round++) {
      await new Promise<void>((resolve) => systemClock.after(700, resolve));
      expect(await reader.ask(method, [`Session: ${session}`])).toContain('200 OK');
    }
    expect(target.server.sessionCount).toBe(1);
  });

  it('pauses, plays on and is torn down', async () => {
    const target = await camera();
    const reader = await client(target);
    const session = await reader.play();
    await until(() => reader.received.length > 20_000, 'video');
    expect(await reader.ask('PAUSE', [`Session: ${session}`])).toContain('200 OK');
    expect(target.server.streamOf('sub').readerCount).toBe(0);
    expect(await reader.ask('PLAY', [`Session: ${session}`])).toContain('RTP-Info');
    expect(await reader.ask('TEARDOWN', [`Session: ${session}`])).toContain('200 OK');
    expect(reader.received.includes(GOODBYE)).toBe(true);
    expect(await reader.ask('PLAY', [`Session: ${session}`])).toContain('454 Session Not Found');
  });

  it('goes when its connection goes', async () => {
    const target = await camera();
    const reader = await client(target);
    await reader.play();
    expect(target.server.sessionCount).toBe(1);
    await reader.end();
    await until(() => target.server.sessionCount === 0, 'the session to go');
  });
});

describe('a frozen camera', () => {
  it('sends nothing, answers still, and goes on when thawed', async () => {
    const target = await camera();
    const reader = await client(target);
    const session = await reader.play();
    await until(() => reader.received.length > 20_000, 'video');
    target.camera.setFaults({ frozen: true });
    await new Promise<void>((resolve) => systemClock.after(200, resolve));
    const before = reader.received.length;
    await new Promise<void>((resolve) => systemClock.after(1_500, resolve));
    expect(reader.received.length).toBe(before);
    expect(await reader.ask('GET_PARAMETER', [`Session: ${session}`])).toContain('200 OK');
    target.camera.setFaults({ frozen: false });
    await until(() => reader.received.length > before + 10_000, 'video again');
  });
});

describe('requests that cannot be served', () => {
  it('get their own status', async () => {
    const reader = await client(await camera());
    expect(await reader.ask('DESCRIBE', [], reader.url.replace('sub', 'nothing'))).toContain('404 Not Found');
    expect(await reader.ask('SETUP', ['Transport: RTP/SAVP;unicast;client_port=5000-5001'])).toContain('461');
    expect(await reader.ask('SETUP', ['Transport: RTP/AVP;multicast'])).toContain('461');
    expect(await reader.ask('RECORD')).toContain('405');
    expect(await reader.ask('PLAY', ['Session: 00'])).toContain('454');
    expect(await reader.ask('DESCRIBE', ['Require: onvif-replay'])).toContain('551');
  });

  it('that are no RTSP are answered 400 and the connection is closed', async () => {
    const reader = await client(await camera());
    reader.write('GET / HTTP/1.1\r\nHost: x\r\n\r\n');
    await reader.whenClosed();
    expect(reader.received.toString()).toContain('400 Bad Request');
  });
});

describe('a reader that does not read for a while', () => {
  it('finds whole packets when it reads again', async () => {
    const reader = await client(await camera());
    await reader.play();
    await until(() => reader.received.length > 20_000, 'video');
    reader.stopReading();
    await new Promise<void>((resolve) => systemClock.after(4_000, resolve));
    const before = reader.received.length;
    reader.readAgain();
    await until(() => reader.received.length > before + 60_000, 'video again');
    expect(framesAreWhole(reader.received)).toBe(true);
  });
});

/** Walks the bytes from the first packet to the end: each is a `$` frame or an RTSP answer. */
function framesAreWhole(bytes: Buffer): boolean {
  let at = bytes.indexOf(Buffer.from([0x24, 0]));
  while (at + 4 < bytes.length) {
    if (bytes[at] !== 0x24) return false;
    at += 4 + bytes.readUInt16BE(at + 2);
  }
  return true;
}
