#!/usr/bin/env python3
"""Reads one RTCP compound packet as hexadecimal digits and prints what GStreamer understands of it, as JSON."""
import json
import sys

import gi

gi.require_version('Gst', '1.0')
gi.require_version('GstRtp', '1.0')
from gi.repository import Gst, GstRtp  # noqa: E402

Gst.init(None)
data = bytes.fromhex(sys.argv[1])
buffer = Gst.Buffer.new_wrapped(data)
rtcp = GstRtp.RTCPBuffer()
result = {'isValid': GstRtp.rtcp_buffer_validate(buffer), 'packets': []}
GstRtp.RTCPBuffer.map(buffer, Gst.MapFlags.READ, rtcp)
packet = GstRtp.RTCPPacket()
more = rtcp.get_first_packet(packet)
while more:
    kind = packet.get_type()
    entry = {'type': kind.value_nick}
    if kind == GstRtp.RTCPType.RR:
        entry['ssrc'] = packet.rr_get_ssrc()
        entry['blocks'] = [packet.get_rb(at) for at in range(packet.get_rb_count())]
    if kind == GstRtp.RTCPType.SDES:
        # The binding of the entries themselves crashes; GStreamer's validation has walked them already.
        packet.sdes_first_item()
        entry['ssrc'] = packet.sdes_get_ssrc()
        entry['chunks'] = packet.sdes_get_item_count()
    result['packets'].append(entry)
    more = packet.move_to_next()
print(json.dumps(result))
