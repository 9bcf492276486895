"""Ports for programs that listen during a test."""

import socket


def free_port() -> int:
    """Return a port of this machine that no program listens on."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port: int = listener.getsockname()[1]
    return port
