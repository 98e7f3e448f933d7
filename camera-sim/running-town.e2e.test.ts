import { afterEach, describe, expect, it } from '@jest/globals';
import { silentLogger, systemClock, type Logger } from '#libs/base';
import { startTown, type RunningTown } from './running-town.ts';
import { TOWN, townOf } from './town.ts';

let town: RunningTown | undefined;

afterEach(async () => {
  await town?.stop();
  town = undefined;
});

const FREE_PORTS = { onvifPort: 0, rtspPort: 0 };

async function ask(path: string, init?: RequestInit): Promise<{ status: number; body: Record<string, unknown> }> {
  const response = await fetch(`http://127.0.0.1:${town!.controlPort}${path}`, init);
  return { status: response.status, body: (await response.json()) as Record<string, unknown> };
}

describe('a running town', () => {
  it('is controlled over HTTP', async () => {
    const specs = TOWN.slice(0, 3).map((spec) => ({ ...spec, ...FREE_PORTS }));
    town = await startTown(specs, { clock: systemClock, logger: silentLogger, controlPort: 0 });
    expect((await ask('/health/live')).body).toEqual({ status: 'ok' });
    expect((await ask('/cameras')).body['cameras']).toHaveLength(3);
    const patched = await ask('/cameras/sim-02/faults', { method: 'PATCH', body: '{"frozen":true}' });
    expect(patched).toMatchObject({ status: 200, body: { faults: { frozen: true } } });
    expect(town.cameras[1]!.faults.frozen).toBe(true);
    expect((await ask('/cameras/sim-02/faults', { method: 'PATCH', body: '{' })).status).toBe(400);
    const large = await ask('/cameras/sim-02/faults', { method: 'PATCH', body: `"${'x'.repeat(20_000)}"` });
    expect(large.status).toBe(413);
    expect((await ask('/cameras/sim-77')).status).toBe(404);
    expect((await ask('/cameras/sim-01/sent?profile=sub')).body['frames']).toEqual([]);
  });

  it('goes on without the camera that cannot be had', async () => {
    const errors: string[] = [];
    const logger: Logger = {
      ...silentLogger,
      warn: (_, text) => errors.push(text),
      error: (_, text) => errors.push(text),
    };
    // TEST-NET-3 (RFC 5737): no machine has this address
    const lost = { ...TOWN[0]!, ...FREE_PORTS, host: '203.0.113.9' };
    const specs = [lost, { ...TOWN[1]!, ...FREE_PORTS }];
    town = await startTown(specs, { clock: systemClock, logger, controlPort: 0 });
    expect(errors.length).toBeGreaterThanOrEqual(2);
    expect((await ask('/cameras')).body['cameras']).toHaveLength(2);
  });

  it('does not start, and leaves nothing open, when its control port is taken', async () => {
    const specs = townOf(1).map((spec) => ({ ...spec, ...FREE_PORTS, host: '127.0.2.252' }));
    const deps = { clock: systemClock, logger: silentLogger };
    town = await startTown(specs, { ...deps, controlPort: 0 });
    const { controlPort } = town;
    await expect(startTown(specs, { ...deps, controlPort })).rejects.toThrow('EADDRINUSE');
  });
});
