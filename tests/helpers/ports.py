"""Ports for programs that listen during a test."""

import socket

_given: set[int] = set()


def free_port() -> int:
    """Return a port of this machine that no program listens on, and another one each time.

    The system can give out a port twice in a row, and a program may need two.
    """
    while True:
        with socket.create_server(("127.0.0.1", 0)) as listener:
            port: int = listener.getsockname()[1]
        if port not in _given:
            _given.add(port)
            return port
