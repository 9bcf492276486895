"""A stand-in for Vault's transit engine that records its requests, and spellings of its address."""

import base64
import json
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import NamedTuple

from hypothesis import strategies as st


class Vault(NamedTuple):
    """A server, with the path and token of each request to it."""

    url: str
    asked: list[tuple[str, str | None]]


@contextmanager
def vault() -> Iterator[Vault]:
    """Run a server that encrypts by encoding."""
    asked: list[tuple[str, str | None]] = []

    class Handler(BaseHTTPRequestHandler):
        def do_PUT(self) -> None:
            asked.append((self.path, self.headers.get("X-Vault-Token")))
            given = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            data = (
                {"ciphertext": f"vault:v1:{given['plaintext']}"}
                if "encrypt" in self.path
                else {"plaintext": given["ciphertext"].removeprefix("vault:v1:")}
            )
            body = json.dumps({"data": data}).encode()
            self.send_response(200)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        do_POST = do_PUT  # noqa: N815 - http.server's names

        def do_GET(self) -> None:
            asked.append((self.path, self.headers.get("X-Vault-Token")))
            self.send_error(404)

        def log_message(self, *_given: object) -> None:
            return

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield Vault(f"http://127.0.0.1:{server.server_port}", asked)
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


# -- the ways to write one name


def _escaped(name: str) -> str:
    return '"' + "".join(f"\\x{ord(letter):02x}" for letter in name) + '"'


def _encoded(name: str) -> str:
    return f"!!binary {base64.b64encode(name.encode()).decode()}"


_YAML_NAMES = st.sampled_from(
    ["{}", '"{}"', "'{}'", "!!str {}", "!<tag:yaml.org,2002:str> {}", "&n {}", "? {}\n          "]
)
YAML_NAME = st.one_of(
    _YAML_NAMES.map(lambda form: form.format("vault_address")),
    st.sampled_from([_escaped("vault_address"), _encoded("vault_address"), "Vault_Address", "<<"]),
)
_YAML_VALUES = [
    "{}",
    '"{}"',
    "'{}'",
    "!!str {}",
    "&v {}",
    ">-\n            {}",
    "|-\n            {}",
]


@st.composite
def yaml_files(draw: st.DrawFn, evil: str, own: str) -> str:
    """Return a YAML file that names somebody else's server in some spelling."""
    name, value = draw(YAML_NAME), draw(st.sampled_from(_YAML_VALUES)).format(evil)
    rest = (
        "engine_path: transit\n          key_name: k\n          enc: vault:v1:AAAA\n"
        "          created_at: '2026-01-01T00:00:00Z'\n"
    )
    foreign = f"        - {name}: {value}\n          {rest}"
    right = f"        - vault_address: {own}\n          {rest}"
    keys = draw(st.sampled_from([foreign, right + foreign, foreign + right]))
    end = "    lastmodified: '2026-01-01T00:00:00Z'\n    mac: ENC[x]\n    version: 3.11.0\n"
    section = draw(
        st.sampled_from(
            [
                "sops:\n    hc_vault:\n",
                "sops:\n    key_groups:\n      - hc_vault:\n",
                "'sops':\n    hc_vault:\n",
                "!!str sops:\n    hc_vault:\n",
                '"\\x73ops":\n    hc_vault:\n',
                f"{_encoded('sops')}:\n    hc_vault:\n",
                "? sops\n:\n    hc_vault:\n",
                "<<:\n  sops:\n    hc_vault:\n",
                f"sops: {{hc_vault: [{{vault_address: {own}}}]}}\nsops:\n    hc_vault:\n",
            ]
        )
    )
    before = draw(
        st.sampled_from(
            ["", "a: b\n", "---\n", "a: &x {}\n", "%YAML 1.1\n---\n", "\ufeff", "# c\n"]
        )
    )
    after = draw(
        st.sampled_from(["", "z: 1\n", f"---\nsops:\n    hc_vault:\n{right}{end}", "...\n"])
    )
    text = f"{before}{section}{keys}{end}{after}"
    return text.replace("\n", draw(st.sampled_from(["\n", "\n", "\r\n", "\u2028", "\x85"])))


@st.composite
def json_files(draw: st.DrawFn, evil: str, own: str) -> str:
    """Return a JSON file that names somebody else's server in some spelling."""

    def spelled(name: str) -> str:
        forms = [
            name,
            name.upper(),
            name.title(),
            name.replace("s", "\u017f"),
            "".join(f"\\u{ord(letter):04x}" for letter in name),
        ]
        return draw(st.sampled_from(forms))

    rest = (
        '"engine_path": "transit", "key_name": "k", "enc": "vault:v1:AAAA", '
        '"created_at": "2026-01-01T00:00:00Z"'
    )
    foreign = f'{{"{spelled("vault_address")}": "{evil}", {rest}}}'
    right = f'{{"vault_address": "{own}", {rest}}}'
    keys = draw(st.sampled_from([foreign, f"{right}, {foreign}"]))
    both = f'{{"vault_address": "{own}", "{spelled("vault_address")}": "{evil}", {rest}}}'
    keys = draw(st.sampled_from([keys, both]))
    end = '"lastmodified": "2026-01-01T00:00:00Z", "mac": "ENC[x]", "version": "3.11.0"'
    section = f'"{spelled("sops")}": {{"{spelled("hc_vault")}": [{keys}], {end}}}'
    other = f'"sops": {{"hc_vault": [{right}], {end}}}'
    body = draw(st.sampled_from([section, f"{section}, {other}", f"{other}, {section}"]))
    around = draw(st.sampled_from(["{{{}}}", '{{"a": 1, {}}}', "{{{}}} trailing", "\ufeff{{{}}}"]))
    return around.format(body)


@st.composite
def flat_files(draw: st.DrawFn, evil: str, own: str, *, ini: bool) -> str:
    """Return an .env or .ini file that names somebody else's server in some spelling."""
    start = "" if ini else "sops_"
    name = f"{start}hc_vault__list_{draw(st.integers(0, 1))}__map_vault_address"
    form = draw(
        st.sampled_from(
            ["{}={}", "{} = {}", "{} : {}", '"{}" = {}', "`{}` = {}", '"""{}""" = {}', " {}={}",
             "\t{}={}", "{}=\\\n{}", '{} = "{}"', "{} = `{}`", "{} = {} ; c", "export {}={}"]
        )
    )  # fmt: skip
    name = draw(st.sampled_from([name, name.upper(), name.replace("__", "__", 1)]))
    foreign = form.format(name, evil) + "\n"
    rest = "".join(
        f"{start}hc_vault__list_{number}__map_{key}={value}\n"
        for number in (0, 1)
        for key, value in {
            "engine_path": "transit",
            "key_name": "k",
            "enc": "vault:v1:AAAA",
            "created_at": "2026-01-01T00:00:00Z",
        }.items()
    )
    right = f"{start}hc_vault__list_0__map_vault_address={own}\n"
    end = f"{start}lastmodified=2026-01-01T00:00:00Z\n{start}mac=ENC[x]\n{start}version=3.11.0\n"
    lines = draw(st.permutations([foreign, right, rest, end]))
    if not ini:
        return "A=b\n" + "".join(lines)
    header = draw(st.sampled_from(["[sops]", "[ sops ]", '["sops"]', "[sops];", "[SOPS]"]))
    text = f"[x]\na = b\n\n{header}\n" + "".join(lines)
    return text + draw(st.sampled_from(["", f"[sops]\n{foreign}"]))
