import { describe, expect, it } from '@jest/globals';
import { NAMESPACES } from './namespaces.ts';
import { MAX_PRESETS, nearestPreset } from './ptz-head.ts';
import { TEST_PRESETS } from './testing/camera.ts';
import { TestFace, allNamed, subcodesOf, type Heard } from './testing/client.ts';

const PROFILE = '<ProfileToken>Profile_1</ProfileToken>';

function ask(face: TestFace, operation: string, content = ''): Promise<Heard> {
  return face.ask('/onvif/ptz_service', `<${operation} xmlns="${NAMESPACES.tptz}">${PROFILE}${content}</${operation}>`);
}

async function statusOf(face: TestFace): Promise<{ x: number; y: number; zoom: number; state: string | undefined }> {
  const body = (await ask(face, 'GetStatus')).body();
  const [move] = allNamed(body, 'MoveStatus');
  const [panTilt] = allNamed(body, 'PanTilt');
  const [zoom] = allNamed(body, 'Zoom');
  const number = (text: string | undefined): number => Number(text ?? Number.NaN);
  return {
    x: number(panTilt?.attributes.get('x')),
    y: number(panTilt?.attributes.get('y')),
    zoom: number(zoom?.attributes.get('x')),
    state: move?.children[0]?.text,
  };
}

async function presetsOf(face: TestFace): Promise<(string | undefined)[]> {
  return allNamed((await ask(face, 'GetPresets')).body(), 'Preset').map((preset) => preset.attributes.get('token'));
}

function face(): TestFace {
  return new TestFace({ presets: TEST_PRESETS });
}

describe('a head that moves', () => {
  it('takes its time to a preset, and shows the nearest one on the way', async () => {
    const sim = face();
    const shown: (string | undefined)[] = [];
    sim.camera.listen((change) => change.kind === 'moved' && shown.push(sim.camera.position.preset));
    expect((await ask(sim, 'GotoPreset', '<PresetToken>left</PresetToken>')).status).toBe(200);
    await sim.clock.advance(400);
    expect(await statusOf(sim)).toEqual({ x: -0.2, y: 0.1, zoom: 0.1, state: 'MOVING' });
    await sim.clock.advance(1_200);
    expect(await statusOf(sim)).toEqual({ x: -0.8, y: 0.1, zoom: 0.2, state: 'IDLE' });
    expect([shown[0], shown.at(-1), new Set(shown).size]).toEqual(['home', 'left', 2]);
    expect(sim.camera.position.moving).toBe(false);
  });

  it('goes slower when asked to, and by a translation', async () => {
    const sim = face();
    await ask(
      sim,
      'RelativeMove',
      '<Translation><tt:PanTilt x="0.5" y="0"/></Translation><Speed><tt:PanTilt x="0.5" y="0.5"/></Speed>',
    );
    await sim.clock.advance(1_000);
    expect(await statusOf(sim)).toMatchObject({ x: 0.25, state: 'MOVING' });
    await sim.clock.advance(1_000);
    expect(await statusOf(sim)).toMatchObject({ x: 0.5, state: 'IDLE' });
  });

  it('drives for the timeout and no longer', async () => {
    const sim = face();
    await ask(sim, 'ContinuousMove', '<Velocity><tt:PanTilt x="1" y="-0.5"/></Velocity><Timeout>PT1S</Timeout>');
    await sim.clock.advance(990);
    expect((await statusOf(sim)).state).toBe('MOVING');
    await sim.clock.advance(5_000);
    expect(await statusOf(sim)).toEqual({ x: 0.5, y: -0.25, zoom: 0, state: 'IDLE' });
  });

  it('stops at its ends', async () => {
    const sim = face();
    await ask(
      sim,
      'ContinuousMove',
      '<Velocity><tt:PanTilt x="1" y="1"/><tt:Zoom x="-1"/></Velocity><Timeout>PT1M</Timeout>',
    );
    await sim.clock.advance(30_000);
    expect(await statusOf(sim)).toEqual({ x: 1, y: 1, zoom: 0, state: 'MOVING' });
  });

  it('stops when told to: all of it, or one axis', async () => {
    const sim = face();
    const both = '<Velocity><tt:PanTilt x="0.5" y="0"/><tt:Zoom x="0.4"/></Velocity><Timeout>PT20S</Timeout>';
    await ask(sim, 'ContinuousMove', both);
    await sim.clock.advance(1_000);
    await ask(sim, 'Stop', '<PanTilt>true</PanTilt><Zoom>false</Zoom>');
    await sim.clock.advance(1_000);
    expect(await statusOf(sim)).toEqual({ x: 0.25, y: 0, zoom: 0.2, state: 'MOVING' });
    await ask(sim, 'Stop');
    await sim.clock.advance(1_000);
    expect(await statusOf(sim)).toEqual({ x: 0.25, y: 0, zoom: 0.2, state: 'IDLE' });
  });

  it('keeps what the other axis does when a drive names one', async () => {
    const sim = face();
    await ask(sim, 'ContinuousMove', '<Velocity><tt:PanTilt x="0.2" y="0"/></Velocity><Timeout>PT10S</Timeout>');
    await ask(sim, 'ContinuousMove', '<Velocity><tt:Zoom x="1"/></Velocity><Timeout>PT10S</Timeout>');
    await sim.clock.advance(1_000);
    expect(await statusOf(sim)).toEqual({ x: 0.1, y: 0, zoom: 0.25, state: 'MOVING' });
  });

  it('saves, renames and forgets presets, and shows the scene that is nearest all the same', async () => {
    const sim = face();
    await ask(sim, 'AbsoluteMove', '<Position><tt:PanTilt x="0.5" y="0"/><tt:Zoom x="0"/></Position>');
    const moving = await ask(sim, 'SetPreset', '<PresetName>Esquina</PresetName>');
    expect(subcodesOf(moving.body())).toEqual(['Receiver', 'Action', 'MovingPTZ']);
    await sim.clock.advance(2_000);
    const saved = allNamed((await ask(sim, 'SetPreset', '<PresetName>Esquina</PresetName>')).body(), 'PresetToken')[0]
      ?.text;
    expect(await presetsOf(sim)).toEqual(['home', 'left', 'right', saved]);
    expect(subcodesOf((await ask(sim, 'SetPreset', '<PresetName>Esquina</PresetName>')).body())).toContain(
      'PresetExist',
    );
    expect(subcodesOf((await ask(sim, 'SetPreset', '<PresetToken>nobody</PresetToken>')).body())).toContain('NoToken');
    await ask(sim, 'RemovePreset', '<PresetToken>right</PresetToken>');
    expect(await presetsOf(sim)).toEqual(['home', 'left', saved]);
    expect(sim.camera.position.preset).toBe('right');
    expect(subcodesOf((await ask(sim, 'GotoPreset', '<PresetToken>right</PresetToken>')).body())).toEqual([
      'Sender',
      'InvalidArgVal',
      'NoToken',
    ]);
  });

  it('has room for so many presets and no more', async () => {
    const sim = face();
    for (let count = TEST_PRESETS.length; count < MAX_PRESETS; count++)
      expect((await ask(sim, 'SetPreset')).status).toBe(200);
    expect(subcodesOf((await ask(sim, 'SetPreset')).body())).toEqual(['Receiver', 'Action', 'TooManyPresets']);
  });

  it('goes home, to where home was put', async () => {
    const sim = face();
    sim.camera.moveTo({ pan: 0.4, tilt: -0.4, zoom: 0.4, moving: false, preset: 'home' });
    await ask(sim, 'SetHomePosition');
    await ask(sim, 'GotoPreset', '<PresetToken>left</PresetToken>');
    await sim.clock.advance(5_000);
    await ask(sim, 'GotoHomePosition');
    await sim.clock.advance(5_000);
    expect(await statusOf(sim)).toEqual({ x: 0.4, y: -0.4, zoom: 0.4, state: 'IDLE' });
  });

  it.each([
    ['AbsoluteMove', '<Position><tt:PanTilt x="1.5" y="0"/></Position>', 'InvalidPosition'],
    ['AbsoluteMove', '<Position><tt:PanTilt x="NaN" y="0"/></Position>', 'InvalidPosition'],
    ['AbsoluteMove', '<Position><tt:Zoom x="-0.1"/></Position>', 'InvalidPosition'],
    [
      'AbsoluteMove',
      '<Position><tt:PanTilt x="0" y="0"/></Position><Speed><tt:PanTilt x="2" y="1"/></Speed>',
      'InvalidSpeed',
    ],
    ['RelativeMove', '<Translation><tt:PanTilt x="1e400" y="0"/></Translation>', 'InvalidTranslation'],
    ['ContinuousMove', '<Velocity><tt:PanTilt x="-2" y="0"/></Velocity>', 'InvalidVelocity'],
    ['ContinuousMove', '<Velocity><tt:PanTilt x="1" y="0"/></Velocity><Timeout>PT1H</Timeout>', 'TimeoutNotSupported'],
  ])('refuses %s out of its space: %s', async (operation, content, code) => {
    const heard = await ask(face(), operation, content);
    expect([heard.status, subcodesOf(heard.body())]).toEqual([400, ['Sender', 'InvalidArgVal', code]]);
  });

  it('leaves no timer behind when it rests', async () => {
    const sim = face();
    let moves = 0;
    await ask(sim, 'GotoPreset', '<PresetToken>right</PresetToken>');
    await sim.clock.advance(5_000);
    sim.camera.listen((change) => change.kind === 'moved' && moves++);
    await sim.clock.advance(60_000);
    expect(moves).toBe(0);
  });
});

describe('nearestPreset', () => {
  it('has none for a fixed camera', () => {
    expect(nearestPreset([], { pan: 0, tilt: 0, zoom: 0 })).toBeUndefined();
  });
});
