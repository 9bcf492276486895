"""sfcred's own local org, served for a whole session, with a record of its requests."""

import contextlib
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from pathlib import Path

from sfcred.local_org.access import Access
from sfcred.local_org.options import ServerOptions
from sfcred.local_org.registry import Registry, register
from sfcred.local_org.serve import running, take_port
from sfcred.resolve.context import Context
from tests.helpers.project import credentials_of


class Org:
    """One org that learns the specs of each test.

    Attributes:
        url, host: Its address.
        requests: `METHOD path` of every request.
    """

    def __init__(self) -> None:
        self.requests: list[str] = []
        self._place = take_port(Registry((), ()), 0)
        self._stack = contextlib.ExitStack()
        self._stack.enter_context(running(self._place, ServerOptions(note=self.requests.append)))
        self.url = self._place.org.base_url
        self.host = self._place.host

    def close(self) -> None:
        """Stop serving."""
        self._stack.close()

    @property
    def logins(self) -> int:
        """Return how many tokens were granted."""
        return self._place.org.logins

    def know(self, specs: Iterable[Path], environ: Mapping[str, str]) -> None:
        """Learn specs, and read their references from these variables."""
        paths = list(specs)
        context = Context(
            project=paths[0].parent,
            now=datetime.now(UTC),
            environ=environ,
            allow_hosts=frozenset({self.host}),
        )
        found = credentials_of(paths, context)
        registry = register(found)
        assert registry.left_out == ()
        self._place.org.learn(registry)

    def expire_tokens(self) -> None:
        """End every session, so that the next call with its token answers 401."""
        for token in list(self._place.org._sessions):
            self._place.org.revoke(token)

    def limit(self, access: Access) -> None:
        """Limit what the users may do."""
        self._place.org.access = access

    def refuse(self, name: str) -> None:
        """Rehearse a refusal. An empty name ends it."""
        assert self._place.org.refuse(name)
