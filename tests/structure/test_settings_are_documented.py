"""Every setting stands in .env.example and in docs/settings.md, and nothing stands there that is not one."""

import re

from config.settings import ROOT, Settings

NAMES = {name.upper() for name in Settings.model_fields}
ENV_EXAMPLE = ROOT / ".env.example"
PAGE = ROOT / "docs" / "settings.md"


def test_env_example_lists_every_setting() -> None:
    assert set(re.findall(r"^#?([A-Z_]+)=", ENV_EXAMPLE.read_text(), re.MULTILINE)) == NAMES


def test_the_page_explains_every_setting() -> None:
    assert set(re.findall(r"^### `([A-Z_]+)`$", PAGE.read_text(), re.MULTILINE)) == NAMES


def test_each_explanation_has_a_default_and_an_example() -> None:
    sections = re.split(r"^### ", PAGE.read_text(), flags=re.MULTILINE)[1:]
    incomplete = [
        section.splitlines()[0]
        for section in sections
        if not re.search(r"^- Default: ", section, re.MULTILINE)
        or not re.search(r"^- Example: ", section, re.MULTILINE)
    ]
    assert incomplete == []


def test_env_example_taken_as_it_is_changes_nothing() -> None:
    taken = Settings(_env_file=ENV_EXAMPLE)
    environment_only = Settings(_env_file=None)
    assert taken == environment_only


def test_the_examples_are_values_that_the_settings_take() -> None:
    uncommented = re.sub(r"^#([A-Z_]+=)", r"\1", ENV_EXAMPLE.read_text(), flags=re.MULTILINE)
    given = dict(re.findall(r"^([A-Z_]+)=(.*)$", uncommented, re.MULTILINE))
    Settings.model_validate({name.lower(): value for name, value in given.items() if value})
