import { isStreamName } from '#libs/secret';
import { MAX_NAME_CHARS } from './limits.ts';

/** Whom a device says it is. The key is a secret: it goes into no log, no error and no answer. */
export interface PublishRequest {
  readonly streamName: string;
  readonly key: string;
}

const APP = 'live';

/**
 * Reads what a device was told as its address: `rtmp://host/live/<name>?key=<key>`. Devices cut it up differently: most
 * send app `live` and stream `<name>?key=<key>`, some put the query behind the app, some write a slash too many.
 * Undefined: no address of ours.
 */
export function readPublishRequest(app: unknown, stream: unknown): PublishRequest | undefined {
  if (typeof app !== 'string' || typeof stream !== 'string') return undefined;
  if (app.length > MAX_NAME_CHARS || stream.length > MAX_NAME_CHARS) return undefined;
  const [appName, appQuery] = cut(app);
  const [name, query] = cut(stream);
  const streamName = name.toLowerCase();
  if (appName !== APP || !isStreamName(streamName)) return undefined;
  const key = keyOf(query) ?? keyOf(appQuery) ?? '';
  return { streamName, key: key.trim().toLowerCase() };
}

function cut(text: string): [name: string, query: string] {
  const at = text.indexOf('?');
  const name = at < 0 ? text : text.slice(0, at);
  return [name.replace(/^\/+|\/+$/g, ''), at < 0 ? '' : text.slice(at + 1)];
}

function keyOf(query: string): string | undefined {
  return new URLSearchParams(query).get('key') ?? undefined;
}
