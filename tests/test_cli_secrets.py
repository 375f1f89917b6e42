"""Commands about second factors, keys and the audit log; and the cookie of a desk behind HTTPS."""

import http.client
import json
import signal
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import Engine, func, select, text
from sqlalchemy.orm import Session

from config.database import make_engine
from config.settings import get_settings
from models import Admin, AuditEntry
from models.admin import RecoveryCode
from models.audit_entry import AuditAction, Via
from services import second_factor_service, secret_box
from services.actor import Caller
from services.secret_box import WrongSecretKey
from tests.factories import make_admin
from tests.security.people_calls import second_factor
from tests.test_cli import Run, greeting, port, run, serve

__all__ = ["port", "run"]

NEW_KEY = "another-secret-key-that-is-long-enough"
PASSWORD = "tall-green-giraffe"


@pytest.fixture
def database(run: Run, tmp_path: Path) -> Iterator[Engine]:
    """The database that the commands use."""
    assert run("migrate").returncode == 0
    made = make_engine(f"sqlite:///{tmp_path / 'cli.db'}")
    yield made
    made.dispose()


@pytest.fixture
def bola(database: Engine) -> tuple[str, str, str]:
    """The address of an admin with a second factor, its seed in the clear, and what it belongs to."""
    with Session(database, expire_on_commit=False) as db:
        admin = make_admin(db, email="bola@example.com")
        return admin.email, second_factor(db, Caller(admin, "127.0.0.1", session_id=1)), _place(admin)


def _place(admin: Admin) -> str:
    return second_factor_service._place(admin.id)


def sealed(database: Engine) -> str | None:
    with Session(database) as db:
        return db.scalars(select(Admin.totp_secret)).one()


def test_a_lost_second_factor_is_taken_away(run: Run, database: Engine, bola: tuple[str, str, str]) -> None:
    done = run("reset-second-factor", "--email", bola[0])
    assert (done.returncode, done.stdout) == (0, "bola@example.com signs in with the password alone.\n")
    assert sealed(database) is None
    with Session(database) as db:
        assert db.scalar(select(func.count()).select_from(RecoveryCode)) == 0
        noted = db.scalars(select(AuditEntry).order_by(AuditEntry.id.desc())).first()
        assert noted is not None
        assert (noted.action, noted.via) == (AuditAction.SECOND_FACTOR_OFF, Via.COMMAND)
    again = run("reset-second-factor", "--email", "nobody@example.com")
    assert again.returncode == 1
    assert "Traceback" not in again.stderr


def test_another_secret_key_takes_over(run: Run, database: Engine, bola: tuple[str, str, str]) -> None:
    _, seed, place = bola
    old_key = get_settings().secret_key.get_secret_value()
    before = sealed(database)
    wrong = run("rotate-secret", stdin="a-key-that-never-was-the-key-of-this-desk\n", SECRET_KEY=NEW_KEY)
    assert wrong.returncode == 1
    assert "Traceback" not in wrong.stderr
    assert sealed(database) == before
    done = run("rotate-secret", stdin=f"{old_key}\n", SECRET_KEY=NEW_KEY)
    assert (done.returncode, done.stdout.partition(";")[0]) == (0, "1 secret encrypted anew")
    assert "except to restore a backup" in done.stdout, "whoever threw it away would have no backups left"
    assert secret_box.unseal(str(sealed(database)), place, NEW_KEY) == seed
    with pytest.raises(WrongSecretKey):
        secret_box.unseal(str(sealed(database)), place, old_key)
    again = run("rotate-secret", stdin=f"{old_key}\n", SECRET_KEY=NEW_KEY)
    assert again.stdout.startswith("0 secrets")


def test_the_doctor_sees_whether_the_audit_log_only_grows(run: Run, database: Engine) -> None:
    assert "right  audit" in run("doctor").stdout
    with database.connect().execution_options(writes=True) as connection, connection.begin():
        connection.execute(text("DROP TRIGGER audit_entries_no_delete"))
    said = run("doctor").stdout
    assert "WRONG  audit" in said
    assert "cli.py migrate" in said
    assert run("migrate").returncode == 0
    assert "right  audit" in run("doctor").stdout


def test_behind_https_a_browser_keeps_the_session_for_this_host_alone(tmp_path: Path, port: int) -> None:
    settings = {
        "PUBLIC_URL": "https://support.example.com",
        "TRUSTED_PROXIES": "127.0.0.1",
        "ADMIN_EMAIL": "ada@example.com",
        "ADMIN_PASSWORD": PASSWORD,
    }
    headers = {
        "Host": "support.example.com",
        "Origin": "https://support.example.com",
        "X-Forwarded-Proto": "https",
        "Content-Type": "application/json",
    }
    with serve(tmp_path, port, tmp_path / "serve.log", **settings) as server:
        try:
            greeting(server)
            connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
            body = json.dumps({"email": "ada@example.com", "password": PASSWORD})
            connection.request("POST", "/api/auth/login", body, headers)
            answer = connection.getresponse()
            assert answer.status == 200, answer.read()
            answer.read()
            name, *attributes = str(answer.getheader("Set-Cookie")).split("; ")
            assert {each.partition("=")[0].lower() for each in attributes} == {
                *("max-age", "path", "secure", "httponly", "samesite")
            }
            assert "Path=/" in attributes
            assert name.startswith("__Host-session=")
            token = name.partition("=")[2]
            for cookie, status in ((f"__Host-session={token}", 200), (f"session={token}", 401)):
                connection.request("GET", "/api/auth/me", headers=headers | {"Cookie": cookie})
                answer = connection.getresponse()
                answer.read()
                assert answer.status == status
            connection.close()
        finally:
            server.send_signal(signal.SIGINT)
