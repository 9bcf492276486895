"""A server on another host than the org."""

import threading
from http.server import BaseHTTPRequestHandler, HTTPServer


class Elsewhere:
    """A server on another host than the org: it records the tokens that it gets, and has a record."""

    def __init__(self) -> None:
        self.tokens: list[str] = []
        tokens = self.tokens

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                tokens.append(self.headers.get("Authorization", ""))
                body = b'{"totalSize":1,"done":true,"records":[{"Id":"001000000000001AAA"}]}'
                self.send_response(200)
                self.send_header("Content-Type", "application/json")
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, *_arguments: object) -> None:
                pass

        self._server = HTTPServer(("127.0.0.1", 0), Handler)
        # n8n compares host names, and the org's is 127.0.0.1.
        self.url = f"http://localhost:{self._server.server_port}"
        threading.Thread(target=self._server.serve_forever, daemon=True).start()

    def close(self) -> None:
        self._server.shutdown()
        self._server.server_close()
