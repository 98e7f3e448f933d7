#!/usr/bin/env python3
"""Makes parameter-sets.json: parameter sets by x264 and x265, and what ffprobe and GStreamer say about them.

Needs ffmpeg and python3-gi with GstPbutils. Run from any folder; the result is committed.
"""
import json
import pathlib
import subprocess
import tempfile

import gi

gi.require_version('Gst', '1.0')
gi.require_version('GstPbutils', '1.0')
from gi.repository import Gst, GstPbutils  # noqa: E402

H264 = ['-c:v', 'libx264', '-preset', 'medium']
H265 = ['-c:v', 'libx265', '-preset', 'medium']

# name, size, pixel format, frames a second, encoder and its arguments
CASES = [
    ('h264-baseline', '320x240', 'yuv420p', '15', H264 + ['-profile:v', 'baseline']),
    ('h264-main-1080', '1920x1080', 'yuv420p', '25', H264 + ['-profile:v', 'main', '-bf', '2']),
    ('h264-high-odd-crop', '322x182', 'yuv420p', '30000/1001', H264),
    ('h264-high-interlaced', '720x576', 'yuv420p', '25', H264 + ['-flags', '+ildct+ilme', '-vf', 'setsar=16/11']),
    ('h264-high10', '640x362', 'yuv420p10le', '50', H264),
    ('h264-high422', '354x290', 'yuv422p', '12', H264),
    ('h264-high444', '353x289', 'yuv444p', '12', H264),
    ('h264-full-range', '352x288', 'yuvj420p', '12', H264),
    ('h264-hrd', '640x360', 'yuv420p', '25', H264 + ['-b:v', '500k', '-maxrate', '500k', '-bufsize', '500k', '-x264-params', 'nal-hrd=cbr']),
    ('h264-scaling-lists', '640x360', 'yuv420p', '25', H264 + ['-x264-params', 'cqm=jvt']),
    ('h264-odd-aspect', '704x480', 'yuv420p', '30', H264 + ['-vf', 'setsar=37/41']),
    ('h264-no-reorder', '640x360', 'yuv420p', '25', H264 + ['-tune', 'zerolatency']),
    ('h265-main', '640x360', 'yuv420p', '25', H265),
    ('h265-main-1080', '1920x1080', 'yuv420p', '30000/1001', H265 + ['-x265-params', 'bframes=4:b-pyramid=1']),
    ('h265-main10-odd', '426x242', 'yuv420p10le', '50', H265),
    ('h265-high-tier', '1280x720', 'yuv420p', '25', H265 + ['-x265-params', 'level-idc=4.1:high-tier=1:bitrate=40000:vbv-maxrate=45000:vbv-bufsize=45000']),
    ('h265-422', '354x290', 'yuv422p', '12', H265),
    ('h265-444', '353x289', 'yuv444p', '12', H265),
    ('h265-12bit', '352x288', 'yuv420p12le', '12', H265),
    ('h265-layers', '640x360', 'yuv420p', '25', H265 + ['-x265-params', 'temporal-layers=1:bframes=3']),
    ('h265-scaling-lists', '640x360', 'yuv420p', '25', H265 + ['-x265-params', 'scaling-list=default']),
    ('h265-no-reorder', '640x360', 'yuv420p', '15', H265 + ['-tune', 'zerolatency']),
    ('h265-aspect', '704x576', 'yuv420p', '25', H265 + ['-vf', 'setsar=16/11']),
]


def run(*command):
    return subprocess.run(command, check=True, capture_output=True).stdout


def encode(path, size, pixels, rate, arguments):
    source = f'testsrc2=size={size}:rate={rate}'
    filters = [] if '-vf' in arguments else ['-vf', 'null']
    run('ffmpeg', '-v', 'error', '-y', '-f', 'lavfi', '-i', source, '-frames:v', '12', *filters,
        *arguments, '-pix_fmt', pixels, path)


def nal_units(stream):
    """Splits a byte stream at its start codes (H.264 annex B)."""
    parts = stream.replace(b'\0\0\0\1', b'\0\0\1').split(b'\0\0\1')
    return [part.rstrip(b'\0') for part in parts if part]


def named_by_gstreamer(path, codec):
    """What GStreamer calls this stream: in RFC 6381 words, and its tier."""
    stream_format = 'avc' if codec == 'h264' else 'hvc1'
    pipeline = Gst.parse_launch(
        f'filesrc location={path} ! {codec}parse ! video/x-{codec},stream-format={stream_format},alignment=au '
        '! fakesink name=sink')
    pipeline.set_state(Gst.State.PLAYING)
    pipeline.get_bus().timed_pop_filtered(20 * Gst.SECOND, Gst.MessageType.EOS | Gst.MessageType.ERROR)
    caps = pipeline.get_by_name('sink').get_static_pad('sink').get_current_caps()
    pipeline.set_state(Gst.State.NULL)
    return {'mimeCodec': GstPbutils.codec_utils_caps_get_mime_codec(caps),
            'tier': caps.get_structure(0).get_string('tier')}


def case(folder, name, size, pixels, rate, arguments):
    codec = name.split('-')[0]
    path = f'{folder}/{name}.{codec}'
    encode(path, size, pixels, rate, arguments)
    probed = json.loads(run('ffprobe', '-v', 'error', '-of', 'json', '-show_streams', path))['streams'][0]
    keys = ['width', 'height', 'profile', 'level', 'pix_fmt', 'has_b_frames', 'sample_aspect_ratio', 'r_frame_rate']
    units = nal_units(pathlib.Path(path).read_bytes())
    kind = (lambda unit: unit[0] & 31) if codec == 'h264' else (lambda unit: unit[0] >> 1 & 63)
    wanted = {'h264': {'sps': 7, 'pps': 8}, 'h265': {'vps': 32, 'sps': 33, 'pps': 34}}[codec]
    sets = {word: next(unit.hex() for unit in units if kind(unit) == number) for word, number in wanted.items()}
    return {'name': name, 'codec': codec, **sets, **named_by_gstreamer(path, codec),
            'probe': {key: probed.get(key) for key in keys}}


def main():
    Gst.init(None)
    with tempfile.TemporaryDirectory() as folder:
        cases = [case(folder, *one) for one in CASES]
    target = pathlib.Path(__file__).with_name('parameter-sets.json')
    target.write_text(json.dumps(cases, indent=1) + '\n')


main()
