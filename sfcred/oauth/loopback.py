"""Sockets that only this machine can reach."""

import errno
import socket
import sys

# The errors of a system without IPv6, or without it on the loopback interface.
_NO_IPV6 = (errno.EADDRNOTAVAIL, errno.EAFNOSUPPORT, errno.EPROTONOSUPPORT)


def loopback_socket(address: str, port: int) -> socket.socket | None:
    """Return a listening socket that no other process shares.

    Args:
        address: An IP address of this machine.
        port: The port; 0 for a free one.

    Returns:
        The socket; None for an IPv6 address if the machine has no IPv6.

    Raises:
        OSError: The port is taken, or not allowed.
    """
    is_v6 = ":" in address
    family = socket.AF_INET6 if is_v6 else socket.AF_INET
    try:
        # Because the protocol is named, asyncio sends small answers at once (TCP_NODELAY).
        made = socket.socket(family, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    except OSError:
        if is_v6:
            return None
        raise
    try:
        _keep_others_out(made, is_v6=is_v6)
        made.bind((address, port))
        made.listen(128)
    except OSError as error:
        made.close()
        if is_v6 and error.errno in _NO_IPV6:
            return None
        raise
    return made


def _keep_others_out(made: socket.socket, *, is_v6: bool) -> None:
    if is_v6:
        made.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, 1)
    if sys.platform == "win32":  # SO_REUSEADDR would let another program take the port there
        made.setsockopt(socket.SOL_SOCKET, socket.SO_EXCLUSIVEADDRUSE, 1)
    else:
        made.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
