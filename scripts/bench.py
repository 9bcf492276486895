"""Compare the speed of `sfcred doctor` with other tools, on the same files; the results are ratios.

    python scripts/bench.py [--specs 2000] [--memory 10000] [--logins 1000]
        [--only offline|live|hostile|workflows]

Offline, compare with check-jsonschema; live, with the Salesforce CLI at the same local org. All
tools run as whole processes, alternately, and the medians are compared. Every check is on, and the
specs have their own keys and certificates. Ratios depend on the machine much less than times.
"""

import argparse
import contextlib
import json
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import NamedTuple

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
  label: n8n {n}
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
    """Print the ratios and the memory."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--specs", type=int, default=2000)
    parser.add_argument("--memory", type=int, default=10_000)
    parser.add_argument("--logins", type=int, default=1000)
    parser.add_argument("--only", choices=["offline", "live", "hostile", "workflows"])
    given = parser.parse_args()
    folder = Path(tempfile.mkdtemp(prefix="sfcred-bench-"))
    try:
        if given.only in (None, "hostile"):
            _worst()
        if given.only in (None, "offline"):
            _compare(folder, given.specs)
            _weigh(folder, given.memory)
        if given.only in (None, "workflows"):
            _workflows(folder / "workflows", 1000)
        if given.only in (None, "live"):
            _live_one(folder)
            _live_fleet(folder, given.logins)
    finally:
        shutil.rmtree(folder)
    return 0


def _worst() -> None:
    """Print the inputs of up to 2 MB that take the most processor time."""
    from tests.hostile.sizes import CAPS, OTHERS, SPECS, Input, measure

    figures = []
    for name, case in SPECS.items():
        text = case(1_000_000).files["acme.yaml"]
        both = Input({"s/a.yaml": text, "s/b.yaml": text}, ("doctor", "s"))
        figures.append((measure(both, 60).seconds, f"two specs of 1 MB: {name}"))
        figures.append((measure(case(2_000_000), 60).seconds, f"a spec of 2 MB: {name}"))
    for name, case in OTHERS.items():
        if name == "export: one name":
            continue  # 26,000 credentials, one file each: this measures the disk
        size = CAPS.get(name.partition(":")[0], 2_000_000)
        figures.append((measure(case(size), 60).seconds, f"{size // 1000} KB: {name}"))
    print("the slowest inputs, in processor seconds (goal: under 5):")
    for seconds, name in sorted(figures, reverse=True)[:8]:
        print(f"  {seconds:5.2f}  {name}", flush=True)


def _compare(folder: Path, number: int) -> None:
    files = _write(folder / "one", 1, keys=1)
    _print("one spec, cold", _ratio(folder / "one", files, rounds=15), "0.6")
    files = _write(folder / "many", number, keys=number)
    _print(f"{number} specs", _ratio(folder / "many", files, rounds=3), "0.3")


def _write(folder: Path, number: int, *, keys: int) -> list[str]:
    folder.mkdir(parents=True)
    made = min(keys, 40)  # making keys is slow; copies have other names, and each is read
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
        (folder / name).write_text(SPEC.format(n=n, key=n % keys), encoding="utf-8")
    return names


def _ratio(folder: Path, files: list[str], rounds: int) -> tuple[float, float]:
    schema = str(ROOT / "schemas/credential.schema.json")
    ours = [str(BIN / "sfcred"), "doctor", "."]
    theirs = [str(BIN / "check-jsonschema"), "--schemafile", schema, *files]
    _time(ours, folder)
    _time(theirs, folder)  # run both once, so that bytecode and files are cached
    times = [(_time(ours, folder), _time(theirs, folder)) for _ in range(rounds)]
    return statistics.median(t[0] for t in times), statistics.median(t[1] for t in times)


def _time(command: list[str], folder: Path, environ: dict[str, str] | None = None) -> float:
    environ = {**(environ or os.environ), "ACME_CLIENT_ID": CLIENT_ID}
    environ.pop("PYTHONDONTWRITEBYTECODE", None)
    began = time.perf_counter()
    done = subprocess.run(
        command, cwd=folder, env=environ, capture_output=True, encoding="utf-8", check=False
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
    environ = {**os.environ, "ACME_CLIENT_ID": CLIENT_ID}
    spent = _spend(["sfcred", "doctor", str(folder / "fleet")], environ)
    print(
        f"{number} specs: {spent.megabytes:.0f} MB at most (goal: under 100), "
        f"{spent.seconds:.1f} s, exit {spent.status}"
    )


class Spent(NamedTuple):
    """What a process used: processor time, and memory at most."""

    seconds: float
    megabytes: float
    status: int


def _spend(arguments: list[str], environ: Mapping[str, str]) -> Spent:
    pid = os.posix_spawn(
        str(BIN / "sfcred"), arguments, environ,
        file_actions=[(os.POSIX_SPAWN_OPEN, 1, os.devnull, os.O_WRONLY, 0)],
    )  # fmt: skip
    _pid, status, usage = os.wait4(pid, 0)
    seconds, megabytes = usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024
    return Spent(seconds, megabytes, os.waitstatus_to_exitcode(status))


def _workflows(folder: Path, number: int) -> None:
    """Measure `sfcred needs` on workflows of eight nodes, made from the oracle's cases."""
    cases = json.loads((ROOT / "tests/needs/oracle.json").read_text(encoding="utf-8"))
    folder.mkdir()
    code = {"type": "n8n-nodes-base.code", "parameters": {"jsCode": "return items;\n" * 60}}
    for index in range(number):
        nodes = [
            {"name": f"n{place}", "typeVersion": 1, "position": [0, 0], **code}
            if place % 2
            else {
                "name": f"n{place}",
                "type": cases[(index * 4 + place) % len(cases)]["type"],
                "typeVersion": 1,
                "position": [0, 0],
                "parameters": cases[(index * 4 + place) % len(cases)]["parameters"],
                "credentials": {"salesforceOAuth2Api": {"id": f"c{index % 20}", "name": "x"}},
            }
            for place in range(8)
        ]
        flow = {"id": str(index), "name": f"flow {index}", "nodes": nodes, "connections": {}}
        (folder / f"{index}.json").write_text(json.dumps(flow, indent=2), encoding="utf-8")
    spent = _spend(["sfcred", "needs", "--workflows", str(folder), "--format", "json"], os.environ)
    print(
        f"{number} workflows: {spent.seconds:.2f} s of processor time (goal: under 1), "
        f"{spent.megabytes:.0f} MB, exit {spent.status}"
    )


CLIENT_ID = "3MVG9" + "benchmark0Aa.Bb_" * 5
LATENCY, JOBS, CALLS = 0.1, 50, 3  # seconds; at a time; token, query and userinfo


@contextlib.contextmanager
def _local_org(folder: Path, latency: float = 0.0) -> Iterator[str]:
    """Run a local org in a separate process, and yield its address."""
    command = [str(BIN / "sfcred"), "local-org", ".", "--port", "0"]
    command += ["--latency", str(round(latency * 1000))]
    environ = {**os.environ, "ACME_CLIENT_ID": CLIENT_ID, "PYTHONUNBUFFERED": "1"}
    with subprocess.Popen(command, cwd=folder, env=environ, stdout=subprocess.PIPE) as process:
        first = process.stdout.readline().decode() if process.stdout else ""
        try:
            yield first.split()[3]
        finally:
            process.terminate()


def _live_one(folder: Path) -> None:
    """Compare one login, from the command's start to its end, with the Salesforce CLI's."""
    from scripts.e2e_install import SF_ENVIRON, node_path, sf_home

    sf = sf_home() / "node_modules/.bin/sf"
    if not sf.exists():
        print("one login: not compared, the Salesforce CLI is missing (make e2e installs it)")
        return
    where = folder / "login"
    _write(where, 1, keys=1)
    theirs_environ = {**os.environ, "PATH": node_path(), "HOME": str(where), **SF_ENVIRON}
    with _local_org(where) as url:
        ours = [str(BIN / "sfcred"), "doctor", ".", "--local-org", url]
        theirs = [
            str(sf), "org", "login", "jwt", "--username", "n8n@acme.com.uat", "--jwt-key-file",
            "keys/0.key", "--client-id", CLIENT_ID, "--instance-url", url,
        ]  # fmt: skip
        times = [(_time(ours, where), _time(theirs, where, theirs_environ)) for _ in range(8)]
    # The first round only warms up.
    our_time, their_time = (statistics.median(t[side] for t in times[1:]) for side in (0, 1))
    print(
        f"one login: sfcred doctor --live {our_time:.3f} s, sf org login jwt {their_time:.3f} s, "
        f"ratio {our_time / their_time:.2f} (goal: at most 0.3)",
        flush=True,
    )


def _live_fleet(folder: Path, number: int) -> None:
    """Compare many logins at a slow org with the time that latency and signing alone require."""
    where = folder / "logins"
    _write(where, number, keys=40)
    for index, spec in enumerate(sorted(where.glob("*.yaml"))):  # each has its own app
        text = spec.read_text(encoding="utf-8").replace(
            "{env: ACME_CLIENT_ID}", f"{CLIENT_ID}{index:04}"
        )
        spec.write_text(text, encoding="utf-8")
    signing = _sign(where, number)
    ideal = LATENCY * CALLS * number / JOBS + signing
    with _local_org(where, LATENCY) as url:
        command = [str(BIN / "sfcred"), "doctor", ".", "--local-org", url, "--jobs", str(JOBS)]
        elapsed = statistics.median(_time(command, where) for _ in range(3))
    print(
        f"{number} logins, {JOBS} at a time, {LATENCY * 1000:.0f} ms latency: {elapsed:.2f} s; "
        f"ideal {ideal:.2f} s ({signing:.2f} s of it signing), ratio {elapsed / ideal:.2f} "
        "(goal: at most 1.25)",
        flush=True,
    )


def _sign(folder: Path, number: int) -> float:
    """Return how long signing that many assertions takes, including reading the keys."""
    import jwt
    from cryptography.hazmat.primitives.serialization import load_pem_private_key

    pems = [(folder / f"keys/{key}.key").read_bytes() for key in range(min(number, 40))]
    keys = [load_pem_private_key(pem, None) for pem in pems]
    began = time.perf_counter()
    for index in range(number):
        claims = {"iss": CLIENT_ID, "sub": "n8n@acme.com.uat", "aud": "x", "exp": 1}
        jwt.encode(claims, keys[index % len(keys)], algorithm="RS256")  # type: ignore[arg-type]
    return time.perf_counter() - began


if __name__ == "__main__":
    sys.exit(main())
