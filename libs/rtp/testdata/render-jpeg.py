#!/usr/bin/env python3
"""Makes the JPEG captures of this folder: libjpeg (GStreamer's jpegenc) encodes, GStreamer's rtpjpegpay packetizes.

`<name>.rtp` holds RTP packets, each behind its 16-bit length (RFC 4571), `<name>.json` what each picture was before: its
size, its quantization tables and SHA-256 of its entropy-coded data, cut out of the JPEG files that went in.
"""
import hashlib
import json
import pathlib
import subprocess
import tempfile

HERE = pathlib.Path(__file__).parent

# name, picture format, encoder arguments, payloader arguments
CASES = [
    ('jpeg-420-tables', 'I420', 'quality=35', 'mtu=600'),
    ('jpeg-422-tables', 'Y42B', 'quality=70', 'mtu=600'),
]


def segments(jpeg):
    at = 2
    while True:
        marker, size = jpeg[at + 1], int.from_bytes(jpeg[at + 2:at + 4], 'big')
        yield marker, jpeg[at + 4:at + 2 + size], at + 2 + size
        if marker == 0xda:
            return
        at += 2 + size


def describe(path):
    jpeg = path.read_bytes()
    tables, data = [], b''
    for marker, content, end in segments(jpeg):
        if marker == 0xdb:
            tables += [content[at + 1:at + 65].hex() for at in range(0, len(content), 65)]
        if marker == 0xc0:
            height, width = int.from_bytes(content[1:3], 'big'), int.from_bytes(content[3:5], 'big')
        if marker == 0xda:
            data = jpeg[end:]
    return {'width': width, 'height': height, 'tables': tables, 'data': hashlib.sha256(data).hexdigest()}


def main():
    for name, pixels, encoder, payloader in CASES:
        with tempfile.TemporaryDirectory() as folder:
            subprocess.run(
                f'gst-launch-1.0 -q videotestsrc num-buffers=4 pattern=zone-plate kx2=20 ky2=20 kt=1 ! '
                f'video/x-raw,format={pixels},width=128,height=96,framerate=25/1 ! jpegenc {encoder} ! tee name=t '
                f't. ! queue ! multifilesink location={folder}/%d.jpg '
                f't. ! queue ! rtpjpegpay pt=26 seqnum-offset=65533 timestamp-offset=4294960000 ssrc=7 {payloader} ! '
                f'rtpstreampay ! filesink location={HERE}/{name}.rtp',
                shell=True, check=True)
            files = sorted(pathlib.Path(folder).iterdir(), key=lambda path: int(path.stem))
            (HERE / f'{name}.json').write_text(json.dumps([describe(path) for path in files], indent=1) + '\n')


main()
