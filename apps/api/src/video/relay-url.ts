/** Host names and addresses as a browser may write them (RFC 3986 §3.2.2): nothing that could end the authority. */
const HOST = /^([A-Za-z0-9.-]{1,253}|\[[0-9A-Fa-f:.]{2,45}\])$/;

/** Whether a request's host name may be put into an address that we answer. */
export function isPlainHost(host: string): boolean {
  return HOST.test(host);
}

/** The relay's address for a browser: `{host}` is the name by which it reached us. No slash at the end. */
export function relayUrlFor(publicUrl: string, host: string): string {
  return publicUrl.replace('{host}', host).replace(/\/+$/, '');
}
