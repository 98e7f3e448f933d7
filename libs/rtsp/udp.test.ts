import { describe, expect, it } from '@jest/globals';
import { Dialog, packet } from './testdata/dialog.ts';

const PORTS = { rtpPort: 50_000, rtcpPort: 50_001 };
const ANSWER = 'RTP/AVP;unicast;client_port=50000-50001;server_port=6970-6971;ssrc=1234ABCD';
const grant = (transport: string): Readonly<Record<string, string>> => ({ Session: '4711', Transport: transport });

function setUp(transport: string): Dialog {
  return new Dialog({ udpPorts: PORTS }).until('SETUP').answer(200, grant(transport));
}

describe('a session over UDP', () => {
  it('asks for datagrams to our ports and tells where they come from', () => {
    const dialog = new Dialog({ udpPorts: PORTS }).until('SETUP');
    expect(dialog.field('Transport')).toBe('RTP/AVP;unicast;client_port=50000-50001');
    dialog.answer(200, grant(ANSWER)).answer(200);
    expect(dialog.tracks).toMatchObject([{ delivery: { kind: 'udp', from: { rtpPort: 6_970, rtcpPort: 6_971 } } }]);
    expect(dialog.session.state.name).toBe('playing');
  });

  it.each([
    ['no server_port', 'RTP/AVP;unicast;client_port=50000-50001', undefined],
    ['one server_port', 'RTP/AVP/UDP;unicast;server_port=6970', { rtpPort: 6_970, rtcpPort: 6_971 }],
    ['the same port twice', 'RTP/AVP;unicast;server_port=6970-6970', { rtpPort: 6_970, rtcpPort: 6_971 }],
    ['port 0', 'RTP/AVP;unicast;server_port=0-1', undefined],
    ['no port at all', 'RTP/AVP;unicast;server_port=70000', undefined],
    [
      'an inner address',
      'RTP/AVP;unicast;source=192.168.1.64;server_port=8000-8001',
      { rtpPort: 8_000, rtcpPort: 8_001 },
    ],
  ])('takes %s', (_, transport, from) => {
    expect(setUp(transport).tracks[0]!.delivery).toEqual({ kind: 'udp', from });
  });

  it.each([
    ['interleaved TCP', 'RTP/AVP/TCP;unicast;interleaved=0-1'],
    ['interleaved channels under the name of UDP', 'RTP/AVP;unicast;interleaved=0-1'],
    ['multicast', 'RTP/AVP;multicast;destination=239.1.1.1;port=5000-5001'],
    ['other ports of ours', 'RTP/AVP;unicast;client_port=50002-50003;server_port=6970-6971'],
  ])('is refused by an answer of %s', (_, transport) => {
    expect(setUp(transport).failures).toMatchObject([{ code: 'rtsp-transport-refused' }]);
  });

  it('lives by its datagrams, not by what comes on the connection', async () => {
    const dialog = setUp(ANSWER).answer(200);
    for (let second = 0; second < 9; second++) {
      dialog.session.datagramCame(dialog.clock.monotonicMs());
      await dialog.pass(1_000, false);
    }
    expect(dialog.session.state.name).toBe('playing');
    await dialog.pass(10_500, true);
    expect(dialog.failures).toMatchObject([{ code: 'rtsp-timeout' }]);
    expect(dialog.packets).toEqual([]);
  });

  it('tears down when it fails: datagrams do not end with the connection', async () => {
    const dialog = setUp(ANSWER).answer(200);
    await dialog.pass(10_500, false);
    expect(dialog.asked).toMatch(/^TEARDOWN/);
    expect(dialog.field('Session')).toBe('4711');
  });

  it('frames no reports onto the connection, and hands nothing on that comes there', () => {
    const dialog = setUp(ANSWER).answer(200);
    const { length } = dialog.sentBytes;
    dialog.session.sendRtcp(Buffer.from('81c90001', 'hex'));
    dialog.raw(packet(0, 'aa'));
    expect([dialog.sentBytes.length, dialog.packets]).toEqual([length, []]);
  });
});
