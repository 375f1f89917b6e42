"""The process that serves: its socket, its server, and what it tells the person who started it."""

import os
import socket
import sys
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

import structlog
import typer
import uvicorn
from fastapi import FastAPI

from api.content_security import DASHBOARD
from api.http_protocol import Bounded
from config.database import SessionLocal
from config.settings import Settings, get_settings
from services import admin_service
from services.errors import DeskError

REQUESTS_END_SECONDS = 10
RESET = "`python cli.py reset-password` makes another"

log = structlog.get_logger()


class AddressInUse(DeskError):
    """The server can't have its address."""

    code = "address_in_use"

    def __init__(self, settings: Settings, reason: str) -> None:
        super().__init__(
            f"Can't listen on {settings.host} port {settings.port}: {reason}. "
            "Is Chat Support running already? Otherwise set PORT to another number."
        )


class Server(uvicorn.Server):
    """Greets once it can be reached, and does not wait for event streams to end by themselves."""

    def __init__(self, config: uvicorn.Config, greeting: str, end_streams: Callable[[], None]) -> None:
        super().__init__(config)
        self.greeting = greeting
        self.end_streams = end_streams

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """Start, then say so."""
        await super().startup(sockets)
        if self.started and self.greeting:
            greet(self.greeting)

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        """End the streams, then the rest."""
        self.end_streams()
        await super().shutdown(sockets)


def listen(settings: Settings) -> socket.socket:
    """The socket of HOST and PORT. Raises AddressInUse, before anything else has been done."""
    family = socket.AF_INET6 if ":" in settings.host else socket.AF_INET
    try:
        return socket.create_server((settings.host, settings.port), family=family, backlog=2048)
    except OSError as error:
        raise AddressInUse(settings, os.strerror(error.errno) if error.errno else str(error)) from None


def inherit(number: int) -> socket.socket:
    """The socket on which our parent listens; whoever of its children is free takes the next connection."""
    return socket.socket(fileno=number)


def configuration(desk: FastAPI, settings: Settings) -> uvicorn.Config:
    """How uvicorn is to serve it. Who they are, clients may say only through a proxy of TRUSTED_PROXIES."""
    return uvicorn.Config(
        desk,
        http=Bounded,
        ws="none",
        log_config=None,
        access_log=False,
        server_header=False,
        proxy_headers=bool(settings.trusted_proxies),
        forwarded_allow_ips=settings.trusted_proxies,
        timeout_graceful_shutdown=REQUESTS_END_SECONDS,
    )


def run(desk: FastAPI, listener: socket.socket, greeting: str) -> None:
    """Serve until SIGINT or SIGTERM; requests under way are finished."""
    config = configuration(desk, get_settings())
    # The workers are threads beside the server's: after 5 ms, which is Python's own choice, each of its turns
    # would wait that long for a busy one; after 0.5 ms they take twice as long for passing the turn on.
    sys.setswitchinterval(0.002)
    with suppress(KeyboardInterrupt):
        Server(config, greeting, desk.state.event_tail.end_streams).run(sockets=[listener])


def greet(words: str) -> None:
    """Say it to whoever started the desk. A full disk below the standard output is no reason not to serve."""
    if sys.stdout is None:  # closed by whoever started us: what is told to it goes well, and is gone
        log.error("greeting.not_written", error="the standard output is closed")
        return
    try:
        typer.echo(words)
    except OSError as error:
        log.error("greeting.not_written", error=error.strerror)
        with Path(os.devnull).open("wb") as nowhere:  # or what is left of it fails once more when we end
            os.dup2(nowhere.fileno(), sys.stdout.fileno())


def greeting(settings: Settings) -> str:
    """Where everything is and how to sign in. Makes the first admin."""
    given = settings.admin_password.get_secret_value()
    with SessionLocal() as db:
        made = admin_service.create_first(db, settings.admin_email, given)
        admins = admin_service.list_active(db)
    if made is None:
        how = f"as before (forgotten? {RESET})"
    else:
        how = "the one in ADMIN_PASSWORD" if given else f"{made[1]}   (shown only now; {RESET})"
    lines = ["", f"{settings.business_name} is running. Ctrl-C stops it.", ""]
    if not DASHBOARD.is_dir():
        lines += ["  The dashboard is not built yet: `bin/run` builds it.", ""]
    lines += [
        f"  Dashboard   {settings.public_url}/dashboard/",
        f"  E-mail      {made[0].email if made else ', '.join(admin.email for admin in admins[:3])}",
        f"  Password    {how}",
    ]
    if settings.whatsapp_provider == "simulator":
        lines += [
            f"  Phone       {settings.public_url}/simulator/",
            "",
            '  Nothing goes to WhatsApp: take the simulated phone and say "Chat Support".',
        ]
    return "\n".join([*lines, ""])
