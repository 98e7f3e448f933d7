import { reasonOf, sleep, systemClock } from '#libs/base';

const POLL_MS = 1_000;

/** A media playlist with what it refers to, read as any player does (RFC 8216 §4). */
export interface ReadMedia {
  readonly segments: readonly string[];
  readonly init: string | undefined;
}

/** The media playlist at `url`, or the first one of the master playlist there; undefined while there is none. */
export async function readMedia(url: string): Promise<ReadMedia | undefined> {
  const answer = await textOf(url);
  if (!answer) return undefined;
  const uris = answer.text.split('\n').filter((line) => line.trim() !== '' && !line.startsWith('#'));
  if (answer.text.includes('#EXT-X-STREAM-INF')) {
    return uris[0] === undefined ? undefined : readMedia(new URL(uris[0].trim(), answer.url).href);
  }
  if (!answer.text.includes('#EXTINF')) return undefined;
  const map = /#EXT-X-MAP:.*URI="([^"]+)"/.exec(answer.text)?.[1];
  return {
    segments: uris.map((uri) => new URL(uri.trim(), answer.url).href),
    init: map && new URL(map, answer.url).href,
  };
}

/** Bytes of everything that the playlist at `url` lists now. */
export async function listedBytes(url: string): Promise<number> {
  const media = await readMedia(url);
  if (!media) return 0;
  const sizes = await Promise.all(
    media.segments.map(async (uri) => (await (await fetch(uri)).arrayBuffer()).byteLength),
  );
  return sizes.reduce((sum, size) => sum + size, 0);
}

/** One client of a server that makes HLS only while somebody watches: fetches the playlist and each new segment. */
export class HlsViewer {
  segments = 0;
  /** Of the segments that the last playlist listed. */
  listed = 0;
  failure: string | undefined;
  private readonly known = new Set<string>();
  private readonly ending = new AbortController();
  private mediaUrl: string | undefined;
  private ended: Promise<void> = Promise.resolve();

  constructor(private readonly url: string) {}

  start(): void {
    this.ended = this.run();
  }

  async stop(): Promise<void> {
    this.ending.abort();
    await this.ended;
  }

  private async run(): Promise<void> {
    const { signal } = this.ending;
    do {
      await this.look(signal).catch((thrown: unknown) => {
        if (!signal.aborted) this.failure = reasonOf(thrown);
      });
    } while (await sleep(systemClock, POLL_MS, signal));
  }

  /** A master playlist opens a session: it is asked for once. */
  private async look(signal: AbortSignal): Promise<void> {
    this.mediaUrl ??= await mediaUrlOf(this.url);
    const media = this.mediaUrl === undefined ? undefined : await readMedia(this.mediaUrl);
    const sizes: number[] = [];
    for (const uri of media?.segments ?? []) {
      if (this.known.has(uri)) continue;
      this.known.add(uri);
      sizes.push((await (await fetch(uri, { signal })).arrayBuffer()).byteLength);
      this.segments++;
    }
    if (sizes.length > 0) this.listed = sizes.reduce((sum, size) => sum + size, 0);
  }
}

async function mediaUrlOf(url: string): Promise<string | undefined> {
  const answer = await textOf(url);
  if (!answer?.text.includes('#EXT-X-STREAM-INF')) return answer?.url;
  const first = answer.text.split('\n').find((line) => line.trim() !== '' && !line.startsWith('#'));
  return first && new URL(first.trim(), answer.url).href;
}

async function textOf(url: string): Promise<{ text: string; url: string } | undefined> {
  const response = await fetch(url);
  const text = await response.text();
  return response.ok ? { text, url: response.url } : undefined;
}
