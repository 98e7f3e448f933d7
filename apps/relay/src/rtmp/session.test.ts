import type { Socket } from 'node:net';
import { Duplex } from 'node:stream';
import { describe, expect, it } from '@jest/globals';
import { FakeClock, silentLogger, type Refusal } from '#libs/base';
import { BlockPool, SegmentWindow } from '#libs/hls';
import { Hub } from '#libs/relay';
import { newPublishKey, publishKeyHash } from '#libs/secret';
import { command, handshake, message, opening } from '../../testing/rtmp-bytes.ts';
import { FAREWELL_MS, HANDSHAKE_MS, IDLE_MS, MAX_BYTES_A_SECOND, MAX_OPENING_BYTES, OPENING_MS } from './limits.ts';
import { Push } from './push.ts';
import { RtmpSession } from './session.ts';

const NAME = 'abcd2345';

/** A peer's end that takes what is written, or nothing at all. */
class FakeSocket extends Duplex {
  readonly written: Buffer[] = [];

  constructor(private readonly reads = true) {
    super();
  }

  setNoDelay(): this {
    return this;
  }

  override _read(): void {}

  override _write(bytes: Buffer, _encoding: string, done: () => void): void {
    this.written.push(bytes);
    if (this.reads) done();
  }
}

function setUp({ reads = true, isTooOften = false, breaks = false } = {}) {
  const clock = new FakeClock();
  const key = newPublishKey();
  const push = new Push({
    config: { streamName: NAME, keyHash: publishKeyHash(key) },
    window: new SegmentWindow(1, new BlockPool(), clock),
    hub: new Hub(),
    clock,
    log: silentLogger,
    onFrame: () => {},
    onBreak: () => {},
    onFailure: () => {},
  });
  push.start(clock.monotonicMs());
  const socket = new FakeSocket(reads);
  const ends: (Refusal | undefined)[] = [];
  const defects: string[] = [];
  const session = new RtmpSession({
    socket: socket as unknown as Socket,
    address: '10.0.0.1',
    clock,
    pushOf: (name) => (name === NAME ? push : undefined),
    isTooOften: () => isTooOften,
    onPublish: () => {
      if (breaks) throw new Error('a defect of ours');
    },
    onDefect: (error) => defects.push(String(error)),
    onEnd: (_session, reason) => ends.push(reason),
  });
  const receive = async (bytes: Buffer): Promise<void> => {
    socket.push(bytes);
    await new Promise((resolve) => setImmediate(resolve));
  };
  const wait = async (ms: number): Promise<string | undefined> => {
    await clock.advance(ms);
    session.tick(clock.monotonicMs());
    return ends.at(-1)?.code;
  };
  const publish = (): Promise<void> => receive(opening(`${NAME}?key=${key}`));
  return {
    push,
    socket,
    session,
    ends,
    defects,
    receive,
    wait,
    publish,
    codes: () => ends.map((reason) => reason?.code),
  };
}

describe('a connection of the RTMP port', () => {
  it('is given so long for its handshake and so long for its publish', async () => {
    const mute = setUp();
    expect(await mute.wait(HANDSHAKE_MS - 1)).toBeUndefined();
    expect(await mute.wait(1)).toBe('rtmp-handshake-late');
    const idle = setUp();
    await idle.receive(handshake());
    expect(await idle.wait(OPENING_MS - 1)).toBeUndefined();
    expect(await idle.wait(1)).toBe('rtmp-publish-late');
  });

  it('takes no memory of the protocol before its greeting is whole, and none for strangers', async () => {
    const slow = setUp();
    for (const byte of handshake().subarray(0, 1_536)) await slow.receive(Buffer.from([byte]));
    expect(slow.socket.written).toEqual([]);
    await slow.receive(Buffer.from([1]));
    expect(slow.socket.written.length).toBeGreaterThan(0);
    const stranger = setUp();
    await stranger.receive(Buffer.from('GET / HTTP/1.1\r\n\r\n'));
    expect([stranger.codes(), stranger.socket.written]).toEqual([['rtmp-not-spoken'], []]);
  });

  it('may not talk on without saying who it is', async () => {
    const { receive, codes } = setUp();
    await receive(handshake());
    for (let bytes = 0; bytes < MAX_OPENING_BYTES; bytes += 1_024) {
      await receive(message(4, Buffer.alloc(50), { chunkStream: 2 }));
      await receive(Buffer.concat(Array.from({ length: 16 }, () => message(4, Buffer.alloc(50), { chunkStream: 2 }))));
    }
    expect(codes()).toEqual(['rtmp-opening-too-long']);
  });

  it('publishes while pictures come, and is let go when none do', async () => {
    const { publish, receive, wait, push, session, codes } = setUp();
    await publish();
    expect([session.isProven, push.isReceiving]).toEqual([true, true]);
    await wait(IDLE_MS - 1);
    await receive(message(9, Buffer.from('1702000000', 'hex'), { chunkStream: 6 }));
    await wait(IDLE_MS - 1);
    // Audio is no picture.
    await receive(message(8, Buffer.alloc(10), { chunkStream: 4 }));
    expect([codes(), push.isReceiving]).toEqual([[], true]);
    expect(await wait(1)).toBe('publisher-idle');
    expect(push.isReceiving).toBe(false);
  });

  it('leaves by its own word, once', async () => {
    const { publish, receive, socket, codes, push } = setUp();
    await publish();
    await receive(command('deleteStream', 4, null, 1));
    socket.destroy();
    await receive(Buffer.alloc(0));
    expect([codes(), push.failure?.code]).toEqual([[undefined], 'not-publishing']);
  });

  it('is cut when it sends faster than any device does', async () => {
    const { publish, receive, wait, codes } = setUp();
    await publish();
    const second = Buffer.concat(
      Array.from({ length: Math.ceil(MAX_BYTES_A_SECOND / 65_000) }, () =>
        message(8, Buffer.alloc(65_000), { chunkStream: 4 }),
      ),
    );
    for (let count = 0; count < 4; count++) {
      await receive(second.subarray(0, Math.floor(second.length * 0.9)));
      await receive(second.subarray(Math.floor(second.length * 0.9)));
      if (count < 3) expect([count, codes()]).toEqual([count, []]);
      await wait(900);
    }
    expect(codes()).toEqual(['publisher-too-fast']);
  });

  it('is cut when it reads nothing of what it is told, and its socket goes after a farewell', async () => {
    const deaf = setUp({ reads: false });
    await deaf.publish();
    deaf.session.dismiss({ kind: 'conflict', code: 'publisher-replaced', message: 'x' });
    expect(deaf.socket.destroyed).toBe(false);
    await deaf.wait(FAREWELL_MS);
    expect([deaf.socket.destroyed, deaf.codes()]).toEqual([true, ['publisher-replaced']]);
  });

  it('ends with a word in the log, and is not blamed, when something of ours breaks', async () => {
    const { publish, codes, defects, push } = setUp({ breaks: true });
    await publish();
    expect([codes(), defects, push.isReceiving]).toEqual([['relay-defect'], ['Error: a defect of ours'], false]);
  });

  it('is refused unseen when its device was refused too often', async () => {
    const { publish, codes, push } = setUp({ isTooOften: true });
    await publish();
    expect([codes(), push.isReceiving]).toEqual([['publish-too-often'], false]);
  });
});
