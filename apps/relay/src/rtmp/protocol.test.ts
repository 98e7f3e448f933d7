import { describe, expect, it } from '@jest/globals';
import { refusal, type Refusal } from '#libs/base';
import { mutate, seededRandom } from '../../../../scripts/fuzz/mutate.ts';
import { command, handshake, message, opening, setChunkSize } from '../../testing/rtmp-bytes.ts';
import { MAX_CHUNK_STREAMS, MAX_COMMANDS, MAX_HELD_BYTES, MAX_VIDEO_BYTES } from './limits.ts';
import { RtmpProtocol } from './protocol.ts';
import type { PublishRequest } from './publish-request.ts';

const NAME = 'abcd2345?key=0123456789abcdefghjkmnpqrstvwxyz';

class Heard {
  readonly sent: Buffer[] = [];
  readonly requests: (PublishRequest | undefined)[] = [];
  readonly videos: { readonly hex: string; readonly timestampMs: number }[] = [];
  finished = 0;
  answer: Refusal | undefined;
  readonly protocol = new RtmpProtocol({
    send: (bytes) => this.sent.push(bytes),
    publish: (request) => {
      this.requests.push(request);
      return this.answer;
    },
    video: (body, timestampMs) => this.videos.push({ hex: body.toString('hex'), timestampMs }),
    finished: () => this.finished++,
  });

  get text(): string {
    return Buffer.concat(this.sent).toString('latin1');
  }

  /** What it held in messages under construction. */
  get heldBytes(): number {
    return [...this.protocol.inPackets.values()].reduce((sum, { payload }) => sum + payload.length, 0);
  }
}

function publishing(): Heard {
  const heard = new Heard();
  expect(heard.protocol.receive(opening(NAME))).toBeUndefined();
  return heard;
}

const video = (hex: string, timestampMs = 0): Buffer =>
  message(9, Buffer.from(hex, 'hex'), { chunkStream: 6, timestampMs });

describe('a publisher', () => {
  it('is heard, told that it is live, and its pictures come with their times', () => {
    const heard = publishing();
    expect(heard.requests).toEqual([{ streamName: 'abcd2345', key: '0123456789abcdefghjkmnpqrstvwxyz' }]);
    expect(heard.text).toContain('NetStream.Publish.Start');
    // A type 1 header carries a difference; an empty message is one too.
    const next = message(9, Buffer.from('2701', 'hex'), { chunkStream: 6, format: 1, timestampMs: 40 });
    const audio = message(8, Buffer.alloc(4), { chunkStream: 4 });
    expect(
      heard.protocol.receive(Buffer.concat([video('1701aa', 1_000), audio, next, video('', 2_000), audio])),
    ).toBeUndefined();
    expect(heard.videos).toEqual([
      { hex: '1701aa', timestampMs: 1_000 },
      { hex: '2701', timestampMs: 1_040 },
      { hex: '', timestampMs: 2_000 },
    ]);
    heard.protocol.receive(command('deleteStream', 4, null, 1));
    expect(heard.finished).toBe(1);
  });

  it('is understood byte by byte', () => {
    const heard = new Heard();
    for (const byte of Buffer.concat([opening(NAME), video('1701aabb', 7)])) {
      expect(heard.protocol.receive(Buffer.from([byte]))).toBeUndefined();
    }
    expect(heard.videos).toEqual([{ hex: '1701aabb', timestampMs: 7 }]);
  });

  it('that is refused is never told that it is live, and its key is in no answer', () => {
    const heard = new Heard();
    heard.answer = refusal('forbidden', 'publish-key-wrong', 'wrong');
    const reason = heard.protocol.receive(Buffer.concat([opening(NAME), video('1701aa')]));
    expect([reason?.code, heard.videos]).toEqual(['publish-key-wrong', []]);
    expect(heard.text).toContain('NetStream.Publish.BadName');
    expect(heard.text).not.toContain('Publish.Start');
    expect(heard.text).not.toContain('0123456789abc');
  });

  it('that has an address of nobody is heard as such', () => {
    const heard = new Heard();
    heard.answer = refusal('not-found', 'publisher-unknown', 'nobody');
    expect(heard.protocol.receive(opening('camara1', 'vod'))?.code).toBe('publisher-unknown');
    expect(heard.requests).toEqual([undefined]);
  });

  it('is acknowledged what it sent', () => {
    const heard = publishing();
    const before = heard.sent.length;
    for (let count = 0; count < 60; count++) {
      heard.protocol.receive(message(9, Buffer.alloc(60_000, 0x27), { chunkStream: 6 }));
    }
    const acknowledgements = heard.sent.slice(before);
    expect(acknowledgements.length).toBe(2);
    expect(acknowledgements.at(-1)!.readUInt32BE(12)).toBeGreaterThan(2_400_000);
  });

  it('may take back what it began', () => {
    const heard = publishing();
    const begun = message(9, Buffer.alloc(65_536, 0x17), { chunkStream: 6, lengthBytes: 100_000 });
    const abort = message(2, Buffer.from([0, 0, 0, 6]), { chunkStream: 2 });
    expect(heard.protocol.receive(Buffer.concat([begun, abort, video('1701cc')]))).toBeUndefined();
    expect(heard.videos).toEqual([{ hex: '1701cc', timestampMs: 0 }]);
  });
});

describe('a peer without manners is refused', () => {
  const opened = [handshake(), setChunkSize(65_536)];
  const connect = command('connect', 1, { app: 'live', tcUrl: 'no address at all' });

  it.each<[what: string, bytes: readonly Buffer[], code: string]>([
    [
      'a huge message before it was let in',
      [message(9, Buffer.alloc(0), { lengthBytes: 16_000_000 })],
      'rtmp-message-too-large',
    ],
    ['a picture before it was let in', [video('1701aa')], 'rtmp-message-too-large'],
    ['a huge command', [message(20, Buffer.alloc(0), { lengthBytes: 5_000 })], 'rtmp-message-too-large'],
    ['a chunk size of zero', [setChunkSize(0)], 'rtmp-malformed'],
    ['a chunk size with its first bit set', [setChunkSize(0x8000_0000)], 'rtmp-malformed'],
    ['a control message that is cut', [message(1, Buffer.alloc(2), { chunkStream: 2 })], 'rtmp-malformed'],
    ['a command that is no AMF0', [message(20, Buffer.from('0300', 'hex'))], 'rtmp-malformed'],
    ['a connect without an app', [command('connect', 1, {})], 'rtmp-malformed'],
    [
      'a wish to watch',
      [connect, command('createStream', 2, null), command('play', 3, null, NAME)],
      'rtmp-play-refused',
    ],
    [
      'commands without end',
      Array.from({ length: MAX_COMMANDS + 1 }, () => command('createStream', 2, null)),
      'rtmp-too-many-commands',
    ],
    [
      'a message inside another one',
      [
        setChunkSize(128),
        message(20, Buffer.alloc(128), { lengthBytes: 1_000 }),
        message(20, Buffer.alloc(0), { lengthBytes: 2_000 }),
      ],
      'rtmp-malformed',
    ],
    [
      'more chunk streams than anybody needs',
      Array.from({ length: MAX_CHUNK_STREAMS + 1 }, (_, index) =>
        message(3, Buffer.alloc(4), { chunkStream: 3 + index }),
      ),
      'rtmp-too-many-streams',
    ],
  ])('for %s', (_what, bytes, code) => {
    const heard = new Heard();
    const reasons = [...opened, ...bytes].map((part) => heard.protocol.receive(part)?.code);
    expect(reasons.find((reason) => reason !== undefined)).toBe(code);
    expect(heard.heldBytes).toBeLessThan(64 * 1024);
  });

  it('for messages under construction that together are too large', () => {
    const heard = publishing();
    const begun = (chunkStream: number): Buffer =>
      message(9, Buffer.alloc(65_536), { chunkStream, lengthBytes: MAX_VIDEO_BYTES });
    expect(heard.protocol.receive(begun(6))).toBeUndefined();
    expect(heard.protocol.receive(begun(7))?.code).toBe('rtmp-message-too-large');
    expect(heard.heldBytes).toBeLessThan(MAX_HELD_BYTES);
    expect(publishing().protocol.receive(message(9, Buffer.alloc(1), { lengthBytes: MAX_VIDEO_BYTES + 1 }))?.code).toBe(
      'rtmp-message-too-large',
    );
  });

  it('or survived, whatever it sends, with bounded memory', () => {
    const seeds = [
      Buffer.concat([...opened.slice(1), connect, command('publish', 3, null, NAME, 'live'), video('1701aa')]),
    ];
    const random = seededRandom(7);
    for (let run = 0; run < 4_000; run++) {
      const heard = new Heard();
      heard.protocol.receive(handshake());
      heard.protocol.receive(mutate(seeds, random));
      if (heard.heldBytes > MAX_HELD_BYTES + MAX_CHUNK_STREAMS * 1_024)
        throw new Error(`run ${run} holds ${heard.heldBytes}`);
    }
  });

  it('without a line of the package on stdout', () => {
    const written: unknown[] = [];
    const { log } = console;
    console.log = (...line: unknown[]) => written.push(line);
    try {
      new Heard().protocol.receive(Buffer.concat([...opened, command('unheardOf', 1, null)]));
    } finally {
      console.log = log;
    }
    expect(written).toEqual([]);
  });
});
