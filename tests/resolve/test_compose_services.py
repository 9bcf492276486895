"""`extends` and `include` in compose files, held against compose-go v2's own tests and code."""

from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path

import pytest

from sfcred.errors import NotKnown
from sfcred.resolve.context import Context
from sfcred.resolve.environment.read import read_environment
from sfcred.resolve.n8n_side import environment_callback
from sfcred.resolve.values import Values

END = "/rest/oauth2-credential/callback"
#: The file that n8n.env_file names, below the project.
FILE = "deploy/compose.yml"
N8N = "services: {n8n: {image: n8nio/n8n, extends: %s}}"


def address(project: Path, files: Mapping[str, str], service: str | None = None) -> str:
    """Return the address that the files tell, or why they don't."""
    for name, text in files.items():
        (project / name).parent.mkdir(exist_ok=True, parents=True)
        (project / name).write_text(text, encoding="utf-8")
    values = Values(Context(project=project, now=datetime.now(UTC), environ={}))
    try:
        found = read_environment(project / FILE, FILE, service, project, values)
        return environment_callback(found, (2, 40, 5)).url.removesuffix(END)
    except NotKnown as error:
        return f"{error.message} {error.hint}"


def service(name: str, *fields: str) -> str:
    return f"services:\n  {name}:\n" + "".join(f"    {field}\n" for field in fields)


def env(*variables: str) -> str:
    return f"environment: [{', '.join(variables)}]"


@pytest.mark.parametrize(
    ("files", "expected"),
    [
        (  # loader/extends_test.go, TestLoadExtendsSameFile and TestLoadExtendsListener: a chain
            {
                FILE: service("base", env("N8N_HOST=base.com", "N8N_PORT=80"))
                + "  middle: {extends: {service: base}, environment: {N8N_HOST: middle.com}}\n"
                "  n8n: {image: n8nio/n8n, extends: middle}\n"
            },
            "http://middle.com",
        ),
        (  # testdata/extends/withdir: another file, which extends a third next to it
            {
                FILE: N8N % "{file: ../dir/compose.yaml, service: test}",
                "dir/compose.yaml": service("test", "extends: {file: base.yaml, service: test}"),
                "dir/base.yaml": service("test", env("WEBHOOK_URL=https://third.com")),
            },
            "https://third.com",
        ),
        (  # testdata/subdir: an environment file is relative to the file that names it
            {
                FILE: N8N % "{file: ../dir/b.yml, service: b}",
                "dir/b.yml": service("b", "env_file: ./extra.env"),
                "dir/extra.env": "N8N_EDITOR_BASE_URL=https://extra.com",
                "deploy/extra.env": "N8N_EDITOR_BASE_URL=https://wrong.com",
            },
            "https://extra.com",
        ),
        (  # the image may come from the extended service; a list and a mapping are merged by key
            {
                FILE: "services: {web: {extends: {file: b.yml, service: b},"
                " environment: {N8N_PORT: 443}}}",
                "deploy/b.yml": service(
                    "b", "image: n8nio/n8n", env("N8N_HOST=b.com", "N8N_PROTOCOL=https")
                ),
            },
            "https://b.com",
        ),
        (  # environment files are appended, so that of the service itself wins
            {
                FILE: service("n8n", "image: n8nio/n8n", "extends: base", "env_file: own.env")
                + "  base: {env_file: [base.env]}\n",
                "deploy/own.env": "N8N_EDITOR_BASE_URL=https://own.com",
                "deploy/base.env": "N8N_EDITOR_BASE_URL=https://base.com",
            },
            "https://own.com",
        ),
        (  # override/uncity.go: one that is there twice keeps its first place
            {
                FILE: service("n8n", "image: n8nio/n8n", "extends: base", "env_file: [a.env]")
                + "  base: {env_file: [a.env, b.env]}\n",
                "deploy/a.env": "N8N_EDITOR_BASE_URL=https://a.com",
                "deploy/b.env": "N8N_EDITOR_BASE_URL=https://b.com",
            },
            "https://b.com",
        ),
        (  # `environment` of the extended service wins over the environment file of the service
            {
                FILE: service("n8n", "image: n8nio/n8n", "extends: base", "env_file: a.env")
                + "  base: {environment: {N8N_EDITOR_BASE_URL: 'https://inline.com'}}\n",
                "deploy/a.env": "N8N_EDITOR_BASE_URL=https://a.com",
            },
            "https://inline.com",
        ),
        (  # an extended file is interpolated from the main file's .env, not from its own
            {
                FILE: N8N % "{file: '../dir/${PART_PATH}.yml', service: b}",
                "deploy/.env": "SITE=right\nPART_PATH=b",
                "dir/.env": "SITE=wrong",
                "dir/b.yml": service("b", env("'N8N_EDITOR_BASE_URL=https://${SITE}.com'")),
            },
            "https://right.com",
        ),
        (  # testdata/extends/base.yaml, `nil`: an empty service
            {
                FILE: service("n8n", "image: n8nio/n8n", "extends: nil", env("N8N_HOST=own.com"))
                + "  nil:\n"
            },
            "http://own.com:5678",
        ),
        (  # an override's service is merged over the whole of the main file's
            {
                FILE: service("n8n", "image: n8nio/n8n", "extends: base", env("N8N_PORT=80"))
                + "  base: {environment: {N8N_HOST: base.com}}\n",
                "deploy/compose.override.yml": service("n8n", "extends: more")
                + "  more: {environment: {N8N_HOST: more.com}}\n",
            },
            "http://more.com",
        ),
        (  # a worker that extends the main process is a worker
            {
                FILE: service("n8n", "image: n8nio/n8n", env("N8N_HOST=main.com"))
                + "  worker: {extends: n8n, command: worker}\n"
            },
            "http://main.com:5678",
        ),
        (  # testdata/include/compose.yaml, with paths relative to the included file
            {
                FILE: "include: [../dir/included.yaml]\n",
                "dir/included.yaml": service("n8n", "image: n8nio/n8n", "env_file: n.env"),
                "dir/n.env": "N8N_EDITOR_BASE_URL=https://included.com",
            },
            "https://included.com",
        ),
        (  # types/mapping.go, Merge: the main .env wins over that of the included file
            {
                FILE: "include: [../dir/i.yaml]\n",
                "deploy/.env": "SITE=main",
                "dir/.env": "SITE=own\nDOMAIN=own.com",
                "dir/i.yaml": service(
                    "n8n", "image: n8nio/n8n", env("'WEBHOOK_URL=https://${SITE}.${DOMAIN}'")
                ),
            },
            "https://main.own.com",
        ),
        (  # loader/include_test.go, TestLoadWithIncludeEnv
            {
                FILE: "include: [{path: [../dir/i.yaml], env_file: [./custom.env]}]\n",
                "deploy/custom.env": "N8N_HOST=custom.com",
                "dir/.env": "N8N_HOST=wrong.com",
                "dir/i.yaml": service("n8n", "image: n8nio/n8n", env("N8N_HOST")),
            },
            "http://custom.com:5678",
        ),
        (  # loader/include_test.go, TestNestedIncludeAndExtends
            {
                FILE: "include: [{project_directory: .., path: ../dir/included.yaml}]\n",
                "dir/included.yaml": N8N % "{file: dir/extended.yaml, service: e}",
                "dir/extended.yaml": service("e", env("N8N_HOST=e.com")),
            },
            "http://e.com:5678",
        ),
        (  # loader/include.go, importResource: the file itself wins over what it includes
            {
                FILE: "include: [a.yml, b.yml]\n" + service("n8n", env("N8N_PROTOCOL=https")),
                "deploy/a.yml": service(
                    "n8n", "image: n8nio/n8n", env("N8N_HOST=a.com", "N8N_PROTOCOL=http")
                ),
                "deploy/b.yml": service("n8n", env("N8N_HOST=b.com", "N8N_PORT=443")),
            },
            "https://a.com",
        ),
        (  # an extended service can be an included one
            {
                FILE: "include: [a.yml]\n" + service("n8n", "image: n8nio/n8n", "extends: base"),
                "deploy/a.yml": service("base", env("N8N_HOST=a.com")),
            },
            "http://a.com:5678",
        ),
        (  # an included file that includes another
            {
                FILE: "include: [../one/i.yml]\n",
                "one/i.yml": "include: [two/i.yml]\n",
                "one/two/i.yml": service("n8n", "image: n8nio/n8n", "env_file: n.env"),
                "one/two/n.env": "N8N_HOST=deep.com",
            },
            "http://deep.com:5678",
        ),
        (  # cli/options.go: no environment file instead of the one next to the included file
            {
                FILE: "include: [{path: sub/b.yml, env_file: /dev/null}]\n",
                "deploy/sub/b.yml": service(
                    "n8n", "image: n8nio/n8n", env("'N8N_HOST=${DOMAIN:-no.com}'")
                ),
                "deploy/sub/.env": "DOMAIN=yes.com",
            },
            "http://no.com:5678",
        ),
    ],
)
def test_what_a_service_extends_and_a_file_includes(
    tmp_path: Path, files: dict[str, str], expected: str
) -> None:
    assert address(tmp_path, files) == expected


OWN = env("N8N_HOST=own.com", "N8N_PORT=80")
OUTSIDE = "outside the project, so it is not read"


@pytest.mark.parametrize(
    ("files", "reason"),
    [
        ({FILE: N8N % "{file: gone.yml, service: n8n}"}, "can't be read"),
        ({FILE: N8N % "gone"}, "one that isn't there"),
        ({FILE: N8N % "[]"}, "one that isn't there"),
        ({FILE: N8N % "{file: b.yml}", "deploy/b.yml": N8N % "x"}, "one that isn't there"),
        (
            {FILE: N8N % "{file: b.yml, service: c}", "deploy/b.yml": service("b", OWN)},
            "one that isn't there",
        ),
        ({FILE: N8N % "n8n"}, "names itself"),
        ({FILE: N8N % "b" + "\n# b", "deploy/compose.override.yml": "a: ["}, "override file"),
        ({FILE: service("n8n", "extends: b") + "  b: {extends: n8n}"}, "names itself"),
        (
            {
                FILE: N8N % "{file: b.yml, service: b}",
                "deploy/b.yml": service("b", "extends: {file: compose.yml, service: n8n}"),
            },
            "names itself",
        ),
        ({FILE: N8N % "{file: ../../../etc/b.yml, service: b}"}, OUTSIDE),
        ({FILE: N8N % "{file: /etc/hosts, service: b}"}, OUTSIDE),
        ({FILE: N8N % "{file: ~/b.yml, service: b}"}, OUTSIDE),
        ({FILE: N8N % "{file: 'https://github.com/x/y.git', service: b}"}, "can't be read"),
        ({FILE: N8N % "{file: '${SITE}.yml', service: b}"}, "${SITE}"),
        (
            {FILE: N8N % "{file: b.yml, service: b}", "deploy/b.yml": "a: 1\n---\na: 1\n"},
            "names a compose file that sfcred can't read",
        ),
        (
            {FILE: N8N % "{file: b.yml, service: b}", "deploy/b.yml": "a: !!binary null\n"},
            "names a compose file that sfcred can't read",
        ),
        (  # what an extended file includes is not read by Compose
            {
                FILE: N8N % "{file: b.yml, service: c}",
                "deploy/b.yml": "include: [c.yml]\n",
                "deploy/c.yml": service("c", OWN),
            },
            "one that isn't there",
        ),
        (  # an override extends only what is in the override file
            {
                FILE: service("n8n", "image: n8nio/n8n") + "  base: {restart: always}\n",
                "deploy/compose.override.yml": service("n8n", "extends: base"),
            },
            "one that isn't there",
        ),
        (  # what can't be read could set `environment`, which wins over the environment file
            {
                FILE: service("n8n", "extends: {file: gone.yml, service: b}", "env_file: n.env"),
                "deploy/n.env": "N8N_EDITOR_BASE_URL=https://n.com\nN8N_ENDPOINT_REST=rest",
            },
            "can't be read",
        ),
        ({FILE: "include: [gone.yml]\n"}, "can't be read"),
        ({FILE: "include: [../../x.yml]\n" + service("n8n", OWN)}, OUTSIDE),
        ({FILE: "include: [oci://docker.io/x/y]\n"}, "can't be read"),
        (  # only on Windows, this is a path below a folder
            {FILE: "include: ['sub\\b.yml']\n", "deploy/sub\\b.yml": service("n8n", OWN)},
            "names a compose file that sfcred can't read",
        ),
        ({FILE: "include: [{env_file: x.env}]\n"}, "names a compose file that sfcred can't read"),
        ({FILE: "include: [compose.yml]\n"}, "names itself"),
        ({FILE: "include: [b.yml]\n", "deploy/b.yml": "include: [b.yml]\n"}, "names itself"),
        (
            {
                FILE: "include: [{path: b.yml, env_file: gone.env}]\n",
                "deploy/b.yml": service("n8n", OWN),
            },
            "can't be read",
        ),
        (
            {
                FILE: "include: [b.yml]\n",
                "deploy/b.yml": "include: [{path: c.yml, env_file: c.env}]\n",
            },
            "its own folder or environment file",
        ),
        (  # loader/include_test.go, TestLoadWithIncludeEnv: only the included file sees it
            {
                FILE: "include: [{path: b.yml, env_file: c.env}]\n"
                + service("n8n", "image: n8nio/n8n", env("N8N_HOST")),
                "deploy/b.yml": service("other", env("N8N_HOST")),
                "deploy/c.env": "N8N_HOST=included.com",
            },
            "N8N_HOST has no value",
        ),
        (  # compose-go resolves only lists there
            {
                FILE: "include: [{path: b.yml, env_file: c.env}]\n",
                "deploy/b.yml": service("n8n", "image: n8nio/n8n", "environment: {N8N_HOST: }"),
                "deploy/c.env": "N8N_HOST=included.com",
            },
            "N8N_HOST has no value",
        ),
    ],
)
def test_what_can_t_be_read_with_certainty_is_not_known(
    tmp_path: Path, files: dict[str, str], reason: str
) -> None:
    found = address(tmp_path / "project", files)
    assert reason in found
    assert "n8n.url" in found or "override file" in found


def test_what_the_service_sets_itself_is_known_all_the_same(tmp_path: Path) -> None:
    own = env("N8N_EDITOR_BASE_URL=https://own.com", "N8N_ENDPOINT_REST=rest")
    extends = "extends: {file: gone.yml, service: n8n}"
    assert address(tmp_path, {FILE: service("n8n", extends, own)}) == "https://own.com"


def test_a_link_out_of_the_project_is_not_followed(tmp_path: Path) -> None:
    project = tmp_path / "project"
    (project / "deploy").mkdir(parents=True)
    (tmp_path / "b.yml").write_text(service("b", OWN), encoding="utf-8")
    (project / "deploy" / "b.yml").symlink_to(tmp_path / "b.yml")
    assert OUTSIDE in address(project, {FILE: N8N % "{file: b.yml, service: b}"})


def test_chains_and_files_have_a_limit(tmp_path: Path) -> None:
    chain = "".join(f"  s{n}: {{extends: s{n + 1}}}\n" for n in range(40))
    found = address(tmp_path, {FILE: service("n8n", "extends: s0") + chain + "  s40: {}\n"})
    assert "more than 20 compose files" in found
    files = {f"deploy/{n}.yml": service(f"s{n}", "restart: always") for n in range(25)}
    names = ", ".join(f"{n}.yml" for n in range(25))
    found = address(tmp_path, {FILE: f"include: [{names}]\n", **files})
    assert "more than 20 compose files" in found


def test_a_file_that_is_included_many_times_counts_each_time(tmp_path: Path) -> None:
    """Otherwise two entries in each of twenty files would be a million files to merge."""
    own = service("n8n", "image: n8nio/n8n", env("N8N_HOST=a.com"))
    files = {f"deploy/{n}.yml": f"include: [{n + 1}.yml, {n + 1}.yml]\n{own}" for n in range(5)}
    last = {"deploy/5.yml": own}
    found = address(tmp_path, {FILE: f"include: [0.yml]\n{own}", **files, **last})
    assert "more than 20 compose files" in found


def test_no_secret_of_an_included_environment_file_is_shown(tmp_path: Path) -> None:
    files = {
        FILE: "include: [{path: b.yml, env_file: c.env}]\n",
        "deploy/b.yml": service("n8n", "image: n8nio/n8n", env("'N8N_HOST=${SITE}'")),
        "deploy/c.env": "DB_PASSWORD=canary\nSITE=${DB_PASSWORD}\n",
    }
    found = address(tmp_path, files)
    assert "name could be that of a secret" in found
    assert "canary" not in found


BASE = service("n8n", "image: n8nio/n8n", env("N8N_HOST=first.com", "N8N_PORT=80"))


@pytest.mark.parametrize(
    ("files", "expected"),
    [
        # loader/loader.go, loadYamlFile (compose-go #451): documents are merged in their order.
        ({FILE: BASE + "---\n" + service("n8n", env("N8N_HOST=second.com"))}, "http://second.com"),
        ({FILE: "volumes: {data: }\n---\n" + BASE}, "http://first.com"),
        ({FILE: "---\n# empty\n---\n" + BASE + "---\n"}, "http://first.com"),
        (
            {
                FILE: BASE + "---\n" + service("n8n", env("N8N_HOST=second.com")),
                "deploy/compose.override.yml": "a: 1\n---\n"
                + service("n8n", env("N8N_HOST=third.com")),
            },
            "http://third.com",
        ),
        (
            {
                FILE: "name: x\n---\ninclude: [b.yml]\n",
                "deploy/b.yml": BASE + "---\n" + service("n8n", env("N8N_HOST=b.com")),
            },
            "http://b.com",
        ),
        (  # issue 10984 of docker/compose: a service extends one of its own document
            {FILE: service("base", env("N8N_HOST=a.b")) + "---\n" + N8N % "base"},
            "one that isn't there",
        ),
        ({FILE: BASE + "---\n[1]\n"}, "is of a kind that sfcred can't read"),
        (
            {FILE: BASE + "---\napiVersion: v1\nkind: ConfigMap\n"},
            "is of a kind that sfcred can't read",
        ),
        ({FILE: "a: 1\n---\nb: 1\n"}, "is of a kind that sfcred can't read"),
    ],
)
def test_the_documents_of_a_file_are_merged(
    tmp_path: Path, files: dict[str, str], expected: str
) -> None:
    assert expected in address(tmp_path, files)


@pytest.mark.parametrize(
    ("number", "expected"), [(19, "http://first.com"), (20, "has more than 20 YAML documents")]
)
@pytest.mark.parametrize("is_included", [False, True])
def test_so_many_documents_are_merged(
    tmp_path: Path, number: int, expected: str, is_included: bool
) -> None:
    # Each can chain hundreds of services, and merging takes the longer, the more there are.
    text = BASE + "---\nservices: {a: {}}\n" * number
    files = {FILE: "include: [b.yml]\n", "deploy/b.yml": text} if is_included else {FILE: text}
    assert expected in address(tmp_path, files)
