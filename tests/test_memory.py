"""Garbage collection is off while a short run imports, and normal in long-running commands."""

import contextlib
import gc
import json
import socket
import subprocess
import sys
import time
from pathlib import Path

import pytest

from sfcred.memory import collect_as_usual, postpone_collection
from tests.helpers.ports import free_port
from tests.helpers.project import Project
from tests.hostile.servers import PATIENCE, Running, ask, variables

#: The process as `sfcred` starts it, and one that reports when garbage is collected.
START = "import sys\nfrom sfcred.__main__ import run\nrun()\n"
WATCH = """\
import sys, threading, time, weakref
class Node: pass
def garbage():
    node = Node()
    node.itself = node
    return weakref.ref(node)
def watch():
    made = []
    while all(one() is not None for one in made):
        made.append(garbage())
        time.sleep(0.1)
    print("garbage was collected", file=sys.stderr, flush=True)
threading.Thread(target=watch, daemon=True).start()
"""
#: How often the collector ran after sfcred's start, printed when the process ends.
COUNT = """\
import atexit, gc, json, sys
found = {"runs": 0}
def note(phase, _info):
    found["runs"] += phase == "stop" and "sfcred.cli" in sys.modules
gc.callbacks.append(note)
def tell():
    left = {"threshold": gc.get_threshold()[0], "frozen": gc.get_freeze_count()}
    sys.stderr.write(json.dumps({**found, **left}))
atexit.register(tell)
"""


@pytest.fixture(autouse=True)
def _no_network() -> None:
    """Allow loopback, also from this process."""


def counted(*arguments: str | Path) -> dict[str, int]:
    """Return how often garbage was collected in a run, and the collector's state at its end."""
    done = subprocess.run(
        [sys.executable, "-c", COUNT + START, *map(str, arguments)],
        env=variables(), capture_output=True, encoding="utf-8", timeout=PATIENCE, check=False,
    )  # fmt: skip
    found: dict[str, int] = json.loads(done.stderr.splitlines()[-1])
    return found


def test_a_short_run_collects_nothing(project: Project) -> None:
    assert counted("doctor", project.credential("{}\n", "oauth2"))["runs"] == 0
    assert counted("doctor", project.credential())["runs"] == 0


def test_nothing_is_collected_as_the_process_ends(project: Project) -> None:
    assert counted("doctor", project.credential())["frozen"] > 10_000
    assert counted("doctor", "acme.txt")["frozen"] > 10_000  # an error


def test_a_run_over_many_specs_collects(project: Project) -> None:
    for index in range(500):  # each with findings, which are kept until the report
        fragment = f"name: acme-{index}\nclient_id: {{env: NONE}}\nn8n: {{id: acme{index}}}\n"
        project.credential(fragment, "oauth2", f"specs/{index}.yaml")
    found = counted("doctor", "specs", "--format", "json")
    assert found["runs"] > 0
    assert found["threshold"] == gc.get_threshold()[0]


def test_the_first_collection_brings_the_usual_rhythm_back() -> None:
    usual = gc.get_threshold()
    postpone_collection()
    assert gc.isenabled()
    assert gc.get_threshold()[0] > 100_000
    gc.collect()
    assert gc.get_threshold() == usual
    callbacks = list(gc.callbacks)
    collect_as_usual()  # a second call does nothing
    assert (gc.get_threshold(), gc.callbacks) == (usual, callbacks)


def has_loopback() -> bool:
    """Tell whether this machine can connect to itself: a network namespace by itself can't."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        try:
            socket.create_connection(server.getsockname(), timeout=5).close()
        except OSError:
            return False
    return True


@pytest.mark.skipif(sys.platform == "win32", reason="processes end as on POSIX")
@pytest.mark.skipif(not has_loopback(), reason="this machine can't connect to itself")
@pytest.mark.parametrize("command", ["local-org", "login"])
def test_what_serves_collects_while_it_serves(project: Project, command: str) -> None:
    port = free_port()
    options = ["--port", str(port)]
    if command == "login":
        options += ["--no-browser", "--no-check"]
    fragment = f"""\
oauth2: {{refresh_token: {{file: token}}}}
app: {{callback_urls: ['http://localhost:{port}/OauthRedirect']}}
"""
    spec = project.credential(fragment, "oauth2")
    with Running(command, spec, *options, stream="stderr", before=WATCH + START) as running:
        began = time.monotonic()
        while "garbage was collected\n" not in running.said:
            assert time.monotonic() - began < PATIENCE, running.said
            assert running.process.poll() is None, running.said
            with contextlib.suppress(ConnectionError):  # it doesn't listen yet
                ask(port, "GET / HTTP/1.1", f"Host: localhost:{port}")
