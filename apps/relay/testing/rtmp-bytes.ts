/** RTMP as a peer of any manners would write it, byte by byte (Adobe RTMP 1.0 §5): for tests of the door. */

/** C0, C1 and C2. What C2 repeats is not looked at by anybody. */
export function handshake(version = 3): Buffer {
  return Buffer.concat([Buffer.from([version]), Buffer.alloc(1_536 * 2, 1)]);
}

export interface ChunkHead {
  readonly chunkStream?: number;
  readonly format?: 0 | 1 | 3;
  readonly timestampMs?: number;
  readonly streamId?: number;
  /** Told in the header instead of the true length. */
  readonly lengthBytes?: number;
}

/** One message in one chunk, which needs a chunk size that holds it: {@link setChunkSize} first. */
export function message(type: number, payload: Buffer, head: ChunkHead = {}): Buffer {
  const { chunkStream = 3, format = 0, timestampMs = 0, streamId = 1, lengthBytes = payload.length } = head;
  const header = Buffer.alloc(12);
  header[0] = (format << 6) | chunkStream;
  header.writeUIntBE(timestampMs, 1, 3);
  header.writeUIntBE(lengthBytes, 4, 3);
  header[7] = type;
  header.writeUInt32LE(streamId, 8);
  return Buffer.concat([header.subarray(0, { 0: 12, 1: 8, 3: 1 }[format]), payload]);
}

export function setChunkSize(bytes: number): Buffer {
  const payload = Buffer.alloc(4);
  payload.writeUInt32BE(bytes);
  return message(1, payload, { chunkStream: 2 });
}

/** A command in AMF0 (Adobe AMF0 §2): strings, numbers, null, and objects of strings. */
export function command(...values: readonly (string | number | null | Readonly<Record<string, string>>)[]): Buffer {
  return message(20, Buffer.concat(values.map(amf0)));
}

/** What a device says until it may send: `publish` with its address and key. */
export function opening(streamName: string, app = 'live'): Buffer {
  return Buffer.concat([
    handshake(),
    setChunkSize(65_536),
    command('connect', 1, { app, tcUrl: `rtmp://127.0.0.1/${app}` }),
    command('createStream', 2, null),
    command('publish', 3, null, streamName, 'live'),
  ]);
}

function amf0(value: string | number | null | Readonly<Record<string, string>>): Buffer {
  if (value === null) return Buffer.from([5]);
  if (typeof value === 'string') return Buffer.concat([Buffer.from([2]), text(value)]);
  if (typeof value === 'object') {
    const fields = Object.entries(value).flatMap(([name, field]) => [text(name), amf0(field)]);
    return Buffer.concat([Buffer.from([3]), ...fields, Buffer.from([0, 0, 9])]);
  }
  const number = Buffer.alloc(9);
  number.writeDoubleBE(value, 1);
  return number;
}

function text(value: string): Buffer {
  const length = Buffer.alloc(2);
  length.writeUInt16BE(value.length);
  return Buffer.concat([length, Buffer.from(value, 'latin1')]);
}
