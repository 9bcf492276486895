"""sfcred doctor beside check-jsonschema, on the same files, in one run; the figures are ratios.

    python scripts/bench.py [--specs 2000] [--memory 10000]

Both are run as whole processes, in turn, and the medians are compared. Every check is on, and the
specs have keys and certificates of their own. Times depend on the machine; ratios much less.
"""

import argparse
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from scripts.demo import make_key

ROOT = Path(__file__).resolve().parents[1]
BIN = Path(sys.executable).parent
SPEC = """\
# yaml-language-server: $schema=credential.schema.json
version: 1
name: acme-{n}
description: Acme CRM {n}, read by the n8n lead workflows
environment: sandbox
my_domain: https://acme--uat.sandbox.my.salesforce.com
client_id: {{env: ACME_CLIENT_ID}}
jwt:
  username: n8n@acme.com.uat
  private_key: {{file: keys/{key}.key}}
  certificate: keys/{key}.crt
app:
  type: external_client_app
  label: n8n
  contact_email: crm@acme.com
  scopes: [api, refresh_token]
  callback_urls: [https://n8n.acme.com/rest/oauth2-credential/callback]
  pre_authorized: true
  permission_sets: [n8n_Integration]
n8n:
  url: https://n8n.acme.com
  version: "2.40.5"
"""


def main() -> int:
    """Prints the ratios and the memory."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--specs", type=int, default=2000)
    parser.add_argument("--memory", type=int, default=10_000)
    given = parser.parse_args()
    folder = Path(tempfile.mkdtemp(prefix="sfcred-bench-"))
    try:
        _compare(folder, given.specs)
        _weigh(folder, given.memory)
    finally:
        shutil.rmtree(folder)
    return 0


def _compare(folder: Path, number: int) -> None:
    files = _write(folder / "one", 1, keys=1)
    _print("one spec, cold", _ratio(folder / "one", files, rounds=15), "0.8")
    files = _write(folder / "many", number, keys=number)
    _print(f"{number} specs", _ratio(folder / "many", files, rounds=3), "0.7")


def _write(folder: Path, number: int, *, keys: int) -> list[str]:
    folder.mkdir(parents=True)
    made = min(keys, 40)  # making keys is slow: copies have other names, and are read one by one
    for key in range(keys):
        if key < made:
            (folder / "new").mkdir()
            make_key(folder / "new" / "x", "k")
            (folder / "keys").mkdir(exist_ok=True)
            for suffix in ("key", "crt"):
                shutil.move(folder / f"new/x/k.{suffix}", folder / f"keys/{key}.{suffix}")
            shutil.rmtree(folder / "new")
        else:
            for suffix in ("key", "crt"):
                shutil.copy(folder / f"keys/{key % made}.{suffix}", folder / f"keys/{key}.{suffix}")
    names = [f"acme-{n}.yaml" for n in range(number)]
    for n, name in enumerate(names):
        (folder / name).write_text(SPEC.format(n=n, key=n % keys))
    return names


def _ratio(folder: Path, files: list[str], rounds: int) -> tuple[float, float]:
    schema = str(ROOT / "schemas/credential.schema.json")
    ours = [str(BIN / "sfcred"), "doctor", "."]
    theirs = [str(BIN / "check-jsonschema"), "--schemafile", schema, *files]
    _time(ours, folder)
    _time(theirs, folder)  # both once, so that bytecode and files are at hand
    times = [(_time(ours, folder), _time(theirs, folder)) for _ in range(rounds)]
    return statistics.median(t[0] for t in times), statistics.median(t[1] for t in times)


def _time(command: list[str], folder: Path) -> float:
    environ = {**os.environ, "ACME_CLIENT_ID": "3MVG9" + "benchConsumerKey" * 5}
    environ.pop("PYTHONDONTWRITEBYTECODE", None)
    began = time.perf_counter()
    done = subprocess.run(
        command, cwd=folder, env=environ, capture_output=True, text=True, check=False
    )
    elapsed = time.perf_counter() - began
    if done.returncode:
        sys.exit(
            f"{command[0]}: exit {done.returncode}\n{done.stdout[-2000:]}{done.stderr[-2000:]}"
        )
    return elapsed


def _print(what: str, times: tuple[float, float], goal: str) -> None:
    ours, theirs = times
    print(
        f"{what}: sfcred doctor {ours:.3f} s, check-jsonschema {theirs:.3f} s, "
        f"ratio {ours / theirs:.2f} (goal: at most {goal})",
        flush=True,
    )


def _weigh(folder: Path, number: int) -> None:
    _write(folder / "fleet", number, keys=40)
    environ = {**os.environ, "ACME_CLIENT_ID": "3MVG9" + "benchConsumerKey" * 5}
    pid = os.posix_spawn(
        str(BIN / "sfcred"), ["sfcred", "doctor", str(folder / "fleet")], environ,
        file_actions=[(os.POSIX_SPAWN_OPEN, 1, os.devnull, os.O_WRONLY, 0)],
    )  # fmt: skip
    _pid, status, usage = os.wait4(pid, 0)
    print(
        f"{number} specs: {usage.ru_maxrss / 1024:.0f} MB at most (goal: under 100), "
        f"{usage.ru_utime + usage.ru_stime:.1f} s, exit {os.waitstatus_to_exitcode(status)}"
    )


if __name__ == "__main__":
    sys.exit(main())
