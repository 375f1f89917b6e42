"""What is impossible stops the start with a sentence that names the setting, and not the desk later on."""

from pathlib import Path

import pytest
from pydantic import ValidationError

from config import settings
from config.settings import Settings, SettingsError

GIVEN = {"whatsapp_provider": "simulator", "secret_key": "x" * 32}


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("public_url", "https://example.com/desk"),
        ("public_url", "https://my desk.example.com"),
        ("public_url", "https:///"),
        ("public_url", "https://[::1"),
        ("public_url", "https://example.com:port"),
        ("redis_url", "127.0.0.1:6379"),
        ("redis_url", "http://127.0.0.1:6379"),
        ("redis_url", "redis://"),
        ("whatsapp_api_base_url", "graph.facebook.com"),
        ("media_url", "s3://"),
        ("media_url", "s3:///media"),
        ("database_url", "sqlite:"),
        ("database_url", "sqlite:///"),
        ("database_url", "mysql+pymysql://desk:word@127.0.0.1:port/desk"),
        ("database_url", "mysql+pymysql://desk:a@quark@127.0.0.1/desk"),
        ("database_url", "mysql+pymysql://desk:word@127.0.0.1"),
        ("database_url", "postgresql://desk:word@127.0.0.1/desk"),
    ],
)
def test_an_impossible_address_is_refused(name: str, value: str) -> None:
    with pytest.raises(SettingsError, match=name.upper()) as refused:
        Settings.model_validate(GIVEN | {name: value}).complete()
    assert "quark" not in str(refused.value), "a password stays where it is"


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("public_url", "https://support.example.com/"),
        ("public_url", "http://[::1]:8000"),
        ("redis_url", "redis://:word@127.0.0.1:6379/0"),
        ("redis_url", "rediss://redis.example.com"),
        ("redis_url", "unix:///run/redis.sock"),
        ("whatsapp_api_base_url", "http://127.0.0.1:9000/graph"),
        ("media_url", "s3://chat-support/media"),
        ("database_url", "sqlite:////var/lib/desk/desk.db"),
        ("database_url", "mysql+pymysql://desk:a%40quark@db1/desk?host=db2&host=db3:3307"),
        ("keep_media_days", "36500"),
    ],
)
def test_a_possible_one_is_taken(name: str, value: str) -> None:
    Settings.model_validate(GIVEN | {name: value}).complete()


@pytest.mark.parametrize(
    "name", ["keep_webhooks_days", "keep_events_days", "keep_media_days", "keep_conversations_days"]
)
def test_no_day_before_the_first_is_counted_back_to(name: str) -> None:
    """The clock would fail in every round, and what is older than today would never go."""
    with pytest.raises(ValidationError, match=name):
        Settings.model_validate(GIVEN | {name: "999999"})


def test_a_file_in_another_encoding_is_said_in_a_sentence(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / ".env").write_bytes("BUSINESS_NAME=Adé's shop".encode("latin-1"))
    monkeypatch.setitem(Settings.model_config, "env_file", tmp_path / ".env")
    with pytest.raises(SettingsError, match="UTF-8"):
        settings.get_settings.__wrapped__()


@pytest.mark.parametrize(
    ("lines", "number"),
    [
        ('BUSINESS_NAME="Trade by Barter\nDATABASE_URL="mysql+pymysql://u:p@h/d"\n', 1),
        ("PORT=8400\n\nBUSINESS_NAME='Ada's shop'\n", 3),
        ("# the desk\nDATABASE_URL mysql+pymysql://u:p@h/d\n", 2),
    ],
)
def test_a_line_that_is_no_setting_is_refused_by_its_number(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, lines: str, number: int
) -> None:
    """It would be passed over, and the desk would begin with an empty database of its own."""
    (tmp_path / ".env").write_text(lines)
    monkeypatch.setitem(Settings.model_config, "env_file", tmp_path / ".env")
    with pytest.raises(SettingsError, match=f"line {number} ") as told:
        settings.get_settings.__wrapped__()
    assert "u:p" not in str(told.value)


def test_quotes_comments_and_empty_lines_are_taken(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    lines = "# a desk\n\nexport BUSINESS_NAME=\"Ada's shop\" # ours\nREDIS_URL=\nADMIN_EMAIL='a@b.org'"
    (tmp_path / ".env").write_text(lines)
    monkeypatch.setitem(Settings.model_config, "env_file", tmp_path / ".env")
    monkeypatch.delenv("BUSINESS_NAME", raising=False)
    assert settings.get_settings.__wrapped__().business_name == "Ada's shop"
