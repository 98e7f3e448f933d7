/** What `protocol.ts` uses of the package, which brings no types. */
declare module 'node-media-server/src/protocol/rtmp.js' {
  interface ChunkedMessage {
    readonly header: { fmt: number; cid: number; timestamp: number; length: number; type: number; stream_id: number };
    /** Milliseconds; grows past 32 bits when deltas take it there. */
    readonly clock: number;
    readonly payload: Buffer;
    readonly capacity: number;
    /** Bytes of `payload` that have come. */
    bytes: number;
  }

  /** Fields of an AMF0 command by its name; everything in it is the peer's. */
  export interface InvokeMessage {
    readonly cmd?: unknown;
    readonly transId?: unknown;
    readonly cmdObj?: Record<string, unknown>;
    readonly streamName?: unknown;
  }

  export default class Rtmp {
    parserPacket: ChunkedMessage;
    readonly inPackets: Map<number, ChunkedMessage>;
    inChunkSize: number;
    ackSize?: number;
    streamApp?: string;
    streamName?: string;
    streamId?: number;
    flv: unknown;
    onOutputCallback: (bytes: Buffer) => void;
    parserData(bytes: Buffer): string | null;
    protected packetParse(): void;
    protected packetAlloc(): void;
    protected controlHandler(): void;
    protected invokeHandler(): void;
    protected dataHandler(): void;
    protected onConnect(message: InvokeMessage): void;
    protected onPublish(message: InvokeMessage): void;
    protected onPlay(message: InvokeMessage): void;
    protected onDeleteStream(message: InvokeMessage): void;
    protected respondPublish(): void;
    protected sendACK(bytes: number): void;
    protected sendStatusMessage(streamId: number, level: string, code: string, description: string): void;
  }
}

declare module 'node-media-server/src/core/logger.js' {
  /** One for the process. */
  const logger: { log: (message: string, level?: unknown) => void };
  export default logger;
}
