import { describe, expect, it } from '@jest/globals';
import type { AudioTrack } from '#libs/rtsp';
import { chooseAudio } from './audio-offer.ts';
import { parseSdp } from './sdp.ts';
import { Dialog, SDP, URL_OF_CAMERA, packet } from './testdata/dialog.ts';

const AUDIO = [
  'm=audio 0 RTP/AVP 97',
  'a=rtpmap:97 MPEG4-GENERIC/16000/1',
  'a=fmtp:97 streamtype=5;profile-level-id=1;mode=AAC-hbr;sizelength=13;indexlength=3;indexdeltalength=3;config=1408',
  'a=control:trackID=2',
  '',
].join('\r\n');
const TCP = { Session: '4711', Transport: 'RTP/AVP/TCP;unicast;interleaved=0-1' };
const AUDIO_TCP = { Session: '4711', Transport: 'RTP/AVP/TCP;unicast;interleaved=2-3' };

function described(withAudio: boolean, sdp = SDP + AUDIO): { dialog: Dialog; audio: AudioTrack[] } {
  const audio: AudioTrack[] = [];
  const dialog = new Dialog({ withAudio, onAudioTrack: (track) => audio.push(track) });
  return { dialog: dialog.until('DESCRIBE').answer(200, {}, sdp).answer(200, TCP), audio };
}

describe('audio of a session', () => {
  it('is not asked for unless it is wanted', () => {
    const { dialog } = described(false);
    expect(dialog.asked).toMatch(/^PLAY/);
    expect(dialog.sent.join('')).not.toContain('trackID=2');
  });

  it('is set up behind the video, and told before PLAY is granted', () => {
    const { dialog, audio } = described(true);
    expect(dialog.asked).toBe(`SETUP ${URL_OF_CAMERA}/trackID=2 RTSP/1.0`);
    expect([dialog.field('Transport'), dialog.field('Session')]).toEqual([
      'RTP/AVP/TCP;unicast;interleaved=2-3',
      '4711',
    ]);
    dialog.answer(200, AUDIO_TCP);
    expect(audio).toMatchObject([
      {
        format: { codecString: 'mp4a.40.2', sampleRate: 16_000, channels: 1 },
        payloadType: 97,
        clockRate: 16_000,
        delivery: { kind: 'interleaved', rtpChannel: 2, rtcpChannel: 3 },
      },
    ]);
    dialog.answer(200).raw(Buffer.concat([packet(2, 'aa'), packet(0, 'bb'), packet(3, 'cc'), packet(4, 'dd')]));
    expect(dialog.packets).toEqual(['2:aa', '0:bb', '3:cc']);
    dialog.session.sendAudioRtcp(Buffer.from('81c90001', 'hex'));
    expect(dialog.sentBytes.at(-1)!.toString('hex')).toBe('2403000481c90001');
  });

  it.each([
    ['refused', 461, {}],
    ['redirected', 302, { Location: 'rtsp://10.0.0.66/' }],
    ['granted over UDP', 200, { Session: '4711', Transport: 'RTP/AVP;unicast;client_port=2-3' }],
    ["granted on the video's channels", 200, TCP],
  ])('is left out where it is %s, and the video plays', (_, status, fields: Readonly<Record<string, string>>) => {
    const { dialog, audio } = described(true);
    expect(dialog.answer(status, fields).asked).toMatch(/^PLAY/);
    expect([dialog.answer(200).session.state.name, audio]).toEqual(['playing', []]);
  });

  it('alone does not keep a silent camera alive', async () => {
    const { dialog } = described(true);
    dialog.answer(200, AUDIO_TCP).answer(200);
    for (let second = 0; second < 11; second++) {
      dialog.raw(packet(2, 'aa'));
      await dialog.pass(1_000, false);
    }
    expect(dialog.failures).toMatchObject([{ code: 'rtsp-timeout' }]);
  });

  it.each([
    ['another codec', AUDIO.replace('MPEG4-GENERIC/16000/1', 'PCMU/8000')],
    ['another mode', AUDIO.replace('AAC-hbr', 'AAC-lbr')],
    ['other lengths', AUDIO.replace('sizelength=13', 'sizelength=6')],
    ['no configuration', AUDIO.replace(';config=1408', '')],
    ['HE-AAC', AUDIO.replace('config=1408', 'config=2b920800')],
    ['a clock that is not its rate', AUDIO.replace('16000/1', '48000/1')],
    ['a control address elsewhere', AUDIO.replace('trackID=2', 'rtsp://10.0.0.66/t2')],
  ])('is left out where it is %s', (_, audio) => {
    expect(described(true, SDP + audio).dialog.asked).toMatch(/^PLAY/);
  });

  it('is the first track that can be carried', () => {
    const sdp = parseSdp(`${SDP}m=audio 0 RTP/AVP 0\r\n${AUDIO}`)!;
    expect(chooseAudio(sdp)).toMatchObject({ payloadType: 97, control: 'trackID=2' });
  });
});
