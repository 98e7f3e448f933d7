import { describe, expect, it } from '@jest/globals';
import { isLoopback, plainAddress } from './address.ts';
import { isSafeMethod, isSameOrigin } from './same-origin.ts';

describe('isSameOrigin', () => {
  it.each([
    ['our own page', { origin: 'http://centro.local:8080' }, true],
    ['our own page behind a proxy that ends https', { origin: 'https://centro.local:8080' }, true],
    ['a page of the relay, another port of our host', { origin: 'http://centro.local:8081' }, false],
    ['another site', { origin: 'http://evil.example' }, false],
    ['a name that only begins like ours', { origin: 'http://centro.local:8080.evil.example' }, false],
    ['a login in the address', { origin: 'http://centro.local:8080@evil.example' }, false],
    ['a sandboxed page', { origin: 'null' }, false],
    ['no address at all', { origin: '::::' }, false],
    ['a program', {}, true],
    ['an address typed by hand', { 'sec-fetch-site': 'none' }, true],
    ['a page of our site, without Origin', { 'sec-fetch-site': 'same-origin' }, true],
    ['a page of a sibling, without Origin', { 'sec-fetch-site': 'same-site' }, false],
    ['a foreign page, without Origin', { 'sec-fetch-site': 'cross-site' }, false],
  ])('judges %s', (_who, headers, expected) => {
    expect(isSameOrigin(headers, 'centro.local:8080')).toBe(expected);
  });

  it('trusts no origin when the request names no host', () => {
    expect(isSameOrigin({ origin: 'http://centro.local' }, undefined)).toBe(false);
  });

  it('knows the methods that change nothing', () => {
    expect(['GET', 'HEAD', 'OPTIONS', 'POST', 'PUT', 'PATCH', 'DELETE', 'get'].filter(isSafeMethod)).toEqual([
      'GET',
      'HEAD',
      'OPTIONS',
    ]);
  });
});

describe('addresses', () => {
  it('gives one caller one name', () => {
    expect(plainAddress('::ffff:10.0.0.1')).toBe('10.0.0.1');
    expect(plainAddress(undefined)).toBe('unknown');
  });

  it.each([
    ['127.0.0.1', true],
    ['::ffff:127.0.0.9', true],
    ['::1', true],
    ['10.0.0.127', false],
    ['::ffff:10.0.0.1', false],
    [undefined, false],
  ])('%s is loopback: %s', (address, expected) => {
    expect(isLoopback(address)).toBe(expected);
  });
});
