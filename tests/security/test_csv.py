"""S18: files that a spreadsheet opens."""

import csv
import io
import re

import pytest
from sqlalchemy.orm import Session

from config.settings import ROOT
from models.admin import Role
from services import admin_service
from services.csv_writer import rows_as_csv
from tests.running_desk import RunningDesk
from tests.structure.tracked_files import tracked_files

FORMULAS = [
    "=1+1",
    "=cmd|' /C calc'!A0",
    '=HYPERLINK("http://canary.example","x")',
    "+1+1",
    "-1+1",
    "@SUM(1)",
    "\t=1+1",
    "\r=1+1",
    "\n=1+1",
    "\x00=1+1",
    "＝1+1",
    "＋1",
    "－1",
    "＠SUM(1)",
    '"=1+1',
    "a\r\n=1+1",
    "a;=1+1",
    'a","=1+1',
    " =1+1",
    "\u200b=1+1",
    "\ufeff=1+1",
]
STARTS = ("=", "+", "-", "@", "＝", "＋", "－", "＠", "\t", "\r", "\n", "\x00")


@pytest.mark.parametrize("formula", FORMULAS)
def test_no_cell_is_a_formula(formula: str) -> None:
    written = "".join(rows_as_csv(("name",), [(formula,), ("after",)]))
    rows = list(csv.reader(io.StringIO(written.removeprefix("\ufeff"), newline="")))
    assert len(rows) == 3, "no cell makes a row of its own"
    assert [len(row) for row in rows] == [1, 1, 1], "nor a column"
    shown = rows[1][0]
    assert not shown.lstrip(" \u200b\ufeff").startswith(STARTS), shown
    assert shown.endswith(formula.strip("\x00")) or formula in shown


def test_there_is_one_writer() -> None:
    writing = [
        path.relative_to(ROOT).as_posix()
        for path in tracked_files()
        if path.suffix == ".py"
        and "tests" not in path.parts
        and re.search(r"\bcsv\.(writer|DictWriter)\b|from csv import", path.read_text(encoding="utf-8"))
    ]
    assert writing == ["services/csv_writer.py"]


def test_the_audit_log_can_be_opened_in_a_spreadsheet(desk: RunningDesk, db: Session) -> None:
    name = '=HYPERLINK("http://canary.example","Ada")'
    admin = admin_service.create(db, "eve@example.com", name, "tall-green-giraffe", Role.OWNER)
    login = {"email": admin.email, "password": "tall-green-giraffe"}
    assert desk.stranger.post("/api/auth/login", json=login).status_code == 200
    answer = desk.stranger.get("/api/audit/export")
    assert answer.status_code == 200
    assert answer.headers["content-type"].startswith("text/csv")
    assert answer.headers["content-disposition"].startswith("attachment")
    rows = list(csv.reader(io.StringIO(answer.text.removeprefix("\ufeff"), newline="")))
    cells = [cell for row in rows[1:] for cell in row]
    assert f"'{name}" in cells
    assert not any(cell.startswith(STARTS) for cell in cells)
