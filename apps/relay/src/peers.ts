import { request as overHttp } from 'node:http';
import { request as overTls } from 'node:https';
import { z } from 'zod';
import type { RelayPeer } from './lease-store.ts';

/** A relay that does not answer within this is one of which nothing is known. */
const ANSWER_MS = 800;
const MAX_ANSWER_BYTES = 1_024;

/** `GET /peer`: what a relay says to others of its own word from the database. */
export const peerView = z.object({
  id: z.string().max(64),
  instance: z.uuid(),
  /** Since the database confirmed its leases. */
  confirmedAgoMs: z.number().nonnegative(),
});
export type PeerView = z.infer<typeof peerView>;

/**
 * Whether every one of these relays says, by itself and now, that it has not reached the database for `cutMs` either. One that
 * does not answer, or answers as somebody else (an address that leads back to ourselves, another process), may have it.
 */
export async function areAllCutOff(peers: readonly RelayPeer[], cutMs: number): Promise<boolean> {
  const answers = await Promise.all(peers.map((peer) => ask(peer).catch(() => undefined)));
  return answers.every((answer, index) => {
    const { id, instance } = peers[index]!;
    return answer?.id === id && answer.instance === instance && answer.confirmedAgoMs >= cutMs;
  });
}

/** Where relays reach each other: by the address of browsers, and where that is the host of their request, by that of the database's client. */
export function peerUrl({ publicUrl, address }: RelayPeer): string {
  const host = address?.includes(':') ? `[${address}]` : (address ?? '127.0.0.1');
  return `${publicUrl.replace('{host}', host)}/peer`;
}

/**
 * A certificate is not looked at: it names the host of browsers, the answer is no secret, and who could forge it on this network
 * could make two relays pull one camera for a while.
 */
function ask(peer: RelayPeer): Promise<PeerView> {
  const url = peerUrl(peer);
  const send = url.startsWith('https:') ? overTls : overHttp;
  const options = { agent: false, rejectUnauthorized: false, signal: AbortSignal.timeout(ANSWER_MS) };
  return new Promise((resolve, reject) => {
    const asked = send(url, options, (response) => {
      let text = '';
      response.setEncoding('utf8').on('data', (chunk: string) => {
        text += chunk;
        if (text.length > MAX_ANSWER_BYTES) asked.destroy(new Error('the answer is too long'));
      });
      response.on('error', reject);
      response.on('end', () => {
        try {
          resolve(peerView.parse(JSON.parse(text)));
        } catch (error) {
          reject(error);
        }
      });
    });
    asked.on('error', reject).end();
  });
}
