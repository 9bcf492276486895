"""Canned replies instead of a socket: tests drive the flows, and nothing is sent."""

import time
from collections import deque
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from email.utils import formatdate

import pytest

from sfcred.checks.api import ExampleReply
from sfcred.http import client
from sfcred.http.messages import Request, Response, Unreachable


def answer(reply: ExampleReply) -> Response:
    """Return a reply in the form that the driver passes to a flow."""
    if reply.fails:
        raise Unreachable(
            reply.fails,
            hint="Check the network, the proxy (if any) and the address, and try again.",
        )
    now = time.time()
    kind = "application/json" if reply.body[:1] in ("{", "[") else "text/plain"
    headers = {"date": formatdate(now + reply.late, usegmt=True), "content-type": kind}
    return Response(reply.status, {**headers, **reply.headers}, reply.body.encode(), now, now)


@contextmanager
def answering(
    monkeypatch: pytest.MonkeyPatch, replies: Iterable[ExampleReply]
) -> Iterator[deque[ExampleReply]]:
    """Answer all sends from a list of replies, and yield the replies that are left."""
    left = deque(replies)

    def send(_client: object, _request: Request) -> Response:
        return answer(left.popleft())

    with monkeypatch.context() as patch:
        patch.setattr(client._Client, "send", send)
        yield left
