"""Imports point down the page of the design."""

import ast
import subprocess
import sys
from pathlib import Path

import pytest

from config.settings import ROOT
from tests.structure.tracked_files import tracked_files

LINT_IMPORTS = Path(sys.executable).with_name("lint-imports")
ENTRIES = {"main", "cli", "test_support_feature"}
ALLOWED = {("cli.py", "main")}  # `serve` runs the app and `openapi` describes it


def imported_by(path: Path) -> set[str]:
    """The top-level names of everything that a file imports."""
    names: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Import):
            names |= {alias.name.partition(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            names.add(node.module.partition(".")[0])
    return names


def test_the_layers_hold() -> None:
    done = subprocess.run(
        [LINT_IMPORTS, "--no-logo", "--no-cache"], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr


@pytest.mark.parametrize("entry", sorted(ENTRIES))
def test_the_product_does_not_import_its_own_entries(entry: str) -> None:
    product = [
        path
        for path in tracked_files()
        if path.suffix == ".py" and path.relative_to(ROOT).parts[0] not in {"tests", "benchmarks", "bin"}
    ]
    importers = {str(path.relative_to(ROOT)) for path in product if entry in imported_by(path)}
    assert {name for name in importers if (name, entry) not in ALLOWED} == set()
    assert product
