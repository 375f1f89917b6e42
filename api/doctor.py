"""What is right and what is wrong with this installation, seen from outside the running server."""

from http.client import HTTPException
from urllib.error import HTTPError
from urllib.request import ProxyHandler, build_opener

from sqlalchemy import text
from sqlalchemy.orm import Session

from api.content_security import DASHBOARD
from config.settings import Settings
from migrations.ddl import triggers
from models.audit_entry import AuditEntry
from services import readiness_service, restore_service
from services.errors import DeskError
from services.readiness_service import Part

ANY_ADDRESS = {"0.0.0.0": "127.0.0.1", "::": "::1"}  # noqa: S104 - how to reach it, not what to bind to

DIRECT = build_opener(ProxyHandler({}))
"""A proxy that the environment names is for what is far away; it knows nothing of a desk on this machine."""

SYNC = "innodb_flush_log_at_trx_commit"


def check(db: Session, settings: Settings) -> list[Part]:
    """Every part, whether the server runs or not."""
    server, worker_alive = _ask_server(settings)
    ready = readiness_service.check(db, settings, lambda: worker_alive)
    database = next(part for part in ready if part.name == "database")
    return [
        Part("settings", True, "The settings fit together."),
        server,
        *ready,
        _restored(settings),
        *([_durability(db), _audit(db)] if database.ok else []),
        _dashboard(),
        _proxy(settings),
        _whatsapp(settings),
    ]


def is_running(settings: Settings) -> bool:
    """Whether a desk answers at the address of these settings."""
    return _ask_server(settings)[0].ok


def _ask_server(settings: Settings) -> tuple[Part, bool]:
    """How the running server is, and whether its worker is alive."""
    host = ANY_ADDRESS.get(settings.host, settings.host)
    address = f"http://{f'[{host}]' if ':' in host else host}:{settings.port}"
    try:
        with DIRECT.open(f"{address}/api/health/ready", timeout=10):
            worker_alive = True
    except HTTPError as error:
        worker_alive = readiness_service.WORKER_HAS_STOPPED.encode() not in error.read()
    except (OSError, ValueError, HTTPException):
        return Part("server", False, f"No desk answers at {address}: `bin/run` starts it."), False
    return Part("server", True, f"The server answers at {address}."), worker_alive


def _restored(settings: Settings) -> Part:
    try:
        restore_service.check_finished(settings)
    except DeskError as error:
        return Part("restore", False, error.message)
    return Part("restore", True, "No restore is under way, and none was broken off.")


def _dashboard() -> Part:
    if (DASHBOARD / "404.html").is_file():
        return Part("dashboard", True, "The dashboard is built.")
    return Part("dashboard", False, "The dashboard is not built: `bin/run` builds it.")


def _proxy(settings: Settings) -> Part:
    if settings.trusted_proxies:
        return Part("proxy", True, f"Who asks is taken from the proxies at {settings.trusted_proxies}.")
    if settings.public_url.startswith("https://"):
        return Part(
            "proxy",
            False,
            "PUBLIC_URL speaks HTTPS, so there is a proxy in front, but TRUSTED_PROXIES does not name it: "
            "all people count as one address, and anybody's wrong passwords keep everybody out.",
        )
    return Part("proxy", True, "There is no proxy in front; what a request says about its origin is ignored.")


def _whatsapp(settings: Settings) -> Part:
    if settings.whatsapp_provider == "simulator":
        return Part("whatsapp", True, "WhatsApp is simulated; nothing reaches a real phone.")
    return Part(
        "whatsapp",
        True,
        f"WhatsApp sends from phone number id {', '.join(settings.whatsapp_phone_number_ids)}. Give Meta "
        f"{settings.public_url}/api/webhook/whatsapp as the webhook's address.",
    )


def _durability(db: Session) -> Part:
    """SQLite is told by each of our connections; a server's own setting is for whoever runs it."""
    if db.get_bind().dialect.name == "sqlite" or db.scalar(text(f"SELECT @@{SYNC}")) == 1:
        return Part("durability", True, "What is stored is on disk, also when the power goes.")
    return Part(
        "durability",
        False,
        "When the power goes, the database may lose messages that WhatsApp does not deliver again: set "
        f"{SYNC}=1 in the server's settings.",
    )


def _audit(db: Session) -> Part:
    if len(triggers(db.connection(), AuditEntry.__tablename__)) == 2:
        return Part("audit", True, "The database refuses to change the audit log.")
    return Part(
        "audit",
        False,
        "The database would let somebody change the audit log. Let its user make triggers (GRANT TRIGGER; "
        "with a binary log also log_bin_trust_function_creators=1), then run `python cli.py migrate`.",
    )
