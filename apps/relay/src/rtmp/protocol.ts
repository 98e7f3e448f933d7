// The one file of the house that imports `node-media-server`. Taken from it: the handshake, the chunk stream, the commands
// (src/protocol/rtmp.js and the AMF0 beneath it). Left out: its servers, sessions, HTTP API, recording, store and event hub.
import nmsLogger from 'node-media-server/src/core/logger.js';
import Rtmp, { type InvokeMessage } from 'node-media-server/src/protocol/rtmp.js';
import { refusal, type Refusal } from '#libs/base';
import {
  MAX_AUDIO_BYTES,
  MAX_CHUNK_BYTES,
  MAX_CHUNK_STREAMS,
  MAX_COMMANDS,
  MAX_COMMAND_BYTES,
  MAX_CONTROL_BYTES,
  MAX_DATA_BYTES,
  MAX_HELD_BYTES,
  MAX_NAME_CHARS,
  MAX_VIDEO_BYTES,
  MIN_WINDOW_BYTES,
  USUAL_WINDOW_BYTES,
} from './limits.ts';
import { readPublishRequest, type PublishRequest } from './publish-request.ts';

// The package has one logger for the process, which prints peers' bytes to stdout. We say ourselves what is to be said.
nmsLogger.log = () => {};

/** Whom the protocol tells. All calls happen inside {@link RtmpProtocol.receive}. */
export interface ProtocolListener {
  send(bytes: Buffer): void;
  /** Undefined: an address that no publisher of ours has. A refusal ends the connection after the peer was told. */
  publish(request: PublishRequest | undefined): Refusal | undefined;
  /** The payload of a video message, valid during the call; `timestampMs` has 32 bits. Only after an admitted `publish`. */
  video(body: Buffer, timestampMs: number): void;
  /** The publisher says that it has finished. */
  finished(): void;
}

/** Message types (Adobe RTMP 1.0 §5.4, §7.1). */
const TYPE = {
  setChunkSize: 1,
  abort: 2,
  userControl: 4,
  peerBandwidth: 6,
  audio: 8,
  video: 9,
  dataAmf3: 15,
  commandAmf3: 17,
  dataAmf0: 18,
  commandAmf0: 20,
  aggregate: 22,
} as const;

/** Carries a refusal out of the package's parser. */
class ProtocolRefused extends Error {
  constructor(readonly refusal: Refusal) {
    super(refusal.code);
  }
}

/** Carries a defect of ours out of the package's parser: those who send must not be blamed for it. */
class ListenerFailed extends Error {}

/**
 * One connection's side of RTMP (Adobe RTMP 1.0), held to our bounds: the package grows buffers to whatever a header says,
 * takes any chunk size, tells a publisher that it is live before anybody looked at its key, and throws on many inputs.
 * Every place where memory grows or a state changes is looked at before the package acts.
 */
export class RtmpProtocol extends Rtmp {
  private isPublishing = false;
  private commands = 0;
  private receivedBytes = 0;
  private acknowledgedBytes = 0;

  constructor(private readonly listener: ProtocolListener) {
    super();
    // An FLV parser with a buffer of 1 MiB that RTMP does not use.
    this.flv = undefined;
    this.onOutputCallback = (bytes) => this.tell((told) => told.send(bytes));
  }

  /**
   * What came over the connection, from its first byte on. A refusal: the connection cannot go on. Throws what the
   * listener throws, and nothing else.
   */
  receive(bytes: Buffer): Refusal | undefined {
    try {
      this.parserData(bytes);
      this.acknowledge(bytes.length);
      return undefined;
    } catch (error) {
      if (error instanceof ProtocolRefused) return error.refusal;
      if (error instanceof ListenerFailed) throw error.cause;
      // The package reads beyond ends and calls what is not there: any throw of it means bytes that are no RTMP.
      return refusal('bad-input', 'rtmp-malformed', 'what was sent is no RTMP that can be read');
    }
  }

  private tell<Answer>(call: (listener: ProtocolListener) => Answer): Answer {
    try {
      return call(this.listener);
    } catch (error) {
      throw new ListenerFailed('listener failed', { cause: error });
    }
  }

  /** Some publishers wait for it when a window is full (§5.4.3); the package never sends any. */
  private acknowledge(bytes: number): void {
    this.receivedBytes += bytes;
    const windowBytes = Math.max(MIN_WINDOW_BYTES, this.ackSize ?? USUAL_WINDOW_BYTES);
    if (this.receivedBytes - this.acknowledgedBytes < windowBytes / 2) return;
    this.acknowledgedBytes = this.receivedBytes;
    this.sendACK(this.receivedBytes >>> 0);
  }

  /** A chunk's header was read. */
  protected override packetParse(): void {
    super.packetParse();
    const { header, bytes } = this.parserPacket;
    if (this.inPackets.size > MAX_CHUNK_STREAMS) {
      fail('rtmp-too-many-streams', `more than ${MAX_CHUNK_STREAMS} chunk streams in one connection`);
    }
    // §5.3.1.2.4: what continues a message is of type 3. The package would take a new length into the old buffer.
    if (bytes > 0 && header.fmt !== 3) fail('rtmp-malformed', 'a message begins inside another one');
    const limit = this.limitOf(header.type);
    if (header.length > limit) {
      fail('rtmp-message-too-large', `a message of type ${header.type} with ${header.length} bytes, limit ${limit}`);
    }
  }

  private limitOf(type: number): number {
    if (type <= TYPE.peerBandwidth) return MAX_CONTROL_BYTES;
    if (type === TYPE.commandAmf0 || type === TYPE.commandAmf3) return MAX_COMMAND_BYTES;
    if (!this.isPublishing) return 0;
    if (type === TYPE.video) return MAX_VIDEO_BYTES;
    return type === TYPE.audio ? MAX_AUDIO_BYTES : MAX_DATA_BYTES;
  }

  /** A message begins; the package makes room for all of it. */
  protected override packetAlloc(): void {
    const { header, capacity } = this.parserPacket;
    if (header.length > capacity) {
      let heldBytes = header.length - capacity;
      for (const message of this.inPackets.values()) heldBytes += message.capacity;
      if (heldBytes > MAX_HELD_BYTES) {
        fail('rtmp-message-too-large', `unfinished messages of ${heldBytes} bytes, limit ${MAX_HELD_BYTES}`);
      }
    }
    super.packetAlloc();
  }

  protected override controlHandler(): void {
    const { header, payload } = this.parserPacket;
    if (header.length < 4) fail('rtmp-malformed', 'a control message that is cut');
    const value = payload.readUInt32BE(0);
    if (header.type === TYPE.abort) return this.abort(value);
    if (header.type === TYPE.setChunkSize && (value < 1 || value > MAX_CHUNK_BYTES)) {
      fail('rtmp-malformed', `a chunk size of ${value} bytes`);
    }
    super.controlHandler();
  }

  /** §5.4.2; the package takes no notice. */
  private abort(chunkStream: number): void {
    const message = this.inPackets.get(chunkStream);
    if (message) message.bytes = 0;
  }

  protected override invokeHandler(): void {
    if (!this.isPublishing && ++this.commands > MAX_COMMANDS)
      fail('rtmp-too-many-commands', `more than ${MAX_COMMANDS} commands`);
    super.invokeHandler();
  }

  protected override onConnect(message: InvokeMessage): void {
    const { app, tcUrl } = message.cmdObj ?? {};
    if (typeof app !== 'string' || app.length > MAX_NAME_CHARS) fail('rtmp-malformed', 'a connect without an app');
    // The package reads a host out of it that nobody needs, and throws on what is no URL.
    const address = typeof tcUrl === 'string' && URL.canParse(tcUrl) ? tcUrl : 'rtmp://unnamed/';
    super.onConnect({ ...message, cmdObj: { app, tcUrl: address } });
  }

  protected override onPublish({ streamName }: InvokeMessage): void {
    if (this.isPublishing) fail('rtmp-malformed', 'a second publish in one connection');
    this.streamId = this.parserPacket.header.stream_id;
    const request = readPublishRequest(this.streamApp, streamName);
    const reason = this.tell((listener) => listener.publish(request));
    if (reason) {
      this.sendStatusMessage(this.streamId, 'error', 'NetStream.Publish.BadName', reason.code);
      throw new ProtocolRefused(reason);
    }
    this.streamApp = 'live';
    this.streamName = request!.streamName;
    this.isPublishing = true;
    this.respondPublish();
  }

  protected override onPlay(): void {
    fail('rtmp-play-refused', 'video is taken here and not given');
  }

  protected override onDeleteStream(): void {
    if (this.isPublishing) this.tell((listener) => listener.finished());
  }

  /** Audio, video and data messages. The package would read them as FLV tags and throw on short ones. */
  protected override dataHandler(): void {
    const { header, payload, clock } = this.parserPacket;
    if (header.type !== TYPE.video) return;
    this.tell((listener) => listener.video(payload.subarray(0, header.length), clock));
  }
}

function fail(
  code:
    | 'rtmp-malformed'
    | 'rtmp-message-too-large'
    | 'rtmp-too-many-streams'
    | 'rtmp-too-many-commands'
    | 'rtmp-play-refused',
  message: string,
): never {
  throw new ProtocolRefused(refusal('bad-input', code, message));
}
