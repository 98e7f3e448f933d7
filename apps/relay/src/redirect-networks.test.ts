import { describe, expect, it } from '@jest/globals';
import { redirectNetworks } from './redirect-networks.ts';

describe('where a camera may redirect us', () => {
  it.each([
    [undefined, '10.1.2.3', true],
    [undefined, 'fd12::1', true],
    [undefined, '8.8.8.8', false],
    [undefined, '127.0.0.1', false],
    [undefined, '169.254.169.254', false],
    [undefined, '::ffff:8.8.8.8', false],
    [undefined, 'camera.lan', false],
    [undefined, '', false],
    ['127.0.9.0/24', '127.0.9.4', true],
    ['127.0.9.0/24, fd00::/8', 'fd00::1', true],
    ['127.0.9.0/24', '10.0.0.1', false],
  ])('%s: %s %s', (networks, host, isAllowed) => expect(redirectNetworks(networks)!(host)).toBe(isAllowed));

  it.each(['10.0.0.0', '10.0.0.0/33', 'lan/8', '10.0.0.0/8,', '::/129'])('%s is no list of networks', (text) =>
    expect(redirectNetworks(text)).toBeUndefined(),
  );
});
