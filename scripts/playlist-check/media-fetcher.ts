import { reasonOf } from '#libs/base';

/** A value, or why there is none. */
export type Answer<T> = { readonly ok: true; readonly value: T } | { readonly ok: false; readonly problem: string };

const TIMEOUT_MS = 35_000;
const MAX_KEPT = 32;

/** Fetches what a playlist names, relative to the playlist. */
export class MediaFetcher {
  /** What was hinted at and came before it was listed. */
  private readonly kept = new Map<string, Buffer>();

  constructor(private readonly playlistUrl: string) {}

  async text(url: string): Promise<Answer<string>> {
    const answer = await this.get(url);
    return answer.ok ? { ok: true, value: answer.value.toString('utf8') } : answer;
  }

  async bytes(uri: string): Promise<Answer<Buffer>> {
    const kept = this.kept.get(uri);
    if (!kept) return this.get(new URL(uri, this.playlistUrl).href);
    this.kept.delete(uri);
    return { ok: true, value: kept };
  }

  /** Fetches now what {@link bytes} will be asked for later. */
  async keep(uri: string): Promise<Answer<Buffer>> {
    const answer = await this.get(new URL(uri, this.playlistUrl).href);
    if (answer.ok) this.kept.set(uri, answer.value);
    for (const oldest of this.kept.keys()) if (this.kept.size > MAX_KEPT) this.kept.delete(oldest);
    return answer;
  }

  private async get(url: string): Promise<Answer<Buffer>> {
    try {
      const response = await fetch(url, { signal: AbortSignal.timeout(TIMEOUT_MS) });
      const bytes = Buffer.from(await response.arrayBuffer());
      if (response.ok) return { ok: true, value: bytes };
      return { ok: false, problem: `${response.status} ${bytes.toString('utf8', 0, 300)}` };
    } catch (error) {
      return { ok: false, problem: reasonOf(error) };
    }
  }
}
