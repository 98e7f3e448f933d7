import { request } from 'node:https';

/** Throws unless `url` answers with a success. What it answered instead is in the message, cut short. */
export async function expectOk(url: string, signal: AbortSignal): Promise<void> {
  const { status, text } = url.startsWith('https:') ? await overTls(url, signal) : await inClear(url, signal);
  if (status < 200 || status > 299) throw new Error(`${new URL(url).pathname}: ${status} ${text.slice(0, 200)}`);
}

interface Answer {
  readonly status: number;
  readonly text: string;
}

async function inClear(url: string, signal: AbortSignal): Promise<Answer> {
  const response = await fetch(url, { signal });
  return { status: response.status, text: await response.text() };
}

/** The certificate names the host that browsers use, not the loopback address on which we ask our own child. */
function overTls(url: string, signal: AbortSignal): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const asked = request(url, { signal, rejectUnauthorized: false, agent: false }, (response) => {
      let text = '';
      response.setEncoding('utf8');
      response.on('data', (chunk: string) => (text += chunk.slice(0, 1_000)));
      response.on('end', () => resolve({ status: response.statusCode ?? 0, text }));
      response.on('error', reject);
    });
    asked.on('error', reject);
    asked.end();
  });
}
