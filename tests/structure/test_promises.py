"""docs/promises.md says what is promised and what shows it; only the results in it may be of another day."""

import ast
import re

import pytest

from tests.promises import PAGE, PROMISES, _of_file, marked_tests, rows

ROW = re.compile(r"^\| (P\d+) \| (.+?) \| (.*?) \| [^|]* \| [^|]* \|$", re.MULTILINE)


def test_the_page_is_as_the_tests_are() -> None:
    assert ROW.findall(PAGE.read_text()) == list(rows()), "run bin/promises and commit docs/promises.md"


def test_every_promise_has_a_test_or_says_why_not() -> None:
    tests = marked_tests()
    assert tests.keys() <= PROMISES.keys()
    for number, promise in PROMISES.items():
        assert bool(tests.get(number)) != bool(promise.untested), number


@pytest.mark.parametrize(
    ("line", "found"),
    [
        ('pytestmark = [pytest.mark.slow, pytest.mark.promise("P1", "P2")]', {"P1", "P2"}),
        ('pytestmark = pytest.mark.promise("P1")', {"P1"}),
        ("pytestmark = pytest.mark.slow", set()),
        ('other = pytest.mark.promise("P1")', set()),
    ],
)
def test_a_mark_of_a_file_is_found(line: str, found: set[str]) -> None:
    assert _of_file(ast.parse(line).body[0]) == found
