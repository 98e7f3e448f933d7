import { describe, expect, it } from '@jest/globals';
import type { VendorName } from '../model.ts';
import {
  TestFace,
  digestHeader,
  envelope,
  securityHeader,
  subcodesOf,
  type Heard,
  type TokenOptions,
} from './testing/client.ts';

const PATH = '/onvif/device_service';
const INFORMATION = '<GetDeviceInformation xmlns="http://www.onvif.org/ver10/device/wsdl"/>';
const DATE = '<GetSystemDateAndTime xmlns="http://www.onvif.org/ver10/device/wsdl"/>';

function faceOf(vendor: VendorName, clockSkewMs = 0): TestFace {
  return new TestFace({ vendor, clockSkewMs });
}

function withToken(face: TestFace, over: Partial<TokenOptions> = {}): Promise<Heard> {
  const { username, password } = face.camera.spec;
  const token = { username, password, createdMs: face.device.nowMs(), ...over };
  return face.send(PATH, envelope(INFORMATION, securityHeader(token)));
}

function challengesOf(heard: Pick<Heard, 'headers'>): string[] {
  return [heard.headers['WWW-Authenticate'] ?? []].flat();
}

async function withDigest(
  face: TestFace,
  over: { password?: string; target?: string; pick?: number; nc?: number } = {},
): Promise<Heard> {
  const challenge = challengesOf(await face.send(PATH, envelope(INFORMATION)))[over.pick ?? 0] ?? '';
  const { username, password } = face.camera.spec;
  const header = digestHeader(challenge, 'POST', over.target ?? PATH, username, over.password ?? password, over.nc);
  return face.send(PATH, envelope(INFORMATION), header);
}

describe('WS-UsernameToken', () => {
  it('lets the right one in, by the clock of the camera', async () => {
    const face = faceOf('plain', -4 * 3_600_000);
    expect((await withToken(face)).status).toBe(200);
  });

  it.each([
    ['a wrong password', { password: 'wrong' }],
    ['a wrong name', { username: 'root' }],
  ])('refuses %s with HTTP 400 and ter:NotAuthorized', async (_, over) => {
    const heard = await withToken(faceOf('plain'), over);
    expect(heard.status).toBe(400);
    expect(subcodesOf(heard.body())).toEqual(['Sender', 'NotAuthorized']);
    expect(heard.text).not.toContain('operator');
  });

  it('refuses whoever takes the time from elsewhere', async () => {
    const face = faceOf('plain', 97_000);
    expect((await withToken(face, { createdMs: face.clock.nowMs() })).status).toBe(400);
  });

  it.each([
    [5_000, 200],
    [-5_000, 200],
    [5_001, 400],
    [-5_001, 400],
  ])('takes a time that is %i ms off with HTTP %i', async (offMs, status) => {
    const face = faceOf('plain');
    expect((await withToken(face, { createdMs: face.device.nowMs() + offMs })).status).toBe(status);
  });

  it('takes a token once, and a used nonce only with a new time', async () => {
    const face = faceOf('plain');
    const nonce = Buffer.from('0123456789abcdef');
    const createdMs = face.device.nowMs();
    expect((await withToken(face, { nonce, createdMs })).status).toBe(200);
    expect((await withToken(face, { nonce, createdMs })).status).toBe(400);
    expect((await withToken(face, { nonce, createdMs: createdMs + 1 })).status).toBe(200);
  });

  it('has no moment at which a token is both forgotten and good', async () => {
    const face = faceOf('plain');
    const token = { nonce: Buffer.alloc(16, 3), createdMs: face.device.nowMs() + 5_000 };
    expect((await withToken(face, token)).status).toBe(200);
    for (let second = 0; second < 15; second++) {
      await face.clock.advance(1_000);
      expect((await withToken(face, token)).status).toBe(400);
    }
  });

  it('refuses a password in the clear', async () => {
    const face = faceOf('plain');
    const { username, password } = face.camera.spec;
    const header = securityHeader({ username, password, createdMs: face.device.nowMs() }).replace(
      '#PasswordDigest',
      '#PasswordText',
    );
    expect((await face.send(PATH, envelope(INFORMATION, header))).status).toBe(400);
  });
});

describe('HTTP digest', () => {
  it('is offered with SHA-256 before MD5, and both are taken', async () => {
    const face = faceOf('plain');
    const first = await face.send(PATH, envelope(INFORMATION));
    expect(first.status).toBe(401);
    expect(challengesOf(first).map((challenge) => /algorithm=([\w-]+)/.exec(challenge)?.[1])).toEqual([
      'SHA-256',
      'MD5',
    ]);
    expect((await withDigest(face, { pick: 0 })).status).toBe(200);
    expect((await withDigest(face, { pick: 1 })).status).toBe(200);
  });

  it('refuses a wrong password and a URI that is not the one asked for', async () => {
    const face = faceOf('plain');
    expect((await withDigest(face, { password: 'wrong' })).status).toBe(401);
    expect((await withDigest(face, { target: '/onvif/media_service' })).status).toBe(401);
  });

  it('refuses a request that was heard before, and one count back', async () => {
    const face = faceOf('plain');
    const challenge = challengesOf(await face.send(PATH, envelope(INFORMATION)))[0] ?? '';
    const { username, password } = face.camera.spec;
    const send = async (nc: number): Promise<number> =>
      (await face.send(PATH, envelope(INFORMATION), digestHeader(challenge, 'POST', PATH, username, password, nc)))
        .status;
    expect([await send(2), await send(2), await send(1), await send(3)]).toEqual([200, 401, 401, 200]);
  });

  it('says that a nonce is stale when it is old, and makes the next one good', async () => {
    const face = faceOf('plain');
    const challenge = challengesOf(await face.send(PATH, envelope(INFORMATION)))[0] ?? '';
    const { username, password } = face.camera.spec;
    await face.clock.advance(300_001);
    const late = await face.send(
      PATH,
      envelope(INFORMATION),
      digestHeader(challenge, 'POST', PATH, username, password),
    );
    expect(late.status).toBe(401);
    expect(challengesOf(late)[0]).toContain('stale=true');
    expect((await withDigest(face)).status).toBe(200);
  });

  it('refuses a nonce that it did not make', async () => {
    const face = faceOf('plain');
    const forged = 'Digest realm="Login to PO-2100", nonce="0-aa-bb", qop="auth", algorithm=SHA-256';
    const { username, password } = face.camera.spec;
    const heard = await face.send(PATH, envelope(INFORMATION), digestHeader(forged, 'POST', PATH, username, password));
    expect(heard.status).toBe(401);
  });

  it.each([
    'Digest',
    'Digest ,,,',
    'Basic b3BlcmF0b3I6eA==',
    `Digest username="${'x'.repeat(4_000)}"`,
    'Digest a="\\',
    '',
  ])('answers credentials that are none with a new challenge: %#', async (header) => {
    const heard = await faceOf('plain').send(PATH, envelope(INFORMATION), header);
    expect(heard.status).toBe(401);
    expect(challengesOf(heard)).toHaveLength(2);
  });

  it('guards the snapshot', async () => {
    const face = faceOf('halcon');
    const target = '/onvif/snapshot.jpg?profile=Profile_1';
    const first = await face.get(target);
    expect(first.status).toBe(401);
    const { username, password } = face.camera.spec;
    const second = await face.get(
      target,
      digestHeader(challengesOf(first)[0] ?? '', 'GET', target, username, password),
    );
    expect([second.status, second.headers['Content-Type'], [...second.body]]).toEqual([
      200,
      'image/jpeg',
      [0xff, 0xd8, 0xff, 0xd9],
    ]);
    expect((await face.get('/onvif/snapshot.jpg?profile=nobody')).status).toBe(401);
  });
});

describe('makers', () => {
  it.each(['plain', 'northgate', 'halcon', 'bluecape'] as const)('%s tells the hour to everyone', async (vendor) => {
    expect((await faceOf(vendor).send(PATH, envelope(DATE))).status).toBe(200);
  });

  it('northgate answers a refused token with a page of HTML and 401', async () => {
    const heard = await withToken(faceOf('northgate'), { password: 'wrong' });
    expect([heard.status, heard.headers['Content-Type']]).toEqual([401, 'text/html']);
    expect(heard.text).toContain('Unauthorized');
    expect((await withToken(faceOf('northgate'))).status).toBe(200);
  });

  it('halcon takes tokens only and never sends a challenge', async () => {
    const face = faceOf('halcon');
    const bare = await face.send(PATH, envelope(INFORMATION));
    expect([bare.status, challengesOf(bare)]).toEqual([400, []]);
    expect(subcodesOf(bare.body())).toEqual(['Sender', 'NotAuthorized']);
    expect((await withToken(face)).status).toBe(200);
  });

  it('bluecape takes digest only, without qop, and looks at no token', async () => {
    const face = faceOf('bluecape');
    const token = await withToken(face);
    expect(token.status).toBe(401);
    expect(challengesOf(token)).toHaveLength(1);
    expect(challengesOf(token)[0]).not.toContain('qop');
    expect((await withDigest(face)).status).toBe(200);
    expect((await withDigest(face, { password: 'wrong' })).status).toBe(401);
  });
});
