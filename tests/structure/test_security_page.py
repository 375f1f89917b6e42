"""docs/security.md names tests that exist, for every row of the table."""

import re

from config.settings import ROOT

PAGE = ROOT / "docs" / "security.md"
ROWS = re.findall(r"^\| (S\d+) \|.*$", PAGE.read_text(encoding="utf-8"), re.MULTILINE)


def test_every_row_is_there_and_shown_by_a_test_that_exists() -> None:
    assert [f"S{number}" for number in range(1, 33)] == ROWS
    for line in PAGE.read_text(encoding="utf-8").splitlines():
        if not (row := re.match(r"\| (S\d+) \|", line)):
            continue
        named = re.findall(r"`([\w./-]+\.(?:py|ts))::([^`]+)`", line)
        assert named, row[1]
        for path, name in named:
            text = (ROOT / path).read_text(encoding="utf-8")
            written = f"def {name}(" if path.endswith(".py") else f'test("{name}"'
            assert written in text, (row[1], path, name)


def test_the_page_claims_no_level() -> None:
    text = PAGE.read_text(encoding="utf-8")
    assert not re.search(r"compl(ies|iant|y) with|certified|ASVS L[123] (met|reached)", text, re.IGNORECASE)
    assert "mapped to" in text
