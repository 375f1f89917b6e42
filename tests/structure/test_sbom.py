"""The list of parts (S30)."""

import json
import re
import subprocess

from config.settings import ROOT


def test_the_list_of_parts_is_the_locks() -> None:
    written = subprocess.run([ROOT / "bin" / "sbom"], capture_output=True, check=True, cwd=ROOT).stdout
    document = json.loads(written)
    assert (document["bomFormat"], document["specVersion"]) == ("CycloneDX", "1.6")
    parts = {part["purl"]: part for part in document["components"]}
    locked = re.findall(
        r"^([A-Za-z0-9._-]+)==([^\s;]+)", (ROOT / "requirements.lock").read_text(), re.MULTILINE
    )
    assert {f"pkg:pypi/{name}@{version}" for name, version in locked} <= parts.keys()
    shipped = json.loads((ROOT / "admin-ui" / "package.json").read_text())["dependencies"]
    for name, version in shipped.items():
        assert f"pkg:npm/{name.replace('@', '%40')}@{version}" in parts
    assert all(part["hashes"] for purl, part in parts.items() if purl.startswith("pkg:pypi/"))
    assert not any("eslint" in purl or "pytest" in purl for purl in parts), "only what is shipped"
