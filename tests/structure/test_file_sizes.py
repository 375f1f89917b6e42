"""Files stay small enough to be read at a sitting."""

from pathlib import Path

import pytest

from config.settings import ROOT
from tests.structure.tracked_files import tracked_files

LIMITS = {".py": 300, ".ts": 250, ".tsx": 250}


def is_generated(path: Path) -> bool:
    return path.name.endswith(".gen.ts")


@pytest.mark.parametrize("ending", LIMITS)
def test_no_file_is_longer_than_the_house_allows(ending: str) -> None:
    lengths = {
        str(path.relative_to(ROOT)): len(path.read_text().splitlines())
        for path in tracked_files()
        if path.suffix == ending and not is_generated(path)
    }
    assert lengths
    assert {name: lines for name, lines in lengths.items() if lines > LIMITS[ending]} == {}
