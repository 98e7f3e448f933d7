import { describe, expect, it } from '@jest/globals';
import { chooseProfiles, readProfiles, readSoap, type VideoProfile } from '#libs/onvif';

const body = (xml: string): string => `<s:Envelope xmlns:s="x"><s:Header/><s:Body>${xml}</s:Body></s:Envelope>`;

describe('profiles', () => {
  const profile = (token: string, codec: VideoProfile['codec'], widthPx: number, heightPx: number): VideoProfile => ({
    token,
    name: token,
    codec,
    widthPx,
    heightPx,
    framesPerSecond: 25,
    bitrateKbps: 1000,
    hasPtz: false,
  });

  it('reads both media services', () => {
    const media1 = readSoap(
      body(
        '<GetProfilesResponse><Profiles token="000"><Name>main</Name><VideoEncoderConfiguration><Encoding>H264</Encoding><Resolution><Width>1920</Width><Height>1080</Height></Resolution><RateControl><FrameRateLimit>25</FrameRateLimit><BitrateLimit>4096000</BitrateLimit></RateControl></VideoEncoderConfiguration><PTZConfiguration/></Profiles>' +
          '<Profiles token="audio"><Name>x</Name></Profiles><Profiles><Name>no token</Name></Profiles></GetProfilesResponse>',
      ),
    );
    expect(media1.ok && readProfiles(media1.value)).toEqual([
      {
        token: '000',
        name: 'main',
        codec: 'h264',
        widthPx: 1920,
        heightPx: 1080,
        framesPerSecond: 25,
        bitrateKbps: 4096,
        hasPtz: true,
      },
    ]);
    const media2 = readSoap(
      body(
        '<GetProfilesResponse><Profiles token="1.0"><Name/><Configurations><VideoEncoder><Encoding>H265</Encoding><Resolution><Width>640</Width><Height>360</Height></Resolution></VideoEncoder></Configurations></Profiles></GetProfilesResponse>',
      ),
    );
    expect(media2.ok && readProfiles(media2.value)).toEqual([
      {
        token: '1.0',
        name: '1.0',
        codec: 'h265',
        widthPx: 640,
        heightPx: 360,
        framesPerSecond: null,
        bitrateKbps: null,
        hasPtz: false,
      },
    ]);
  });

  it('takes the largest as main and the H.264 nearest to a tile as sub', () => {
    const chosen = chooseProfiles([
      profile('jpeg', 'mjpeg', 4000, 3000),
      profile('sub265', 'h265', 640, 360),
      profile('main', 'h265', 2560, 1440),
      profile('mid', 'h264', 1280, 720),
      profile('sub', 'h264', 704, 480),
    ]);
    expect([chosen.main?.token, chosen.sub?.token]).toEqual(['main', 'sub']);
    expect(chooseProfiles([profile('only', 'h264', 640, 360)]).sub).toBeUndefined();
    expect(chooseProfiles([profile('jpeg', 'mjpeg', 640, 360)]).main?.token).toBe('jpeg');
    expect(chooseProfiles([])).toEqual({ main: undefined, sub: undefined });
  });
});
