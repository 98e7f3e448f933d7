#!/usr/bin/env python3
"""Writes the goldens of this folder: files by ffmpeg (x264, x265), and what ffprobe reads out of them.

h264-bframes.flv   FLV with B-frames, as an encoder publishes it
h265-bframes.mp4   the same in H.265: ffmpeg before 6.1 writes no enhanced FLV, so the test puts its configuration record
                   and its samples behind enhanced headers
zerolatency.flv    without B-frames, as conversions have none (apps/relay/src/ffmpeg)
*.json             packets (decode and presentation time in ms, key, size, MD5) and the record, by ffprobe
"""

import json
import pathlib
import subprocess

HERE = pathlib.Path(__file__).parent
SOURCE = ['-f', 'lavfi', '-i', 'testsrc2=size=96x64:rate=25:duration=1.2']
X264 = ['-c:v', 'libx264', '-bf', '3', '-g', '12', '-b:v', '60k', '-x264-params', 'b-adapt=0:scenecut=0']
X265 = ['-c:v', 'libx265', '-b:v', '60k', '-tag:v', 'hvc1', '-x265-params', 'bframes=3:keyint=12:b-adapt=0:scenecut=0:log-level=none']


ZERO_LATENCY = ['-c:v', 'libx264', '-tune', 'zerolatency', '-crf', '40', '-flvflags', 'no_duration_filesize']


def render(name: str, codec: list) -> None:
    subprocess.run(['ffmpeg', '-v', 'error', '-y', *SOURCE, *codec, '-pix_fmt', 'yuv420p', HERE / name], check=True)
    probed = json.loads(
        subprocess.run(
            ['ffprobe', '-v', 'error', '-select_streams', 'v', '-show_packets', '-show_streams', '-show_data',
             '-show_data_hash', 'md5', '-of', 'json', HERE / name],
            check=True, capture_output=True).stdout)
    packets = [
        {
            'dtsMs': round(float(packet['dts_time']) * 1000),
            'ptsMs': round(float(packet['pts_time']) * 1000),
            'isKey': 'K' in packet['flags'],
            'bytes': int(packet['size']),
            'md5': packet['data_hash'].removeprefix('MD5:'),
            'at': int(packet['pos']),
        }
        for packet in probed['packets']
    ]
    stream = probed['streams'][0]
    dump = ''.join(line.split(': ', 1)[1][:39] for line in stream['extradata'].strip().splitlines())
    golden = {
        'widthPx': stream['width'],
        'heightPx': stream['height'],
        'record': dump.replace(' ', ''),
        'packets': packets,
    }
    (HERE / name).with_suffix('.json').write_text(json.dumps(golden, indent=1) + '\n')


render('h264-bframes.flv', X264)
render('h265-bframes.mp4', X265)
subprocess.run(
    ['ffmpeg', '-v', 'error', '-y', '-f', 'lavfi', '-i', 'testsrc2=size=64x48:rate=25:duration=0.4', *ZERO_LATENCY,
     '-f', 'flv', HERE / 'zerolatency.flv'],
    check=True)
