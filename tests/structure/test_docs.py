"""The pages about commands and events say what there is, all of it and nothing else."""

import re

import typer.main
from typer.core import TyperGroup

from cli import app
from config.settings import ROOT
from models import Base
from realtime.events import EventKind


def page(name: str) -> str:
    return (ROOT / "docs" / name).read_text()


def test_every_command_has_a_section() -> None:
    commands = typer.main.get_command(app)
    assert isinstance(commands, TyperGroup)
    assert set(re.findall(r"^## `([a-z-]+)`$", page("cli.md"), re.MULTILINE)) == set(commands.commands)


def test_every_kind_of_event_is_in_the_table() -> None:
    assert set(re.findall(r"^\| `([a-z]+\.[a-z_]+)` ", page("events.md"), re.MULTILINE)) == set(EventKind)


def test_every_table_is_in_the_data_map() -> None:
    named = set(re.findall(r"`([a-z_]+)`", page("privacy.md")))
    assert set(Base.metadata.tables) - named == set(), "docs/privacy.md says whose data each table holds"
