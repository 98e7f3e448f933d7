import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { parseTarget } from './routes.ts';

const ID = '0190f0a0-0000-7000-8000-000000000001';

describe('parseTarget', () => {
  it.each([
    [`/hls/${ID}/sub/index.m3u8?ticket=a.b-_`, { kind: 'playlist' }, 'sub', 'a.b-_'],
    [`/hls/${ID}/main/init-12.mp4`, { kind: 'init', number: 12 }, 'main', undefined],
    [`/hls/${ID}/main/seg-1790000000.m4s?x=1&ticket=t`, { kind: 'segment', number: 1_790_000_000 }, 'main', 't'],
    [`/hls/${ID}/sub/part-1790000000-4.m4s?ticket=t`, { kind: 'part', number: 1_790_000_000, index: 4 }, 'sub', 't'],
  ])('reads %s', (target, file, stream, ticket) => {
    const route = { name: 'hls', cameraId: ID, stream, track: 'video', file };
    expect(parseTarget(target)).toMatchObject({ route, ticket });
    const audio = target.replace(`/${stream}/`, `/${stream}/audio/`);
    expect(parseTarget(audio)).toMatchObject({ route: { ...route, track: 'audio' }, ticket });
  });

  it('reads the address of a master playlist and every name of its query', () => {
    const target = parseTarget(`/hls/${ID}/index.m3u8?main=a.b&sub=c&main=d&_HLS_msn=&ll`);
    expect(target?.route).toEqual({ name: 'hls-master', cameraId: ID });
    expect(['main', 'sub', '_HLS_msn', 'll', 'ma'].map((name) => target?.value(name))).toEqual([
      'a.b',
      'c',
      '',
      undefined,
      undefined,
    ]);
  });

  it.each(['/health/live', '/health/ready', '/metrics'])('knows %s', (path) => {
    expect(parseTarget(path)?.route.name).toBe(path.split('/').at(-1));
  });

  it.each([
    '',
    '/',
    '/constructor',
    '/health/live/',
    `/hls/${ID}/third/index.m3u8`,
    `/hls/${ID}/sub/index.m3u8/`,
    `/hls/${ID}/sub/../sub/index.m3u8`,
    `/hls/${ID.toUpperCase().replace('A', 'G')}/sub/index.m3u8`,
    `/hls/${'-'.repeat(36)}/sub/index.m3u8`,
    `/hls/${ID}/sub/part-1.m4s`,
    `/hls/${ID}/sub/part-1-${'9'.repeat(7)}.m4s`,
    `/hls/${'-'.repeat(36)}/index.m3u8`,
    `/hls/${ID}/sub/seg--1.m4s`,
    `/hls/${ID}/sub/seg-1e3.m4s`,
    `/hls/${ID}/sub/seg-${'9'.repeat(13)}.m4s`,
    `http://elsewhere/hls/${ID}/sub/index.m3u8`,
    `/hls/${ID}/sub/index.m3u8?${'a'.repeat(2_100)}`,
  ])('finds nothing at %s', (target) => {
    expect(parseTarget(target)).toBeUndefined();
  });

  it.each(['%2e', 'a b', 'a"b', 'a\r\nb', '', 'x'.repeat(513)])('takes no ticket of other characters: %j', (ticket) => {
    expect(parseTarget(`/hls/${ID}/sub/index.m3u8?ticket=${ticket}`)?.ticket).toBeUndefined();
  });

  it('gives only numbers and names that are safe to use, whatever is asked (100,000 inputs)', () => {
    const piece = fc.oneof(
      fc.constantFrom(
        '/hls/',
        ID,
        '/sub/',
        '/main/',
        'index.m3u8',
        'init-',
        'seg-',
        'part-',
        '.mp4',
        '.m4s',
        '?',
        'ticket=',
        '&',
        '0',
        '-',
        '%00',
        '..',
      ),
      fc.string({ maxLength: 6 }),
      fc.nat().map(String),
    );
    const target = fc.array(piece, { maxLength: 10 }).map((pieces) => pieces.join(''));
    fc.assert(
      fc.property(target, (text) => {
        const parsed = parseTarget(text);
        if (!parsed) return true;
        if (parsed.ticket !== undefined && !/^[\w.-]{1,512}$/.test(parsed.ticket)) return false;
        if (parsed.route.name === 'hls-master') return true;
        if (parsed.route.name !== 'hls' || parsed.route.file.kind === 'playlist') return true;
        return Number.isSafeInteger(parsed.route.file.number) && parsed.route.file.number >= 0;
      }),
      { numRuns: 100_000 },
    );
  });
});
