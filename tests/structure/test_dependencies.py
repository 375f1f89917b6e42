"""What the product stands on: locked by version and hash, tied to no registry, not older than is safe."""

import json
import re
import tomllib
from importlib import metadata

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name
from packaging.version import Version

from config.settings import ROOT

LOCKS = ("requirements.lock", "requirements-dev.lock", "requirements-node.lock")
FLOORS = {  # the first versions without known holes in parsing requests
    "fastapi": "0.132",
    "starlette": "1.3.1",
    "python-multipart": "0.0.31",
}


@pytest.mark.parametrize("name", FLOORS)
def test_no_installed_version_is_older_than_is_safe(name: str) -> None:
    installed = {str(canonicalize_name(found.name)): found.version for found in metadata.distributions()}
    version = installed.get(name)
    assert version is not None or name == "python-multipart"  # needed for forms only, and we have none
    assert version is None or Version(version) >= Version(FLOORS[name])


@pytest.mark.parametrize("lock", LOCKS)
def test_every_locked_package_has_one_version_and_hashes(lock: str) -> None:
    text = (ROOT / lock).read_text().replace("\\\n", " ")
    requirements = [line.partition("--hash") for line in text.splitlines() if line.strip()]
    assert requirements
    for requirement, has_hash, _ in requirements:
        assert [clause.operator for clause in Requirement(requirement).specifier] == ["=="], requirement
        assert has_hash, requirement


@pytest.mark.parametrize("lock", [*LOCKS, "admin-ui/package-lock.json"])
def test_no_lock_file_names_an_address(lock: str) -> None:
    text = (ROOT / lock).read_text()
    if lock.endswith(".json"):
        packages = json.loads(text)["packages"]
        assert [name for name, package in packages.items() if "resolved" in package] == []
    else:
        assert re.findall(r"^.*(?:://|--index|--find-links).*$", text, re.MULTILINE) == []


@pytest.mark.parametrize(
    ("lock", "groups"), [("requirements.lock", []), ("requirements-dev.lock", ["test", "checks"])]
)
def test_the_lock_holds_everything_that_is_asked_for(lock: str, groups: list[str]) -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())
    asked = [
        *project["project"]["dependencies"],
        *(n for g in groups for n in project["dependency-groups"][g]),
    ]
    locked = dict(re.findall(r"^([A-Za-z0-9._-]+)==(\S+)", (ROOT / lock).read_text(), re.MULTILINE))
    for requirement in map(Requirement, asked):
        assert locked.get(canonicalize_name(requirement.name), "") in requirement.specifier, requirement


def test_the_dashboards_lock_is_in_step_with_what_it_asks_for() -> None:
    asked = json.loads((ROOT / "admin-ui" / "package.json").read_text())
    locked = json.loads((ROOT / "admin-ui" / "package-lock.json").read_text())["packages"]
    for kind in ("dependencies", "devDependencies"):
        assert locked[""].get(kind, {}) == asked.get(kind, {})
        for name, version in asked.get(kind, {}).items():
            assert locked[f"node_modules/{name}"]["version"] == version
