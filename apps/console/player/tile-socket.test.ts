import { beforeEach, describe, expect, it } from '@jest/globals';
import { FakeClock } from '#libs/base';
import { FRAME_HEADER_BYTES, FRAME_KIND, noticePayload, writeFrameHeader, type TileFrame } from '#libs/tiles';
import { TileSocket } from './tile-socket.ts';

/** What a browser's WebSocket does, told when. */
class PretendSocket extends EventTarget {
  static readonly made: PretendSocket[] = [];
  readyState = 0;
  binaryType = '';
  readonly sent: { op: string; tile: number; ticket?: string }[] = [];

  constructor() {
    super();
    PretendSocket.made.push(this);
  }

  open(): void {
    this.readyState = 1;
    this.dispatchEvent(new Event('open'));
  }

  send(text: string): void {
    this.sent.push(JSON.parse(text) as { op: string; tile: number });
  }

  close(): void {
    if (this.readyState === 3) return;
    this.readyState = 3;
    this.dispatchEvent(new Event('close'));
  }

  notice(tile: number, code: string): void {
    const payload = noticePayload({ state: 'waiting', code });
    const bytes = new Uint8Array(FRAME_HEADER_BYTES + payload.length);
    writeFrameHeader(bytes, { kind: FRAME_KIND.notice, flags: 0, tile, sequence: 0, capturedMs: 0 });
    bytes.set(payload, FRAME_HEADER_BYTES);
    this.dispatchEvent(Object.assign(new Event('message'), { data: bytes.buffer }));
  }
}

describe('TileSocket', () => {
  let clock: FakeClock;
  let socket: TileSocket;
  const heard: string[] = [];
  const listener = (name: string) => ({
    frame: (frame: TileFrame) => heard.push(`${name} ${frame.kind === 'notice' ? frame.notice.code : frame.kind}`),
    interrupted: () => heard.push(`${name} interrupted`),
    unreachable: () => heard.push(`${name} unreachable`),
  });
  const last = (): PretendSocket => PretendSocket.made.at(-1)!;

  beforeEach(() => {
    PretendSocket.made.length = 0;
    heard.length = 0;
    clock = new FakeClock();
    socket = new TileSocket('ws://relay/tiles', clock, () => new PretendSocket() as unknown as WebSocket);
  });

  it('carries every tile over one connection and gives each what is its own', () => {
    socket.open('a', listener('first'));
    socket.open('b', listener('second'));
    expect(PretendSocket.made).toHaveLength(1);
    last().open();
    expect(last().sent.map(({ op, ticket }) => `${op} ${ticket}`)).toEqual(['open a', 'open b']);
    last().notice(last().sent[1]!.tile, 'connecting');
    last().notice(60_000, 'connecting');
    expect(heard).toEqual(['second connecting']);
  });

  it('says what a tile wants, each number once', () => {
    const tile = socket.open('a', listener('first'));
    last().open();
    tile.renew('b');
    tile.pause();
    tile.pause();
    tile.resume();
    tile.use('c');
    tile.close();
    tile.renew('d');
    expect(last().sent.map(({ op }) => op)).toEqual(['open', 'renew', 'pause', 'resume', 'open', 'close']);
    socket.open('e', listener('second'));
    expect(last().sent.at(-1)!.tile).not.toBe(last().sent[0]!.tile);
  });

  it('connects again and opens its tiles with their newest tickets, paused ones paused', async () => {
    const first = socket.open('a', listener('first'));
    const second = socket.open('b', listener('second'));
    last().open();
    first.renew('a2');
    second.pause();
    last().close();
    expect(heard).toEqual(['first interrupted', 'second interrupted']);
    await clock.advance(1_000);
    expect(PretendSocket.made).toHaveLength(2);
    last().open();
    expect(last().sent.map(({ op, ticket }) => `${op} ${ticket ?? ''}`)).toEqual(['open a2', 'open b', 'pause ']);
  });

  it('gives up soon where it never had a connection', async () => {
    socket.open('a', listener('first'));
    await clock.advance(20_000);
    expect(heard).toEqual(['first unreachable']);
    expect(PretendSocket.made).toHaveLength(2);
    expect(socket.tileCount).toBe(0);
  });

  it('waits longer for a relay that it knows, and then says so', async () => {
    socket.open('a', listener('first'));
    last().open();
    last().notice(last().sent[0]!.tile, 'connecting');
    last().close();
    for (let second = 0; second < 40; second++) {
      await clock.advance(1_000);
      last().close();
    }
    expect(heard.at(-1)).toBe('first unreachable');
    expect(heard.filter((line) => line.endsWith('unreachable'))).toHaveLength(1);
    expect(PretendSocket.made.length).toBeGreaterThan(5);
    expect(PretendSocket.made.length).toBeLessThan(30);
  });

  it('hangs up when nobody is left, unless somebody comes soon', async () => {
    const tile = socket.open('a', listener('first'));
    last().open();
    tile.close();
    await clock.advance(1_000);
    const next = socket.open('b', listener('second'));
    await clock.advance(10_000);
    expect(last().readyState).toBe(1);
    next.close();
    await clock.advance(10_000);
    expect(last().readyState).toBe(3);
    socket.open('c', listener('third'));
    expect(PretendSocket.made).toHaveLength(2);
  });
});
