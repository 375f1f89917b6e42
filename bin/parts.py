"""The list of all parts that the product is made of, out of the lock files: a CycloneDX document."""

import base64
import json
import re
import sys
from collections.abc import Iterator
from typing import Any

from bin.install import ADMIN_UI
from bin.steps import ROOT

LOCK = ROOT / "requirements.lock"
NPM_LOCK = ADMIN_UI / "package-lock.json"


def document() -> dict[str, Any]:
    """What the server runs and what the dashboard ships; what only tests and builds is left out."""
    return {
        "bomFormat": "CycloneDX",
        "specVersion": "1.6",
        "version": 1,
        "metadata": {"component": {"type": "application", "name": "chat-support"}},
        "components": [*_python_parts(), *_dashboard_parts()],
    }


def _python_parts() -> Iterator[dict[str, Any]]:
    text = LOCK.read_text(encoding="utf-8").replace("\\\n", " ")
    for name, version, rest in re.findall(r"^([A-Za-z0-9._-]+)==([^\s;]+)(.*)$", text, re.MULTILINE):
        hashes = [{"alg": "SHA-256", "content": each} for each in re.findall(r"sha256:([0-9a-f]{64})", rest)]
        yield _part(name, version, f"pkg:pypi/{name}@{version}", hashes)


def _dashboard_parts() -> Iterator[dict[str, Any]]:
    for path, package in json.loads(NPM_LOCK.read_text(encoding="utf-8"))["packages"].items():
        name = path.rpartition("node_modules/")[2]
        if not name or package.get("dev"):
            continue
        version = package["version"]
        digest = base64.b64decode(package.get("integrity", "").removeprefix("sha512-")).hex()
        hashes = [{"alg": "SHA-512", "content": digest}] if digest else []  # a part within another's file
        yield _part(name, version, f"pkg:npm/{name.replace('@', '%40')}@{version}", hashes)


def _part(name: str, version: str, purl: str, hashes: list[dict[str, str]]) -> dict[str, Any]:
    return {"type": "library", "name": name, "version": version, "purl": purl, "hashes": hashes}


if __name__ == "__main__":
    json.dump(document(), sys.stdout, indent=1)
    print()
