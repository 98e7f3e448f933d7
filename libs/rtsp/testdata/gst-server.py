#!/usr/bin/env python3
"""An RTSP server that is not ours: GStreamer's gst-rtsp-server with digest login. Prints its port, ends with stdin.

Streams /h264, /h264-bframes and /h265, and /h263 for a codec that is refused. User `operator`, password in the first argument.
"""
import sys
import threading

import gi

gi.require_version('Gst', '1.0')
gi.require_version('GstRtsp', '1.0')
gi.require_version('GstRtspServer', '1.0')
from gi.repository import GLib, Gst, GstRtsp, GstRtspServer  # noqa: E402

SOURCE = 'videotestsrc is-live=true pattern=ball ! video/x-raw,format=I420,width=322,height=182,framerate=50/1'
MOUNTS = {
    '/h264': f'{SOURCE} ! x264enc tune=zerolatency speed-preset=ultrafast key-int-max=25 ! rtph264pay name=pay0 pt=96',
    '/h264-bframes': f'{SOURCE} ! x264enc bframes=2 rc-lookahead=3 speed-preset=ultrafast key-int-max=25 '
                     '! video/x-h264,profile=main ! rtph264pay aggregate-mode=zero-latency name=pay0 pt=97',
    '/h265': f'{SOURCE} ! x265enc tune=zerolatency speed-preset=ultrafast key-int-max=25 ! h265parse config-interval=-1 '
             '! rtph265pay name=pay0 pt=98',
    '/h263': f'{SOURCE} ! videoscale ! video/x-raw,width=352,height=288 ! avenc_h263 ! rtph263pay name=pay0 pt=34',
}


def main():
    Gst.init(None)
    server = GstRtspServer.RTSPServer()
    server.set_address('127.0.0.1')
    server.set_service('0')
    auth = GstRtspServer.RTSPAuth()
    auth.set_supported_methods(GstRtsp.RTSPAuthMethod.DIGEST)
    token = GstRtspServer.RTSPToken()
    token.set_string('media.factory.role', 'viewer')
    auth.add_digest('operator', sys.argv[1], token)
    server.set_auth(auth)
    for path, launch in MOUNTS.items():
        factory = GstRtspServer.RTSPMediaFactory()
        factory.set_launch(f'( {launch} )')
        factory.add_role_from_structure(Gst.Structure.from_string(
            'viewer, media.factory.access=true, media.factory.construct=true')[0])
        server.get_mount_points().add_factory(path, factory)
    server.attach(None)
    print(server.get_bound_port(), flush=True)
    loop = GLib.MainLoop()
    threading.Thread(target=lambda: (sys.stdin.read(), loop.quit()), daemon=True).start()
    loop.run()


main()
