"""Run tests with a CPython for Windows, under Wine.

    python scripts/wine.py tests/test_settings.py

It needs Python 3.11, and from Debian wine64, gcc-mingw-w64-x86-64, libz-mingw-w64-dev and make. The
first run builds everything in .wine, which takes minutes:

- python.exe: python311.dll and the modules that belong to it come from panda3d's wheel, which ships
  them for programs that are deployed with it. The standard library is that of the running Python.
- the packages of requirements/, as wheels for Windows.
- openssl.exe and git.exe, from Debian's sources. Both are needed by many tests.

Wine isn't Windows: it makes no links, and checks no permissions.
"""

import os
import re
import shlex
import shutil
import subprocess
import sys
import sysconfig
import zipfile
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
WINE = ROOT / ".wine"
PYTHON, SITE, SOURCES, TOOLS = WINE / "python", WINE / "site", WINE / "sources", WINE / "tools"
WHEEL = (
    "panda3d==1.10.16 "
    "--hash=sha256:37acfb92655c4226879f95c988e2ef1449a53c54486d6c1ebc00e2772429af82"
)
OPTIONS = "--no-deps --platform win_amd64 --python-version 3.11 --only-binary :all:"
MINGW = "x86_64-w64-mingw32-"
PYTHON_EXE = """
#include <windows.h>
int Py_Main(int, wchar_t **);
int wmain(int argc, wchar_t **argv) { return Py_Main(argc, argv); }
"""
# Wine 8 lacks this library, and Rust's standard library needs it.
RANDOM_DLL = """
#include <windows.h>
#include <ntsecapi.h>
__declspec(dllexport)
BOOL WINAPI ProcessPrng(PUCHAR to, SIZE_T size) { return RtlGenRandom(to, size); }
"""
DEBIAN = "[signed-by=/usr/share/keyrings/debian-archive-keyring.gpg] http://deb.debian.org/debian"
LIBRARIES = ("libssp-0.dll", "zlib1.dll")
PYTHON_BUILD = f"""
{MINGW}gcc -municode exe.c python311.dll -o python.exe
{MINGW}gcc -shared random.c -ladvapi32 -o bcryptprimitives.dll
{MINGW}gcc -shared -nostdlib -Wl,--entry,0 python3.def -o python3.dll
"""
OPENSSL = f"""
./Configure mingw64 --cross-compile-prefix={MINGW} no-shared no-tests no-module --openssldir=/ssl
make -j2 build_generated
make -j2 apps/openssl.exe
"""
# Git's own Makefile is for Windows' file names, which ignore case. Wine has no MSYS terminals.
GIT = f"""
sed -i s/NTSecAPI.h/ntsecapi.h/ wrapper.c
sed -i -e s/Psapi.h/psapi.h/ -e s/tlHelp32.h/tlhelp32.h/ compat/win32/trace2_win32_process_info.c
sed -i 's/^\\t\\tdetect_msys_tty(.)/\\t\\t(void)detect_msys_tty/' compat/winansi.c
make -j2 git.exe MSYSTEM=MINGW64 uname_S=MINGW uname_R=2 CC={MINGW}gcc AR={MINGW}ar\
 RC='{MINGW}windres -O coff' CFLAGS=-O1 USE_LIBPCRE= HAVE_LIBCHARSET_H= NEEDS_LIBICONV= NO_ICONV=1\
 NO_CURL=1 NO_OPENSSL=1 NO_EXPAT=1 NO_GETTEXT=1 NO_PERL=1 NO_PYTHON=1 NO_TCLTK=1
"""


def run(*command: str | Path, folder: Path = ROOT) -> None:
    subprocess.run(command, cwd=folder, check=True)


def run_each(commands: str, folder: Path) -> None:
    for command in commands.strip().splitlines():
        run(*shlex.split(command), folder=folder)


def output(*command: str | Path) -> str:
    return subprocess.check_output(command, encoding="utf-8").strip()


def download(requirements: str, *command: str | Path) -> None:
    file = WINE / "requirements.txt"
    file.write_text(requirements, encoding="utf-8")
    run(sys.executable, "-m", "pip", *command, *OPTIONS.split(), "--require-hashes", "-r", file)


def build_python() -> None:
    download(WHEEL, "download", "--quiet", "--dest", WINE)
    PYTHON.mkdir()
    with zipfile.ZipFile(next(WINE.glob("panda3d*.whl"))) as wheel:
        for name in wheel.namelist():
            if name.startswith("deploy_libs/"):
                (PYTHON / Path(name).name).write_bytes(wheel.read(name))
    left_out = shutil.ignore_patterns("site-packages", "lib-dynload", "__pycache__")
    shutil.copytree(sysconfig.get_path("stdlib"), PYTHON / "Lib", ignore=left_out)
    paths = PYTHON / "Lib/site-packages/tests.pth"
    paths.parent.mkdir()
    paths.write_text(f"Z:{SITE}\nZ:{ROOT}\n", encoding="utf-8")
    listed = output(f"{MINGW}objdump", "-p", PYTHON / "python311.dll").partition("Name Pointer")[2]
    names = sorted(set(re.findall(r"\b_?Py\w+$", listed, re.MULTILINE)))
    forwards = "EXPORTS\n" + "".join(f"{name}=python311.{name}\n" for name in names)
    sources = {"exe.c": PYTHON_EXE, "random.c": RANDOM_DLL, "python3.def": forwards}
    for name, text in sources.items():
        (PYTHON / name).write_text(text, encoding="utf-8")
    run_each(PYTHON_BUILD, PYTHON)


def install_packages() -> None:
    """Install what is pinned. pip itself would read the markers for this system."""
    files = [ROOT / f"requirements/{name}.txt" for name in ("build", "demo", "dev")]
    pinned = "".join(file.read_text(encoding="utf-8") for file in files)
    pinned = re.sub(
        r"^\S+ ; sys_platform == 'linux'.*\n( +--hash.*\n)+", "", pinned, flags=re.MULTILINE
    )
    download(re.sub(r" ; [^\\]+", " ", pinned), "install", "--quiet", "--target", SITE)


def build_tools() -> None:
    """Build openssl.exe and git.exe from this Debian's sources, which apt verifies."""
    release = Path("/etc/os-release").read_text(encoding="utf-8")
    suite = re.findall(r"^VERSION_CODENAME=(\w+)", release, re.MULTILINE)[0]
    shutil.rmtree(SOURCES, ignore_errors=True)  # of a build that was interrupted
    (SOURCES / "lists").mkdir(parents=True)
    (SOURCES / "sources.list").write_text(f"deb-src {DEBIAN} {suite} main\n", encoding="utf-8")
    lists = f"-o Dir::State::Lists={SOURCES}/lists -o Dir::Etc::SourceParts=-"
    apt = f"apt-get --quiet {lists} -o Dir::Etc::SourceList={SOURCES}/sources.list"
    run_each(f"{apt} update\n{apt} source --download-only openssl git", SOURCES)
    for name, commands in (("openssl", OPENSSL), ("git", GIT)):
        archive = next(SOURCES.glob(f"{name}_*.orig.tar.?z"))
        (SOURCES / name).mkdir()
        run("tar", "-xf", archive, "-C", SOURCES / name, "--strip-components", "1")
        run_each(commands, SOURCES / name)
    settings = WINE / "prefix/drive_c/ssl"
    settings.mkdir(parents=True, exist_ok=True)
    shutil.copy(SOURCES / "openssl/apps/openssl.cnf", settings)
    TOOLS.mkdir()
    libraries = [output(f"{MINGW}gcc", f"-print-file-name={name}") for name in LIBRARIES]
    for file in ("openssl/apps/openssl.exe", "git/git.exe", *libraries):
        shutil.copy(SOURCES / file, TOOLS)


def run_tests(arguments: list[str]) -> int:
    """Run pytest with a Windows user's environment, and with pipes for its streams.

    Wine 8 hands Python no file and no terminal of Linux that it could use.
    """
    options = ["-m", "pytest", "-n", "0", "-p", "no:cacheprovider", *arguments]
    environ = {"PATH": f"{os.environ['PATH']}:/usr/lib/wine", "HOME": os.environ["HOME"]}
    environ |= {"WINEPREFIX": str(WINE / "prefix"), "WINEPATH": f"Z:{TOOLS}", "WINEDEBUG": "-all"}
    with subprocess.Popen(
        ["wine64", PYTHON / "python.exe", *options],
        env=environ, cwd=ROOT,
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
    ) as tests:  # fmt: skip
        for line in iter(tests.stdout.readline if tests.stdout else bytes, b""):
            sys.stdout.buffer.write(line)
            sys.stdout.flush()
    return tests.returncode


def main() -> int:
    if sys.version_info[:2] != (3, 11):
        sys.exit("python311.dll needs the standard library of Python 3.11.")
    WINE.mkdir(exist_ok=True)
    for made, make in ((PYTHON, build_python), (SITE, install_packages), (TOOLS, build_tools)):
        if not made.exists():
            try:
                make()
            except BaseException:  # begin again next time
                shutil.rmtree(made, ignore_errors=True)
                raise
    return run_tests(sys.argv[1:])


if __name__ == "__main__":
    sys.exit(main())
