"""What the environment decides. Every setting is listed with its meaning in `.env.example`."""

import hashlib
import hmac
import os
import re
import secrets
from contextlib import suppress
from functools import lru_cache
from ipaddress import ip_network
from pathlib import Path
from tempfile import NamedTemporaryFile
from typing import Annotated, Literal
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from dotenv.parser import parse_stream
from pydantic import BeforeValidator, Field, PrivateAttr, SecretStr, ValidationError
from pydantic_settings import BaseSettings, SettingsConfigDict
from sqlalchemy import make_url
from sqlalchemy.exc import ArgumentError

ROOT = Path(__file__).resolve().parent.parent
GRAPH_API = "https://graph.facebook.com"
SIMULATED_PHONE_NUMBER_ID = "100000000000001"
SIMULATED_DISPLAY_PHONE_NUMBER = "2342013300000"
SIMULATED_BUSINESS_ACCOUNT_ID = "200000000000001"
SHORTEST_SECRET = 32
LONGEST_DAYS = 36_500
"""A hundred years: a few thousand before today there is no date to count back to."""

Trimmed = BeforeValidator(lambda value: value.strip() if isinstance(value, str) else value)


class SettingsError(Exception):
    """The environment asks for something unsafe or impossible; the text names the setting to change."""


class Settings(BaseSettings):
    """Read from the environment, then from `.env`; an empty value counts as not given."""

    model_config = SettingsConfigDict(
        env_file=ROOT / ".env", env_ignore_empty=True, extra="ignore", str_strip_whitespace=True
    )

    database_url: str = ""
    redis_url: str = ""
    host: str = "127.0.0.1"
    port: int = Field(default=8000, ge=1, le=65535)
    public_url: str = ""
    trusted_proxies: str = ""
    admin_email: str = ""
    admin_password: SecretStr = SecretStr("")
    secret_key: SecretStr = SecretStr("")
    data_dir: Path = ROOT / "var"
    media_url: str = ""
    whatsapp_provider: Annotated[Literal["", "simulator", "cloud"], Trimmed] = ""
    whatsapp_api_base_url: str = ""
    whatsapp_api_version: str = Field(default="v25.0", pattern=r"^v\d+\.\d+$")
    whatsapp_phone_number_id: str = ""
    whatsapp_business_account_id: str = ""
    whatsapp_access_token: SecretStr = SecretStr("")
    whatsapp_app_secret: SecretStr = SecretStr("")
    whatsapp_verify_token: SecretStr = SecretStr("")
    keep_webhooks_days: int = Field(default=30, ge=1, le=LONGEST_DAYS)
    keep_events_days: int = Field(default=7, ge=1, le=LONGEST_DAYS)
    keep_media_days: int = Field(default=730, ge=0, le=LONGEST_DAYS)
    keep_conversations_days: int = Field(default=2190, ge=0, le=LONGEST_DAYS)
    business_name: str = "Chat Support"
    business_timezone: str = "Africa/Lagos"
    _further_numbers: tuple[str, ...] = PrivateAttr(())

    @property
    def whatsapp_phone_number_ids(self) -> tuple[str, ...]:
        """All numbers of the desk. From the first, `whatsapp_phone_number_id`, it writes to new customers."""
        return (self.whatsapp_phone_number_id, *self._further_numbers)

    @property
    def keeps_data(self) -> bool:
        """Whether files or the database are in DATA_DIR, and not all elsewhere."""
        return not self.media_url or self.database_url.startswith("sqlite")

    def complete(self) -> "Settings":
        """Fill in what follows from the rest, and refuse what would be unsafe.

        Raises SettingsError with a sentence that names the setting.
        """
        self.data_dir = ROOT / _at_home(self.data_dir)
        self.database_url = self.database_url or f"sqlite:///{self.data_dir / 'chat-support.db'}"
        self.public_url = (self.public_url or f"http://localhost:{self.port}").rstrip("/")
        _check_database(self.database_url)
        _check_address("PUBLIC_URL", self.public_url, "http", "https")
        if urlsplit(self.public_url).path:
            raise SettingsError("PUBLIC_URL must have no path: the desk has an address for itself.")
        for proxy in filter(None, map(str.strip, self.trusted_proxies.split(","))):
            try:
                ip_network(proxy)
            except ValueError:
                raise SettingsError(
                    f"TRUSTED_PROXIES: {proxy!r} is neither an IP address nor a network such as 10.0.0.0/8."
                ) from None
        if self.redis_url and not self.redis_url.startswith("unix:///"):
            _check_address("REDIS_URL", self.redis_url, "redis", "rediss")
        if self.media_url and not re.match("s3://[^/]", self.media_url):
            raise SettingsError(
                "MEDIA_URL must start with s3:// and name a bucket; without it files are kept in DATA_DIR."
            )
        try:
            ZoneInfo(self.business_timezone)
        except (ZoneInfoNotFoundError, ValueError) as error:
            raise SettingsError(
                f"BUSINESS_TIMEZONE {self.business_timezone!r} is not a known time zone; "
                "use a name such as Africa/Lagos."
            ) from error
        if not self.secret_key.get_secret_value():
            self.secret_key = SecretStr(_kept_secret(self.data_dir / "secret-key"))
        elif len(self.secret_key.get_secret_value()) < SHORTEST_SECRET:
            raise SettingsError(f"SECRET_KEY must be at least {SHORTEST_SECRET} characters long.")
        if self.keeps_data:  # before the first file comes there would be nothing to tell the free space of
            self.data_dir.mkdir(parents=True, exist_ok=True)
        self._complete_whatsapp()
        _check_address("WHATSAPP_API_BASE_URL", self.whatsapp_api_base_url, "http", "https")
        return self

    def _complete_whatsapp(self) -> None:
        given_numbers = [each.strip() for each in self.whatsapp_phone_number_id.split(",")]
        numbers = tuple(dict.fromkeys(filter(None, given_numbers)))
        self.whatsapp_phone_number_id, self._further_numbers = (numbers or ("",))[0], numbers[1:]
        if not self.whatsapp_provider:
            given = self.whatsapp_access_token.get_secret_value()
            self.whatsapp_provider = "cloud" if given else "simulator"
        if self.whatsapp_provider == "cloud":
            self.whatsapp_api_base_url = (self.whatsapp_api_base_url or GRAPH_API).rstrip("/")
            for name in (
                "whatsapp_access_token",
                "whatsapp_phone_number_id",
                "whatsapp_app_secret",
                "whatsapp_verify_token",
            ):
                value = getattr(self, name)
                if not (value.get_secret_value() if isinstance(value, SecretStr) else value):
                    raise SettingsError(
                        f"{name.upper()} is missing: WHATSAPP_PROVIDER is cloud, and without it WhatsApp's "
                        "messages could not be sent, or could not be told from forged ones."
                    )
            return
        own = f"http://127.0.0.1:{self.port}/simulator/graph"
        self.whatsapp_api_base_url = (self.whatsapp_api_base_url or own).rstrip("/")
        self.whatsapp_phone_number_id = self.whatsapp_phone_number_id or SIMULATED_PHONE_NUMBER_ID
        self.whatsapp_business_account_id = self.whatsapp_business_account_id or SIMULATED_BUSINESS_ACCOUNT_ID
        for name in ("whatsapp_access_token", "whatsapp_app_secret", "whatsapp_verify_token"):
            if not getattr(self, name).get_secret_value():
                setattr(self, name, SecretStr(self._derived(name)))

    def _derived(self, purpose: str) -> str:
        key = self.secret_key.get_secret_value().encode()
        return hmac.new(key, purpose.encode(), hashlib.sha256).hexdigest()


def _at_home(folder: Path) -> Path:
    """What a shell makes of `~` in an argument, it does not in a file `.env`."""
    try:
        return folder.expanduser()
    except RuntimeError:
        raise SettingsError(f"DATA_DIR: nobody knows the home that {folder} begins with.") from None


def _check_address(name: str, text: str, *schemes: str) -> None:
    """Raises SettingsError where this is no address of one of the schemes."""
    try:
        parts = urlsplit(text)
        is_one = parts.scheme in schemes and bool(parts.hostname) and parts.port != 0
    except ValueError:
        is_one = False
    if not is_one or re.search(r"\s", text):
        starts = " or ".join(f"{scheme}://" for scheme in schemes)
        raise SettingsError(f"{name} must start with {starts} and name a host, without blanks.")


def _check_database(text: str) -> None:
    """Raises SettingsError where there can be no database. The address is not repeated: it has a password."""
    if not text.startswith(("sqlite:///", "mysql+pymysql://")):
        raise SettingsError(
            "DATABASE_URL must start with sqlite:/// or mysql+pymysql:// (MySQL 8 or MariaDB 10.6 and later)."
        )
    try:
        url = make_url(text)
    except (ArgumentError, ValueError):
        url = None
    if url is None or not url.database or "@" in (url.host or ""):
        raise SettingsError(
            "DATABASE_URL is no whole address such as mysql+pymysql://user:password@host:3306/database. In a "
            "password, write %40 for @, %3A for :, %2F for /, %23 for # and %25 for %."
        )


def _kept_secret(path: Path) -> str:
    """The secret in this file, made at first use, readable by its owner alone.

    It appears whole: two first starts at one moment agree on it, and neither a full disk nor a power cut
    leaves half of it.
    Raises SettingsError where the file is too short for a secret.
    """
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        with NamedTemporaryFile("w", dir=path.parent, prefix=f"{path.name}.") as new:
            new.write(secrets.token_hex(32))
            new.flush()
            os.fsync(new.fileno())
            with suppress(FileExistsError):  # another process was faster
                path.hardlink_to(new.name)
    secret = path.read_text().strip()
    if len(secret) < SHORTEST_SECRET:
        raise SettingsError(
            f"SECRET_KEY: the file {path}, where the desk keeps the one that it made, holds none. "
            "Put it back from a backup. Without one, take the file away: a new one is made, and whoever "
            "has a second factor needs `python cli.py reset-second-factor`."
        )
    return secret


def _check_lines(path: object) -> None:
    """What cannot be read in `.env` is passed over, at an unclosed quote with the line that follows.

    Where that is DATABASE_URL, the desk would begin anew with an empty database.
    Raises SettingsError; the line is not repeated, for there are secrets.
    """
    if not isinstance(path, Path) or not path.is_file():
        return
    with path.open(encoding="utf-8") as lines:
        for line in parse_stream(lines):
            if line.error:
                text = line.original.string
                number = line.original.line + text[: len(text) - len(text.lstrip())].count("\n")
                raise SettingsError(
                    f"{path}, line {number} cannot be read. Write NAME=value, and close each quote that you "
                    "open; a value with one sort of quote in it goes into quotes of the other."
                )


@lru_cache
def get_settings() -> Settings:
    """The settings of this process. Raises SettingsError."""
    try:
        _check_lines(Settings.model_config.get("env_file"))
        return Settings().complete()
    except ValidationError as error:
        first = error.errors()[0]
        name = str(first["loc"][0]).upper() if first["loc"] else "a setting"
        raise SettingsError(f"{name}: {first['msg']}.") from None
    except UnicodeDecodeError:
        raise SettingsError(f"{ROOT / '.env'} is not written in UTF-8; save it as such.") from None
    except OSError as error:  # of the file .env, or of what DATA_DIR is to hold
        raise SettingsError(
            f"{error.filename}: {error.strerror}. Whoever starts the desk must be able to read .env and to "
            "write in DATA_DIR."
        ) from None
