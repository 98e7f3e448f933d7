"""An RTSP server that is not ours: GStreamer's, with live test pictures. Prints its port, then serves until killed.

Arguments: port (0: any), login (`user:password` or empty), then `path=launch description` for each stream.
"""
import sys

import gi

gi.require_version("Gst", "1.0")
gi.require_version("GstRtspServer", "1.0")
from gi.repository import GLib, Gst, GstRtspServer  # noqa: E402


GST_RTSP_AUTH_DIGEST = 2


def digest_login(server, login):
    user, password = login.split(":", 1)
    auth = GstRtspServer.RTSPAuth()
    auth.set_supported_methods(GST_RTSP_AUTH_DIGEST)
    auth.set_realm("camera")
    token = GstRtspServer.RTSPToken()
    token.set_string("media.factory.role", "viewer")
    auth.add_digest(user, password, token)
    server.set_auth(auth)


def factory_of(launch, with_login):
    factory = GstRtspServer.RTSPMediaFactory()
    factory.set_launch(f"( {launch} )")
    factory.set_shared(True)
    if with_login:
        permissions = GstRtspServer.RTSPPermissions()
        permissions.add_permission_for_role("viewer", "media.factory.access", True)
        permissions.add_permission_for_role("viewer", "media.factory.construct", True)
        factory.set_permissions(permissions)
    return factory


def main():
    Gst.init(None)
    port, login, streams = sys.argv[1], sys.argv[2], sys.argv[3:]
    server = GstRtspServer.RTSPServer()
    server.set_address("127.0.0.1")
    server.set_service(port)
    if login:
        digest_login(server, login)
    for stream in streams:
        path, launch = stream.split("=", 1)
        server.get_mount_points().add_factory(path, factory_of(launch, login != ""))
    if server.attach(None) == 0:
        sys.exit("cannot listen")
    print(server.get_bound_port(), flush=True)
    GLib.MainLoop().run()


main()
