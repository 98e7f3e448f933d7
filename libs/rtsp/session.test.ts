import { describe, expect, it } from '@jest/globals';
import { Dialog, packet, response, SDP, URL_OF_CAMERA } from './testdata/dialog.ts';

const CREDENTIAL = { username: 'operator', password: 'p4ss-w0rd' };
const CHALLENGE = { 'WWW-Authenticate': 'Digest realm="cam", nonce="n1", qop="auth"' };

describe('the way to the first picture', () => {
  it('asks OPTIONS, DESCRIBE, SETUP and PLAY', () => {
    const dialog = new Dialog().until('playing');
    expect(dialog.sent.map((text) => text.split('\r\n', 1)[0])).toEqual([
      `OPTIONS ${URL_OF_CAMERA} RTSP/1.0`,
      `DESCRIBE ${URL_OF_CAMERA} RTSP/1.0`,
      `SETUP ${URL_OF_CAMERA}/trackID=1 RTSP/1.0`,
      `PLAY ${URL_OF_CAMERA}/ RTSP/1.0`,
    ]);
    expect(dialog.field('Session')).toBe('4711');
    expect(dialog.tracks).toMatchObject([
      {
        codec: 'h264',
        payloadType: 96,
        clockRate: 90_000,
        delivery: { kind: 'interleaved', rtpChannel: 0, rtcpChannel: 1 },
      },
    ]);
    expect(dialog.session.state.name).toBe('playing');
  });

  it('only asks where it is told to, and sets nothing up', () => {
    let described = 0;
    const dialog = new Dialog({ onDescribed: () => described++ }).until('DESCRIBE').answer(200, {}, SDP);
    expect([described, dialog.session.state.name, dialog.tracks]).toEqual([1, 'closed', []]);
    expect(dialog.sent).toHaveLength(2);
    const silent = new Dialog({ onDescribed: () => described++ }).until('DESCRIBE').answer(200, {}, 'v=0\r\n');
    expect([described, silent.session.state.name]).toEqual([1, 'failed']);
  });

  it('goes on where OPTIONS is refused', () => {
    expect(new Dialog().answer(405).asked).toMatch(/^DESCRIBE/);
  });

  it('takes the channels that the server settles on, and packets that come before PLAY is answered', () => {
    const dialog = new Dialog().until('SETUP').answer(200, { Session: 's', Transport: 'RTP/AVP/TCP;interleaved=4-5' });
    expect(dialog.tracks).toMatchObject([{ delivery: { rtpChannel: 4, rtcpChannel: 5 } }]);
    dialog
      .raw(Buffer.concat([packet(0, 'aa'), packet(4, 'bb'), packet(5, 'cc')]))
      .answer(200)
      .raw(packet(4, 'dd'));
    expect(dialog.packets).toEqual(['4:bb', '5:cc', '4:dd']);
    dialog.session.sendRtcp(Buffer.from('81c90001', 'hex'));
    expect(dialog.sentBytes.at(-1)!.toString('hex')).toBe('2405000481c90001');
  });

  it('ignores packets before SETUP, and answers to older requests', () => {
    const dialog = new Dialog().raw(packet(0, 'aa')).answer(200, { CSeq: '99' });
    expect([dialog.packets, dialog.asked]).toEqual([[], `OPTIONS ${URL_OF_CAMERA} RTSP/1.0`]);
    expect(dialog.raw('RTSP/1.0 200 OK\r\n\r\n').asked).toMatch(/^DESCRIBE/);
  });

  it('waits out provisional answers', () => {
    expect(new Dialog().until('SETUP').answer(100).asked).toMatch(/^SETUP/);
  });

  it.each([
    [
      'another inner address in Content-Base',
      { 'Content-Base': 'rtsp://192.168.1.64/live/' },
      `${URL_OF_CAMERA}/trackID=1`,
    ],
    ['Content-Location', { 'Content-Location': 'rtsp://10.0.0.9:8554/other' }, 'rtsp://10.0.0.9:8554/other/trackID=1'],
    ['no base at all', {}, `${URL_OF_CAMERA}/trackID=1`],
    ['a base that is no address', { 'Content-Base': '/live/' }, `${URL_OF_CAMERA}/trackID=1`],
  ])('sets up behind %s', (_, fields: Record<string, string>, url) => {
    expect(new Dialog().until('DESCRIBE').answer(200, fields, SDP).asked).toBe(`SETUP ${url} RTSP/1.0`);
  });

  it('does not send back a login that a camera put into its control address', () => {
    const sdp = SDP.replace('trackID=1', 'rtsp://admin:secret@10.0.0.9/t1');
    expect(new Dialog().until('DESCRIBE').answer(200, {}, sdp).asked).toBe('SETUP rtsp://10.0.0.9/t1 RTSP/1.0');
  });
});

describe('login', () => {
  it('answers a challenge, uses its nonce on, and counts', () => {
    const dialog = new Dialog({ credential: CREDENTIAL });
    expect(dialog.field('Authorization')).toBeUndefined();
    dialog.answer(401, CHALLENGE);
    expect(dialog.asked).toMatch(/^OPTIONS/);
    expect(dialog.field('Authorization')).toMatch(/nonce="n1".*nc=00000001/);
    dialog.answer(200);
    expect(dialog.field('Authorization')).toMatch(/uri="rtsp:\/\/10.0.0.9:8554\/live\/main".*nc=00000002/);
  });

  it('does not try a wrong password twice', () => {
    const dialog = new Dialog({ credential: CREDENTIAL }).answer(401, CHALLENGE).answer(401, CHALLENGE);
    expect(dialog.failures).toMatchObject([{ code: 'rtsp-unauthorized' }]);
    expect(dialog.sent).toHaveLength(2);
    expect(JSON.stringify(dialog.failures)).not.toContain(CREDENTIAL.password);
  });

  it('takes a new nonce when the old one went stale, also in the middle of a session', async () => {
    const dialog = new Dialog({ credential: CREDENTIAL }).answer(401, CHALLENGE);
    dialog.answer(401, { 'WWW-Authenticate': 'Digest realm="cam", nonce="n2", stale=true' });
    expect(dialog.field('Authorization')).toContain('nonce="n2"');
    dialog.until('playing');
    await dialog.pass(30_000, true);
    dialog.answer(401, { 'WWW-Authenticate': 'Digest realm="cam", nonce="n3"' });
    expect(dialog.field('Authorization')).toContain('nonce="n3"');
    expect(dialog.answer(200).session.state.name).toBe('playing');
  });

  it('does not follow a server that calls every nonce stale', () => {
    const dialog = new Dialog({ credential: CREDENTIAL });
    for (let turn = 0; turn < 5; turn++)
      dialog.answer(401, { 'WWW-Authenticate': `Digest realm="c", nonce="n${turn}", stale=true` });
    expect(dialog.failures).toMatchObject([{ code: 'rtsp-unauthorized' }]);
    expect(dialog.sent).toHaveLength(3);
  });

  it('takes the next nonce of Authentication-Info', () => {
    const dialog = new Dialog({ credential: CREDENTIAL }).answer(401, CHALLENGE);
    dialog.answer(200, { 'Authentication-Info': 'nextnonce="n9", qop=auth' });
    expect(dialog.field('Authorization')).toMatch(/nonce="n9".*nc=00000001/);
  });

  it('sends Basic only where nothing else is asked for', () => {
    const basic = new Dialog({ credential: CREDENTIAL }).answer(401, { 'WWW-Authenticate': 'Basic realm="cam"' });
    expect(basic.field('Authorization')).toBe(`Basic ${Buffer.from('operator:p4ss-w0rd').toString('base64')}`);
    const both = new Dialog({ credential: CREDENTIAL }).raw(
      'RTSP/1.0 401 No\r\nCSeq: 1\r\nWWW-Authenticate: Basic realm="c"\r\nWWW-Authenticate: Digest realm="c", nonce="x"\r\n\r\n',
    );
    expect(both.field('Authorization')).toMatch(/^Digest/);
  });

  it('names the schemes that it does not speak', () => {
    const dialog = new Dialog({ credential: CREDENTIAL }).answer(401, {
      'WWW-Authenticate': 'Digest realm="c", nonce="x", algorithm=SHA3',
    });
    expect(dialog.failures[0]!.message).toContain('digest SHA3');
  });
});

describe('refusals', () => {
  it.each([
    ['DESCRIBE', 404, {}, 'rtsp-not-found'],
    ['DESCRIBE', 403, {}, 'rtsp-forbidden'],
    ['DESCRIBE', 453, {}, 'rtsp-refused'],
    ['SETUP', 461, {}, 'rtsp-transport-refused'],
    ['SETUP', 200, { Session: 's', Transport: 'RTP/AVP;unicast;client_port=1-2' }, 'rtsp-transport-refused'],
    ['SETUP', 200, { Transport: 'RTP/AVP/TCP;interleaved=0-1' }, 'rtsp-malformed'],
    ['PLAY', 454, {}, 'rtsp-ended'],
    ['DESCRIBE', 200, {}, 'sdp-malformed'],
    ['DESCRIBE', 302, { Location: 'rtsp://10.0.0.66/live' }, 'rtsp-redirected'],
    ['DESCRIBE', 302, { Location: 'http://10.0.0.9/live' }, 'rtsp-malformed'],
    ['DESCRIBE', 302, { Location: 'rtsp://10.0.0.9:8555/live' }, 'rtsp-redirected'],
  ] as const)('%s answered with %d %j', (method, status, fields: Readonly<Record<string, string>>, code) => {
    const dialog = new Dialog().until(method).answer(status, fields);
    expect(dialog.failures).toMatchObject([{ code }]);
    expect(dialog.session.state).toEqual({ name: 'failed', reason: dialog.failures[0] });
  });

  it.each([
    ['rtsp-foreign-host', SDP.replace('trackID=1', 'rtsp://10.0.0.66/t1')],
    ['rtsp-foreign-host', SDP.replace('a=control:*', 'a=control:rtsp://example.net/')],
    ['sdp-malformed', SDP.replace('trackID=1', 'http://10.0.0.9/t1')],
    ['sdp-no-video', SDP.replace('m=video', 'm=audio')],
    ['codec-unsupported', SDP.replace('H264', 'VP8')],
    ['sdp-malformed', 'not SDP'],
  ])('%s for what DESCRIBE says', (code, sdp) => {
    expect(new Dialog().until('DESCRIBE').answer(200, {}, sdp).failures).toMatchObject([{ code }]);
  });

  it.each(['http://10.0.0.9/', 'rtsp://user:pass@10.0.0.9/', 'rtsp://10.0.0.9/\r\nEvil: 1', ''])(
    '%j is no address',
    (url) => {
      const dialog = new Dialog({ url });
      expect(dialog.failures).toMatchObject([{ code: 'rtsp-bad-address' }]);
      expect(dialog.sent).toEqual([]);
    },
  );

  it.each([
    ['rtsp://10.0.0.9:8555/live', 'rtsp://10.0.0.9:8555/live'],
    ['rtsp://admin:secret@10.0.0.66/live', 'rtsp://10.0.0.66/live'],
  ])('tells where a redirect to %s leads', (location, url) => {
    const dialog = new Dialog().until('DESCRIBE').answer(302, { Location: location });
    expect(dialog.failures[0]!.details).toEqual({ url });
    expect(JSON.stringify(dialog.failures)).not.toContain('secret');
  });

  it('follows redirects on the same host and port, but not for ever', () => {
    const dialog = new Dialog().until('DESCRIBE');
    for (let turn = 1; turn <= 3; turn++) {
      dialog.answer(301, { Location: `rtsp://10.0.0.9:8554/r${turn}` });
      expect(dialog.asked).toBe(`DESCRIBE rtsp://10.0.0.9:8554/r${turn} RTSP/1.0`);
    }
    expect(dialog.answer(301, { Location: 'rtsp://10.0.0.9:8554/r4' }).failures).toMatchObject([
      { code: 'rtsp-refused' },
    ]);
  });

  it('are told once, and nothing is heard or said afterwards', () => {
    const dialog = new Dialog().until('DESCRIBE').answer(404);
    dialog.raw(response(200, {})).raw(Buffer.alloc(100_000, 1));
    dialog.session.tick();
    dialog.session.close();
    expect([dialog.failures.length, dialog.sent.length]).toEqual([1, 2]);
  });
});

describe('time', () => {
  it('ends a session whose answer drips', async () => {
    const dialog = new Dialog();
    for (const letter of 'RTSP/1.0 200 OK\r\n') {
      dialog.raw(letter);
      await dialog.pass(500, false);
    }
    expect(dialog.failures).toMatchObject([{ code: 'rtsp-timeout' }]);
    expect(dialog.clock.monotonicMs()).toBeGreaterThan(5_000);
  });

  it('ends a session that plays and is silent, or only begins packets', async () => {
    const dialog = new Dialog().until('playing');
    await dialog.pass(9_500, true);
    expect(dialog.failures).toEqual([]);
    dialog.raw(Buffer.from('24000010', 'hex'));
    for (let second = 0; second < 11; second++) {
      dialog.raw(Buffer.from([0]));
      await dialog.pass(1_000, false);
    }
    expect(dialog.failures).toMatchObject([{ code: 'rtsp-timeout' }]);
  });

  it.each([
    ['GET_PARAMETER', 'OPTIONS, GET_PARAMETER'],
    ['OPTIONS', 'OPTIONS, DESCRIBE'],
  ])('keeps the session with %s at half its timeout', async (method, publicMethods) => {
    const dialog = new Dialog().until('playing', publicMethods);
    await dialog.pass(29_500, true);
    expect(dialog.asked).toMatch(/^PLAY/);
    await dialog.pass(1_000, true);
    expect(dialog.asked).toBe(`${method} ${URL_OF_CAMERA}/ RTSP/1.0`);
    expect(dialog.field('Session')).toBe('4711');
    await dialog.answer(200).pass(30_000, true);
    expect(dialog.sent.filter((text) => text.startsWith(method)).length).toBe(method === 'OPTIONS' ? 3 : 2);
  });

  it.each([405, 501, 551])('tries the next request where one is refused with %d, round and round', async (status) => {
    const dialog = new Dialog().until('playing');
    const asked: string[] = [];
    for (let turn = 0; turn < 5; turn++) {
      await dialog.pass(30_000, true);
      asked.push(dialog.asked.split(' ')[0]!);
      dialog.answer(turn === 3 ? 200 : status);
    }
    expect(asked).toEqual(['GET_PARAMETER', 'OPTIONS', 'SET_PARAMETER', 'GET_PARAMETER', 'GET_PARAMETER']);
    expect(dialog.session.state.name).toBe('playing');
  });

  it('changes to OPTIONS where GET_PARAMETER is not answered', async () => {
    const silent = new Dialog().until('playing');
    await silent.pass(60_500, true);
    expect(silent.asked).toMatch(/^OPTIONS/);
    expect(silent.session.state.name).toBe('playing');
  });

  it('ends when the camera no longer knows the session', async () => {
    const dialog = new Dialog().until('playing');
    await dialog.pass(30_000, true);
    expect(dialog.answer(454).failures).toMatchObject([{ code: 'rtsp-ended' }]);
  });
});

describe('the other direction', () => {
  it.each([
    ['OPTIONS', '200 OK'],
    ['GET_PARAMETER', '200 OK'],
    ['SET_PARAMETER', '200 OK'],
    ['ANNOUNCE', '501 Not Implemented'],
  ])('answers %s of the camera', (method, status) => {
    const dialog = new Dialog().until('playing').raw(`${method} rtsp://relay/ RTSP/1.0\r\nCSeq: 31\r\n\r\n`);
    expect(dialog.asked).toBe(`RTSP/1.0 ${status}`);
    expect(dialog.field('CSeq')).toBe('31');
    expect(dialog.session.state.name).toBe('playing');
  });

  it.each(['TEARDOWN', 'REDIRECT'])('ends at %s of the camera', (method) => {
    const dialog = new Dialog().until('playing').raw(`${method} rtsp://relay/ RTSP/1.0\r\nCSeq: 1\r\n\r\n`);
    expect(dialog.failures).toMatchObject([{ code: 'rtsp-ended' }]);
  });

  it('tells where a REDIRECT of the camera leads', () => {
    const dialog = new Dialog().until('playing');
    dialog.raw('REDIRECT rtsp://relay/ RTSP/1.0\r\nCSeq: 1\r\nLocation: rtsp://10.0.0.9:8555/live\r\n\r\n');
    expect(dialog.failures).toMatchObject([{ code: 'rtsp-redirected', details: { url: 'rtsp://10.0.0.9:8555/live' } }]);
  });

  it('does not serve a flood', () => {
    const dialog = new Dialog().until('playing').raw('OPTIONS * RTSP/1.0\r\nCSeq: 1\r\n\r\n'.repeat(1_000));
    expect(dialog.failures).toMatchObject([{ code: 'rtsp-malformed' }]);
    expect(dialog.sent.length).toBeLessThan(30);
  });

  it('does not echo what is no number', () => {
    const dialog = new Dialog().until('playing').raw('OPTIONS * RTSP/1.0\r\nCSeq: 1x\r\n\r\n');
    expect(dialog.sent.at(-1)).not.toContain('CSeq');
  });
});

describe('close', () => {
  it('says TEARDOWN and hears nothing more, not even from the read at hand', () => {
    const dialog = new Dialog({ onPacket: () => dialog.session.close() }).until('playing');
    const sent = dialog.sent.length;
    dialog.raw(Buffer.concat([packet(0, 'aa'), packet(0, 'bb')]));
    expect(dialog.sent.slice(sent).map((text) => text.split('\r\n', 1)[0])).toEqual([
      `TEARDOWN ${URL_OF_CAMERA}/ RTSP/1.0`,
    ]);
    expect([dialog.session.state.name, dialog.failures]).toEqual(['closed', []]);
  });

  it('has nothing to tear down before SETUP', () => {
    const dialog = new Dialog().until('SETUP');
    dialog.session.close();
    expect(dialog.asked).toMatch(/^SETUP/);
  });
});
