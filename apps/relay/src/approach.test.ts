import { describe, expect, it } from '@jest/globals';
import { refusal, type Refusal } from '#libs/base';
import { streamTarget, type StreamTarget } from '#libs/relay';
import { Approach, type ApproachOptions } from './approach.ts';

const LOGIN = { username: 'operator', password: 'x' };
const HOME = 'rtsp://10.0.0.9:554/live';

function approach(options: Partial<ApproachOptions> = {}): Approach {
  const subject = new Approach({
    target: streamTarget(HOME, '10.0.0.9'),
    credential: LOGIN,
    transport: 'tcp',
    mayRedirectTo: (host) => host === '10.0.0.66',
    ...options,
  });
  subject.begin();
  return subject;
}

const redirect = (url: string) => refusal('peer-failed', 'rtsp-redirected', 'x', { url });
/** Where it goes on, or the code of why it does not. */
const after = (subject: Approach, reason: Refusal): StreamTarget | string => {
  const next = subject.afterwards(reason);
  return 'code' in next ? next.code : next;
};
const NOT_GRANTED = refusal('peer-failed', 'rtsp-transport-refused', 'x');

describe('where a camera sends us', () => {
  it('is followed to another port of its host, with the login', () => {
    const subject = approach();
    const target = after(subject, redirect('rtsp://10.0.0.9:8555/live'));
    expect(target).toMatchObject({ host: '10.0.0.9', port: 8_555 });
    expect(subject.credentialFor(target as StreamTarget)).toBe(LOGIN);
  });

  it('is followed to a host in the networks of cameras, without the login', () => {
    const subject = approach();
    const target = after(subject, redirect('rtsp://10.0.0.66/live'));
    expect(target).toMatchObject({ host: '10.0.0.66', port: 554 });
    expect(subject.credentialFor(target as StreamTarget)).toBeUndefined();
  });

  it.each([
    ['rtsp://8.8.8.8/live', 'rtsp-foreign-host'],
    ['rtsp://evil.example/', 'rtsp-foreign-host'],
    ['http://10.0.0.66/', 'rtsp-foreign-host'],
    ['rtsp://10.0.0.66:0/', 'rtsp-foreign-host'],
    ['nonsense', 'rtsp-redirected'],
  ])('is not followed to %s', (url, code) => expect(after(approach(), redirect(url))).toBe(code));

  it('is followed twice an attempt, and home again with the next', () => {
    const subject = approach();
    const turn = (): unknown => after(subject, redirect('rtsp://10.0.0.66/live'));
    const there = expect.objectContaining({ host: '10.0.0.66' });
    expect([turn(), turn(), turn()]).toEqual([there, there, 'rtsp-redirected']);
    expect(subject.begin()).toMatchObject({ ok: true, value: { host: '10.0.0.9' } });
    expect(turn()).toEqual(there);
  });
});

describe('the transport', () => {
  it.each(['tcp', 'udp'] as const)('stays %s where that was chosen', (transport) => {
    const subject = approach({ transport });
    expect(after(subject, NOT_GRANTED)).toBe('rtsp-transport-refused');
    subject.failed();
    expect(subject.transport).toBe(transport);
  });

  it('changes once an attempt with auto, and stays where it worked', () => {
    const subject = approach({ transport: 'auto' });
    expect(subject.transport).toBe('tcp');
    expect(after(subject, NOT_GRANTED)).toMatchObject({ host: '10.0.0.9' });
    expect(subject.transport).toBe('udp');
    subject.begin();
    expect(subject.transport).toBe('udp');
    expect(after(subject, NOT_GRANTED)).toMatchObject({ host: '10.0.0.9' });
    expect([subject.transport, after(subject, NOT_GRANTED)]).toEqual(['tcp', 'rtsp-transport-refused']);
  });

  it('is TCP again when no datagram came', () => {
    const subject = approach({ transport: 'auto' });
    subject.afterwards(NOT_GRANTED);
    subject.failed();
    expect(subject.transport).toBe('tcp');
  });

  it('is asked for anew where a redirect led', () => {
    const subject = approach({ transport: 'auto' });
    subject.afterwards(redirect('rtsp://10.0.0.66/live'));
    expect(after(subject, NOT_GRANTED)).toMatchObject({ host: '10.0.0.66' });
  });
});
