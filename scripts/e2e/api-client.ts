/** A client of the public HTTP interface, signed in as somebody. */
export interface ApiClient {
  get<T>(path: string): Promise<T>;
  post<T>(path: string, body: unknown): Promise<T>;
  /** Whatever it answers: `body` is `undefined` when there is none. */
  ask(method: string, path: string, body?: unknown): Promise<{ status: number; body: unknown }>;
}

export async function signedInApi(url: string, login: { username: string; password: string }): Promise<ApiClient> {
  const cookie = await cookieOf(url, login);
  const call = async <T>(method: string, path: string, body?: unknown): Promise<T> => {
    return (await (await send(`${url}${path}`, method, body, cookie)).json()) as T;
  };
  const ask = async (method: string, path: string, body?: unknown): Promise<{ status: number; body: unknown }> => {
    const response = await fetch(`${url}${path}`, requestOf(method, body, cookie));
    const text = await response.text();
    return { status: response.status, body: text === '' ? undefined : JSON.parse(text) };
  };
  return { get: (path) => call('GET', path), post: (path, body) => call('POST', path, body), ask };
}

/** `Cookie` header of a new session. */
export async function cookieOf(url: string, login: { username: string; password: string }): Promise<string> {
  const answer = await send(`${url}/api/session`, 'POST', { username: login.username, password: login.password });
  return answer.headers
    .getSetCookie()
    .map((line) => line.split(';')[0])
    .join('; ');
}

async function send(url: string, method: string, body: unknown, cookie?: string): Promise<Response> {
  const response = await fetch(url, requestOf(method, body, cookie));
  if (!response.ok) throw new Error(`${method} ${url} answered ${response.status}: ${await response.text()}`);
  return response;
}

function requestOf(method: string, body: unknown, cookie: string | undefined): RequestInit {
  return {
    method,
    headers: { 'content-type': 'application/json', ...(cookie === undefined ? {} : { cookie }) },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  };
}
