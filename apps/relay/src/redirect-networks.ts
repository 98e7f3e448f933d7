import { BlockList, isIP } from 'node:net';

/** As the api's: RFC 1918 §3, RFC 3927, RFC 4193, RFC 4291 §2.5.6. */
const PRIVATE_NETWORKS = '10.0.0.0/8,172.16.0.0/12,192.168.0.0/16,169.254.0.0/16,fc00::/7,fe80::/10';
/** Where clouds answer with their machines' secrets. */
const NEVER: readonly string[] = ['169.254.169.254', 'fd00:ec2::254'];

/**
 * Hosts to which a camera may redirect us: literal addresses in the networks of `ATALAYA_CAMERA_NETWORKS`. Undefined: the
 * text is no list of networks. What an administrator added at run time is for discovery and does not count here.
 */
export function redirectNetworks(text: string | undefined): ((host: string) => boolean) | undefined {
  const networks = new BlockList();
  for (const each of (text || PRIVATE_NETWORKS).split(',')) {
    const [address = '', bits = ''] = each.trim().split('/', 2);
    const family = isIP(address);
    if (family === 0 || !/^\d{1,3}$/.test(bits) || Number(bits) > (family === 4 ? 32 : 128)) return undefined;
    networks.addSubnet(address, Number(bits), family === 6 ? 'ipv6' : 'ipv4');
  }
  return (host) =>
    isIP(host) !== 0 && !NEVER.includes(host) && networks.check(host, isIP(host) === 6 ? 'ipv6' : 'ipv4');
}
