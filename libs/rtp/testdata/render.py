#!/usr/bin/env python3
"""Makes the captures of this folder: x264 and x265 encode, GStreamer packetizes, ffprobe says what must come out.

For each case `<name>.rtp` holds RTP packets, each behind its 16-bit length (RFC 4571), and `<name>.json` what ffprobe says
about each access unit: presentation time, key or not, size and SHA-256 of its length-prefixed NAL units.
Needs ffmpeg and the GStreamer tools. The results are committed.
"""
import json
import pathlib
import subprocess
import sys
import tempfile

HERE = pathlib.Path(__file__).parent
SMALL = ['-crf', '38']

# name, codec, encoder arguments, payloader arguments
CASES = [
    ('h264-single-and-fua', 'h264',
     ['-c:v', 'libx264', '-bf', '0', '-g', '8', *SMALL], 'aggregate-mode=none mtu=600'),
    ('h264-bframes-stapa', 'h264',
     ['-c:v', 'libx264', '-bf', '2', '-g', '10', *SMALL, '-x264-params', 'b-pyramid=strict'],
     'aggregate-mode=zero-latency mtu=1400'),
    ('h264-slices-maxstap', 'h264',
     ['-c:v', 'libx264', '-bf', '0', '-g', '8', *SMALL, '-x264-params', 'slices=4'], 'aggregate-mode=max-stap mtu=1400'),
    ('h265-bframes-fu', 'h265',
     ['-c:v', 'libx265', '-g', '10', *SMALL, '-x265-params', 'bframes=3:open-gop=0:info=0'],
     'aggregate-mode=none mtu=500'),
    ('h265-opengop-ap', 'h265',
     ['-c:v', 'libx265', '-g', '10', *SMALL, '-x265-params', 'bframes=3:open-gop=1:info=0:slices=2'],
     'aggregate-mode=max mtu=1400'),
]


def run(*command):
    return subprocess.run(command, check=True, capture_output=True).stdout


def render(folder, name, codec, encoder, payloader):
    path = f'{folder}/{name}.mp4'
    run('ffmpeg', '-v', 'error', '-y', '-f', 'lavfi', '-i', 'testsrc2=size=322x182:rate=15', '-frames:v', '30',
        *encoder, '-pix_fmt', 'yuv420p', *(['-tag:v', 'hvc1'] if codec == 'h265' else []), path)
    run('gst-launch-1.0', '-q', *(
        f'filesrc location={path} ! qtdemux ! {codec}parse config-interval=-1 ! rtp{codec}pay pt=96 ssrc=305419896 '
        f'seqnum-offset=65530 timestamp-offset=4294960000 {payloader} ! rtpstreampay ! filesink location={HERE}/{name}.rtp'
    ).split())
    packets = json.loads(run(
        'ffprobe', '-v', 'error', '-of', 'json', '-show_packets', '-show_data_hash', 'sha256', '-show_entries',
        'packet=pts_time,flags,size,data_hash', path))['packets']
    units = [{'ptsTime': packet['pts_time'], 'isKey': packet['flags'].startswith('K'), 'bytes': int(packet['size']),
              'sha256': packet['data_hash'].removeprefix('SHA256:')} for packet in packets]
    (HERE / f'{name}.json').write_text(json.dumps({'codec': codec, 'units': units}, indent=1) + '\n')


with tempfile.TemporaryDirectory() as folder:
    for one in CASES:
        if len(sys.argv) < 2 or one[0] in sys.argv[1:]:
            render(folder, *one)
