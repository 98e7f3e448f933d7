/** One alternative of a `Transport` request header that this server can serve (RFC 2326 §12.39). */
export type TransportWish =
  | { readonly kind: 'interleaved'; readonly channel: number; readonly controlChannel: number }
  | { readonly kind: 'udp'; readonly rtpPort: number; readonly rtcpPort: number };

const MAX_ALTERNATIVES = 8;

/** The first alternative that can be served; `undefined` when there is none (461). */
export function chooseTransport(header: string): TransportWish | undefined {
  for (const alternative of header.split(',').slice(0, MAX_ALTERNATIVES)) {
    const wish = readAlternative(alternative.trim());
    if (wish) return wish;
  }
  return undefined;
}

function readAlternative(alternative: string): TransportWish | undefined {
  const [profile = '', ...parameters] = alternative.split(';').map((part) => part.trim());
  if (parameters.some((parameter) => parameter.toLowerCase() === 'multicast')) return undefined;
  switch (profile.toUpperCase()) {
    case 'RTP/AVP/TCP':
      return interleaved(parameters);
    case 'RTP/AVP':
    case 'RTP/AVP/UDP':
      return udp(parameters);
    default:
      return undefined;
  }
}

function interleaved(parameters: readonly string[]): TransportWish | undefined {
  const pair = pairOf(parameters, 'interleaved') ?? [0, 1];
  if (pair[0] > 255 || pair[1] > 255 || pair[0] === pair[1]) return undefined;
  return { kind: 'interleaved', channel: pair[0], controlChannel: pair[1] };
}

/** Ports below 1024 are refused: no media is sent to another service's door. */
function udp(parameters: readonly string[]): TransportWish | undefined {
  const pair = pairOf(parameters, 'client_port');
  if (!pair || pair.some((port) => port < 1_024 || port > 65_535)) return undefined;
  return { kind: 'udp', rtpPort: pair[0], rtcpPort: pair[1] };
}

function pairOf(parameters: readonly string[], name: string): readonly [number, number] | undefined {
  for (const parameter of parameters) {
    const match = /^([a-z_]{1,32})=(\d{1,5})(?:-(\d{1,5}))?$/i.exec(parameter);
    if (match?.[1]?.toLowerCase() !== name) continue;
    const first = Number(match[2]);
    return [first, match[3] === undefined ? first + 1 : Number(match[3])];
  }
  return undefined;
}
