import { describe, expect, it } from '@jest/globals';
import { SimCamera, type SimChange } from '../model.ts';
import { TOWN } from '../town.ts';
import { ControlRoutes } from './routes.ts';

function open() {
  const cameras = TOWN.slice(0, 2).map((spec) => new SimCamera(spec));
  const heard: SimChange[] = [];
  cameras[0]!.listen((change) => heard.push(change));
  const routes = new ControlRoutes(
    cameras.map((camera) => ({
      camera,
      sessionCount: 0,
      readers: [],
      sentOf: () => [{ frame: 3, sentAtMs: 1_000, sentMonotonicMs: 10 }],
    })),
  );
  const ask = (method: string, path: string, body?: unknown, query = {}) =>
    routes.answer({ method, path, query, body });
  return { cameras, heard, ask };
}

describe('ControlRoutes', () => {
  it('lists cameras and never their passwords', () => {
    const { ask } = open();
    const text = JSON.stringify([ask('GET', '/cameras'), ask('GET', '/cameras/sim-01')]);
    for (const { password } of TOWN) expect(text).not.toContain(password);
    expect(text).toContain('Plaza de Armas');
  });

  it('sets the faults that are given and no others', () => {
    const { ask, cameras, heard } = open();
    expect(ask('PATCH', '/cameras/sim-01/faults', { corruptShare: 0.1 }).ok).toBe(true);
    expect(ask('PATCH', '/cameras/sim-01/faults', { frozen: true }).ok).toBe(true);
    expect(cameras[0]!.faults).toMatchObject({ corruptShare: 0.1, frozen: true, unplugged: false });
    expect(heard.map(({ kind }) => kind)).toEqual(['faults', 'faults']);
  });

  it('sets a fault on every camera at once', () => {
    const { ask, cameras } = open();
    expect(ask('PATCH', '/faults', { frozen: true }).ok).toBe(true);
    expect(cameras.map(({ faults }) => faults.frozen)).toEqual([true, true]);
    expect(ask('PATCH', '/faults', { frozen: 1 }).ok).toBe(false);
  });

  it.each([
    ['PATCH', 'faults', { corruptShare: 2 }],
    ['PATCH', 'faults', { nonsense: true }],
    ['PATCH', 'faults', undefined],
    ['POST', 'reboot', { host: '192.168.1.1' }],
    ['POST', 'reboot', { host: 'localhost' }],
    ['POST', 'events', { kind: 'motion' }],
    ['POST', 'events', { kind: 'earthquake', active: true }],
  ])('refuses %s %s %j', (method, what, body) => {
    const { ask, heard } = open();
    const answer = ask(method, `/cameras/sim-01/${what}`, body);
    expect(answer.ok ? 'taken' : answer.refusal.kind).toBe('bad-input');
    expect(heard).toEqual([]);
  });

  it('reboots with a new address unless another camera has it', () => {
    const { ask, cameras, heard } = open();
    expect(ask('POST', '/cameras/sim-01/reboot', { host: '127.0.1.99' }).ok).toBe(true);
    expect(cameras[0]!.host).toBe('127.0.1.99');
    expect(heard).toEqual([{ kind: 'rebooted', oldHost: '127.0.1.1' }]);
    const taken = ask('POST', '/cameras/sim-01/reboot', { host: '127.0.1.2' });
    expect(taken.ok ? '' : taken.refusal.code).toBe('host-taken');
  });

  it('raises events and tells what was sent', () => {
    const { ask, heard } = open();
    expect(ask('POST', '/cameras/sim-01/events', { kind: 'motion', active: true }).ok).toBe(true);
    expect(heard).toEqual([{ kind: 'event', event: { kind: 'motion', active: true } }]);
    expect(ask('GET', '/cameras/sim-01/sent', undefined, { profile: 'main' })).toMatchObject({
      ok: true,
      value: { camera: 'sim-01', profile: 'main', frames: [{ frame: 3 }] },
    });
    expect(ask('GET', '/cameras/sim-01/sent', undefined, { profile: 'other' }).ok).toBe(false);
  });

  it('knows no other camera and no other route', () => {
    const { ask } = open();
    for (const [method, path] of [
      ['GET', '/cameras/sim-99'],
      ['DELETE', '/cameras/sim-01'],
      ['GET', '/cameras/sim-01/password'],
      ['GET', '/cameras/../sim-01'],
    ] as const) {
      const answer = ask(method, path);
      expect(answer.ok ? '' : answer.refusal.kind).toBe('not-found');
    }
    expect(ask('GET', '/health/live').ok).toBe(true);
  });
});
