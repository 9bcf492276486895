"""The certificate authorities that sfcred trusts when it sends something."""

import threading
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from sfcred.http.messages import Unreachable
from sfcred.own_files import TLS, find_brought_along

if TYPE_CHECKING:
    import ssl


class Trust:
    """The trusted certificate authorities, read once because reading them takes time.

    Args:
        project: The project's root. Authorities from there are never used.
    """

    def __init__(self, project: Path) -> None:
        self._project = project
        self._reading = threading.Lock()

    @property
    def anchors(self) -> "ssl.SSLContext":
        """The ones that httpx trusts: certifi's, or those in SSL_CERT_FILE or SSL_CERT_DIR.

        Raises:
            Unreachable: SSL_CERT_FILE or SSL_CERT_DIR can't be read, or is inside the project.
        """
        with self._reading:
            return self._anchors

    @cached_property
    def _anchors(self) -> "ssl.SSLContext":
        import httpx

        brought = find_brought_along(TLS, self._project)
        if brought is not None:
            raise Unreachable(f"nothing is sent: {brought.why}", hint=brought.hint)
        try:
            return httpx.create_ssl_context()
        except OSError:  # ssl's errors are some of these
            raise Unreachable(
                "the certificates in SSL_CERT_FILE or SSL_CERT_DIR can't be read",
                hint="Set the variable to a PEM file, or unset it.",
            ) from None
