"""Where launchers come from: a process that has loaded the libraries forks one for each desk's settings.

The libraries are two thirds of what a start costs, and hundreds of tests start desks. The product reads the
settings when it is loaded, so that it must come after them.
"""

import os
from collections.abc import Mapping
from multiprocessing.connection import Connection

LIBRARIES = [
    "PIL.Image",
    "aiohttp",
    "alembic.command",
    "av",
    "cryptography.fernet",
    "fastapi.openapi.utils",
    "obstore",
    "phonenumbers",
    "prometheus_client",
    "pwdlib.hashers.argon2",
    "pydantic_settings",
    "pymysql",
    "pyotp",
    "pytest",
    "redis",
    "segno",
    "sqlalchemy.dialects.mysql",
    "sqlalchemy.dialects.sqlite",
    "sqlalchemy.orm",
    "structlog",
    "time_machine",
    "uvicorn.protocols.http.httptools_impl",
]


def launch(environment: Mapping[str, str], orders: Connection) -> None:
    """Be a launcher with these settings (see launcher.py)."""
    os.environ.clear()
    os.environ.update(environment)
    quiet = os.open(os.devnull, os.O_RDWR)
    for output in (1, 2):
        os.dup2(quiet, output)
    from tests.faults.launcher import obey  # noqa: PLC0415 - not before the settings

    obey(orders)
