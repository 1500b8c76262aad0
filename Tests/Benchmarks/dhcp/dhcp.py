"""As much of DHCP as the clients here need (RFC 2131 section 2)."""
import socket
import struct

DISCOVER, OFFER, REQUEST, ACK = 1, 2, 3, 5


def message(kind, xid, hardware, relay="0.0.0.0", ciaddr="0.0.0.0", options=b""):
    """A request: a relayed one where `relay` is given."""
    return b"".join([
        struct.pack("!BBBBIHH", 1, 1, 6, 0 if relay == "0.0.0.0" else 1, xid, 0, 0),
        socket.inet_aton(ciaddr), bytes(8), socket.inet_aton(relay), hardware, bytes(202),
        b"\x63\x82\x53\x63", bytes([53, 1, kind]), options, b"\xff"])


def parse(bytes_):
    """Type, xid, yiaddr, hardware and options by code; None for what is no reply."""
    if len(bytes_) < 244 or bytes_[0] != 2:
        return None
    options, at = {}, 240
    while at + 1 < len(bytes_) and bytes_[at] != 255:
        if bytes_[at] == 0:
            at += 1
            continue
        length = bytes_[at + 1]
        options[bytes_[at]] = bytes_[at + 2:at + 2 + length]
        at += 2 + length
    kind = options.get(53, b"\0")[0]
    xid = struct.unpack_from("!I", bytes_, 4)[0]
    return kind, xid, socket.inet_ntoa(bytes_[16:20]), bytes_[28:34], options
