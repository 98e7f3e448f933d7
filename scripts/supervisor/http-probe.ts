/** Throws unless `url` answers with a success. What it answered instead is in the message, cut short. */
export async function expectOk(url: string, signal: AbortSignal): Promise<void> {
  const response = await fetch(url, { signal });
  if (response.ok) {
    await response.body?.cancel();
    return;
  }
  const text = await response.text();
  throw new Error(`${new URL(url).pathname}: ${response.status} ${text.slice(0, 200)}`);
}
