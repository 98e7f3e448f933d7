import type { Method } from './requester.ts';

/**
 * Which request keeps a session alive (RFC 2326 §12.37: any that names it). GET_PARAMETER where the camera offers it
 * (§10.8), else OPTIONS. Cameras answer 405, 501 or 551 to one or the other, or never answer: then the next is tried,
 * round and round, because a camera that refuses all of them may stream on all the same.
 */
export class KeepAlive {
  private methods: readonly Method[] = ['OPTIONS', 'SET_PARAMETER', 'GET_PARAMETER'];
  private at = 0;

  /** `offered`: what the camera named in Public, upper case. */
  prefer(offered: readonly string[]): void {
    if (offered.includes('GET_PARAMETER')) this.methods = ['GET_PARAMETER', 'OPTIONS', 'SET_PARAMETER'];
  }

  get method(): Method {
    return this.methods[this.at]!;
  }

  /** Refused or not answered. */
  next(): void {
    this.at = (this.at + 1) % this.methods.length;
  }
}
