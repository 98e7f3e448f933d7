import { describe, expect, it } from '@jest/globals';
import { chooseChallenge, parseChallenges } from './challenge.ts';
import { basicAuthorization, digestAuthorization } from './digest.ts';

const RFC_7616 =
  'realm="http-auth@example.org", qop="auth, auth-int", nonce="7ypf/xlj9XXwfDPEoM4URrv/xwf94BcCAzFZH4GiTo0v", opaque="FQhe/qaU925kfnzjCev0ciny7QMkPqMAFRtzCUYo5tdS"';
const RFC_INPUT = {
  method: 'GET',
  url: '/dir/index.html',
  clientNonce: 'f2/wE4q74E6zIJEtWaHKaf5wv/H5QzzpXusqGemxURZJ',
  nonceCount: 1,
};

describe('digest', () => {
  it.each([
    ['RFC 7616 §3.9.1, MD5', `Digest ${RFC_7616}, algorithm=MD5`, 'Circle of Life', '8ca523f5e9506fed4657c9700eebdbec'],
    [
      'RFC 7616 §3.9.1, SHA-256',
      `Digest ${RFC_7616}, algorithm=SHA-256`,
      'Circle of Life',
      '753927fa0e85d155564e2e272a28d1802ca10daf4496794697cf8db5856cb6c1',
    ],
    [
      'RFC 2069 §2.4 as its erratum 749 corrects it, without qop',
      'Digest realm="testrealm@host.com", nonce="dcd98b7102dd2f0e8b11d0f600bfb0c093"',
      'CircleOfLife',
      '1949323746fe6a43ef61f9606e7febea',
    ],
  ])('gives the response of %s', (_, field, password, response) => {
    const written = digestAuthorization(chooseChallenge([field])!, { username: 'Mufasa', password }, RFC_INPUT);
    expect(written).toContain(`response="${response}"`);
  });

  it('writes back what the challenge had and no more', () => {
    const challenge = chooseChallenge([`Digest ${RFC_7616}, algorithm=SHA-256`])!;
    const written = digestAuthorization(challenge, { username: 'a"b\\c', password: '' }, RFC_INPUT);
    expect(written).toMatch(/^Digest username="a\\"b\\\\c", realm="http-auth@example.org", nonce="7ypf/);
    expect(written).toMatch(/algorithm=SHA-256, opaque="FQhe.*", qop=auth, nc=00000001, cnonce="f2/);
    const plain = digestAuthorization(
      chooseChallenge(['Digest realm="r", nonce="n"'])!,
      { username: 'u', password: 'p' },
      RFC_INPUT,
    );
    expect(plain).toMatch(
      /^Digest username="u", realm="r", nonce="n", uri="\/dir\/index.html", response="[0-9a-f]{32}"$/,
    );
  });

  it('writes Basic as RFC 7617 §2 does', () => {
    expect(basicAuthorization({ username: 'Aladdin', password: 'open sesame' })).toBe(
      'Basic QWxhZGRpbjpvcGVuIHNlc2FtZQ==',
    );
  });
});

describe('chooseChallenge', () => {
  const md5 = 'Digest realm="r", nonce="m"';
  const sha256 = 'Digest realm="r", nonce="s", algorithm=SHA-256';

  it.each([
    ['the stronger of two fields', [md5, sha256], 's'],
    ['the stronger of two in one field', [`${md5}, ${sha256}`], 's'],
    ['digest before Basic', ['Basic realm="r"', md5], 'm'],
    ['MD5 where the other hash is unknown', [`${md5}, Digest realm="r", nonce="x", algorithm=SHA3`], 'm'],
    ['what does not ask for integrity of the body', [`${md5}`, 'Digest realm="r", nonce="x", qop="auth-int"'], 'm'],
  ])('takes %s', (_, fields, nonce) => {
    expect(chooseChallenge(fields)?.nonce).toBe(nonce);
  });

  it('takes Basic when nothing else is offered, and nothing where nothing is understood', () => {
    expect(chooseChallenge(['Basic realm="cam"'])).toMatchObject({ scheme: 'basic', realm: 'cam' });
    expect(chooseChallenge(['Negotiate', 'Bearer realm="x"'])).toBeUndefined();
    expect(chooseChallenge([])).toBeUndefined();
  });

  it('reads fields as cameras write them', () => {
    expect(chooseChallenge(['Digest realm="a, b=\\"c\\"",nonce=bare,stale=TRUE'])).toMatchObject({
      realm: 'a, b="c"',
      nonce: 'bare',
      isStale: true,
    });
  });

  it('ends at its cap', () => {
    expect(parseChallenges([Array.from({ length: 100 }, () => 'Basic realm="r"').join(', ')])).toHaveLength(8);
  });
});
