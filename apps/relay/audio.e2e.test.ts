import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { SimCamera } from '../../camera-sim/model.ts';
import { streamPathOf } from '../../camera-sim/stream-path.ts';
import { launchBrowser } from '../../scripts/e2e/browser.ts';
import { PlayerPage } from '../../scripts/hls-player/player-page.ts';
import { eventually, reaches, startGstServer, startRelay, ticketFor, type RunningRelay } from './testing/processes.ts';
import { startTestTown, type TownCamera } from './testing/town.ts';

const run = promisify(execFile);

const id = (number: number): string => `0190f0a0-0000-7000-8000-00000000050${number}`;
const HEARD = { id: id(1), code: 'A-1', transport: 'tcp', audio: true };
const SILENT = { id: id(2), code: 'A-2', transport: 'tcp' };
const OVER_UDP = { id: id(3), code: 'A-3', transport: 'udp', audio: true };

/** The pretended camera that has a microphone. */
const PRETENDED: TownCamera = { id: id(4), like: 'sim-01' };

/** A ball that moves, and a tone of 440 Hz: picture and sound of one clock, with sender reports for each. */
const PICTURE =
  'videotestsrc is-live=true pattern=ball ! video/x-raw,width=320,height=240,framerate=25/1 ! ' +
  'x264enc tune=zerolatency key-int-max=25 bitrate=300 speed-preset=ultrafast ! rtph264pay name=pay0 pt=96';
const SOUND =
  'audiotestsrc is-live=true wave=sine freq=440 volume=0.5 ! audio/x-raw,rate=16000,channels=1 ! ' +
  'avenc_aac bitrate=32000 ! aacparse ! rtpmp4gpay name=pay1 pt=97';

describe('the audio of a camera', () => {
  let relay: RunningRelay;
  let folder: string;
  const undo: (() => Promise<unknown>)[] = [];
  const masterOf = ({ id: camera }: { id: string }): string =>
    `${relay.base}/hls/${camera}/index.m3u8?main=${ticketFor(camera, 'main')}`;
  const textOf = async (url: string): Promise<string> => (await fetch(url)).text();

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'atalaya-audio-'));
    undo.push(() => rm(folder, { recursive: true, force: true }));
    const all = [HEARD, SILENT, OVER_UDP];
    // Each its own: clients of one shared pipeline that take different tracks of it hold each other up.
    const server = await startGstServer(all.map(({ code }) => ({ path: `/${code}`, launch: `${PICTURE} ${SOUND}` })));
    undo.push(() => server.kill('SIGKILL'));
    const uriOf = (code: string): string => `rtsp://127.0.0.1:${server.port}/${code}`;
    const cameras = all.map((camera) => ({
      ...camera,
      host: '127.0.0.1',
      streams: [{ role: 'main', uri: uriOf(camera.code) }],
    }));
    const town = await startTestTown([PRETENDED], 93);
    undo.push(() => town.stop());
    const { host, rtspPort, username, password, main } = town.spec(PRETENDED);
    const uri = `rtsp://${host}:${rtspPort}${streamPathOf(new SimCamera(town.spec(PRETENDED)), main.token)}`;
    const pretended = { id: PRETENDED.id, code: PRETENDED.like, host, username, password, audio: true };
    const entries = [...cameras, { ...pretended, streams: [{ role: 'main', uri }] }];
    await writeFile(join(folder, 'cameras.json'), JSON.stringify({ cameras: entries }));
    relay = await startRelay({ ATALAYA_RELAY_CAMERAS: join(folder, 'cameras.json') });
    undo.push(() => relay.kill('SIGKILL'));
    await Promise.all(all.map(({ code }) => reaches(relay, code, 'online', 10_000)));
  }, 40_000);

  afterAll(async () => {
    for (const step of undo.toReversed()) await step();
  });

  it('is a rendition of its own where it is enabled, over TCP and over UDP', async () => {
    for (const camera of [HEARD, OVER_UDP, PRETENDED]) {
      const master = await eventually(async () => {
        const text = await textOf(masterOf(camera));
        return text.includes('TYPE=AUDIO') ? text : undefined;
      }, 8_000);
      expect(master).toMatch(/#EXT-X-STREAM-INF:.*CODECS="avc1\.[0-9A-F]{6},mp4a\.40\.2".*,AUDIO="audio-main"/);
      expect(master).toContain('CHANNELS="1",URI="main/audio/index.m3u8?ticket=');
    }
  }, 20_000);

  it('is nowhere where it is not', async () => {
    expect(await textOf(masterOf(SILENT))).not.toMatch(/AUDIO|mp4a/);
    const playlist = `${relay.base}/hls/${SILENT.id}/main/audio/index.m3u8?ticket=${ticketFor(SILENT.id, 'main')}`;
    const answer = await fetch(playlist);
    expect([answer.status, ((await answer.json()) as { code: string }).code]).toEqual([404, 'stream-unknown']);
    const unasked = await fetch(`${relay.base}/hls/${HEARD.id}/main/audio/index.m3u8`);
    expect(unasked.status).toBe(401);
  });

  it('and the picture are played by ffmpeg, GStreamer and hls.js', async () => {
    const browser = await launchBrowser();
    undo.push(() => browser.close());
    const page = await PlayerPage.open(browser, masterOf(HEARD));
    const [probe, tone, gst] = await Promise.all([
      run('ffprobe', [
        '-v',
        'error',
        '-show_entries',
        'stream=codec_name,sample_rate,channels,start_time',
        '-of',
        'json',
        `${masterOf(OVER_UDP)}&ll=0`,
      ]),
      run('ffmpeg', [
        '-v',
        'error',
        '-xerror',
        '-i',
        `${masterOf(HEARD)}&ll=0`,
        '-t',
        '4',
        '-map',
        '0:v',
        '-map',
        '0:a',
        '-f',
        'matroska',
        '-c:v',
        'copy',
        '-c:a',
        'pcm_s16le',
        '-y',
        join(folder, 'heard.mkv'),
      ]),
      run(
        'gst-launch-1.0',
        [
          'playbin3',
          `uri=${masterOf(HEARD)}&ll=0`,
          'video-sink=fakesink num-buffers=60 sync=false',
          'audio-sink=fakesink num-buffers=40 sync=false',
        ],
        { timeout: 25_000 },
      ),
    ]);
    const { streams } = JSON.parse(probe.stdout) as { streams: { codec_name: string; start_time: string }[] };
    const [sound, picture] = streams.sort((a, b) => a.codec_name.localeCompare(b.codec_name));
    expect([sound, picture]).toMatchObject([
      { codec_name: 'aac', sample_rate: '16000', channels: 1 },
      { codec_name: 'h264' },
    ]);
    expect(Math.abs(Number(sound!.start_time) - Number(picture!.start_time))).toBeLessThan(0.5);
    expect(tone.stderr).toBe('');
    expect(gst.stdout).toContain('EOS');
    const state = await eventually(async () => {
      const now = await page.state();
      return now.playedS > 0 && now.audioDecodedBytes > 10_000 ? now : undefined;
    }, 15_000);
    await page.close();
    expect(state.errors.filter((error) => error.startsWith('fatal'))).toEqual([]);
    expect(state.totalFrames).toBeGreaterThan(10);
  }, 60_000);

  it('is the tone that the camera sends, without a hole', async () => {
    // The decoder swings in: its first frame has no one before it to overlap with.
    const measure =
      'atrim=start=0.2,highpass=f=400,lowpass=f=480,astats=measure_perchannel=none,silencedetect=n=-30dB:d=0.02';
    const { stderr } = await run('ffmpeg', [
      '-hide_banner',
      '-nostats',
      '-i',
      join(folder, 'heard.mkv'),
      '-map',
      '0:a',
      '-af',
      measure,
      '-f',
      'null',
      '-',
    ]);
    expect(Number(/RMS level dB: (-?[\d.]+)/.exec(stderr)?.[1])).toBeGreaterThan(-20);
    expect(stderr).not.toContain('silence_start');
    const { stdout } = await run('ffprobe', [
      '-v',
      'error',
      '-select_streams',
      'a',
      '-show_entries',
      'packet=pts_time',
      '-of',
      'csv=p=0',
      join(folder, 'heard.mkv'),
    ]);
    const times = stdout.trim().split('\n').map(Number);
    const steps = times.slice(1).map((time, at) => time - times[at]!);
    expect(times.length).toBeGreaterThan(50);
    expect(steps.filter((step) => Math.abs(step - 0.064) > 0.003)).toEqual([]);
  }, 20_000);
});
