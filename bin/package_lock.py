"""Completes admin-ui/package-lock.json with the binaries of other systems.

A registry that mirrors only what its own machines need leaves them out of the lock; then `npm ci` refuses the
lock, and a Mac would find no compiler in it. Their exact versions stand in the package that asks for them.
"""

import json
import re
from typing import Any

from bin.install import ADMIN_UI

SYSTEMS = (
    "aix",
    "android",
    "darwin",
    "freebsd",
    "linux",
    "netbsd",
    "openbsd",
    "openharmony",
    "sunos",
    "win32",
)
PROCESSORS = ("arm64", "arm", "ia32", "loong64", "mips64el", "ppc64", "riscv64", "s390x", "x64")


def main() -> None:
    """Write the lock file again, its packages in npm's order."""
    path = ADMIN_UI / "package-lock.json"
    lock = json.loads(path.read_text())
    packages: dict[str, dict[str, Any]] = lock["packages"]
    for entry in list(packages.values()):
        for name, version in entry.get("optionalDependencies", {}).items():
            place = f"node_modules/{name}"
            if place not in packages and re.fullmatch(r"\d+\.\d+\.\d+", version):
                packages[place] = _binary(name, version, for_tests=entry.get("dev", False))
    lock["packages"] = dict(sorted(packages.items()))
    path.write_text(json.dumps(lock, indent=2, ensure_ascii=False) + "\n")


def _binary(name: str, version: str, *, for_tests: bool) -> dict[str, Any]:
    words = name.rpartition("/")[2].split("-")
    entry = {
        "version": version,
        "cpu": [word for word in words if word in PROCESSORS],
        "dev": for_tests,
        "optional": True,
        "os": [word for word in words if word in SYSTEMS],
    }
    return {key: value for key, value in entry.items() if value}


if __name__ == "__main__":
    main()
