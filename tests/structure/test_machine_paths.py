"""Nothing in the tree depends on where somebody's copy of it lies."""

import re

from config.settings import ROOT
from tests.structure.tracked_files import tracked_files

MACHINE_PATH = re.compile(r"(?<![A-Za-z0-9.])/(?:root|home|work|farm|Users)/[A-Za-z0-9._-]+")


def test_no_file_names_a_path_of_some_machine() -> None:
    found = [
        f"{path.relative_to(ROOT)}: {match[0]}"
        for path in tracked_files()
        for match in MACHINE_PATH.finditer(path.read_text(errors="replace"))
    ]
    assert found == []
