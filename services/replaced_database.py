"""What the database that a restore replaces knew and the backup may not, noted until the restore is done."""

import json
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from pathlib import Path
from typing import Any

from sqlalchemy import Engine, Table, func, inspect, select
from sqlalchemy.exc import DatabaseError
from sqlalchemy.orm import Session

from config.database import Base
from models.admin import Admin, ApiToken
from models.contact import Contact
from models.erasure import ErasedIdentity, Erasure
from models.media_file import MediaFile
from services import backup_service, database_copy

UNFINISHED = "restoring.json"
"""Stands in DATA_DIR from before anything is replaced until all is done that a restored database needs."""

NUMBERED = tuple(
    table for table in Base.metadata.sorted_tables if table.dialect_options["sqlite"]["autoincrement"]
)
"""The tables that lose rows, and give each number once (see GIVEN_ONCE)."""


@dataclass(frozen=True)
class Before:
    """What the database that is replaced knew and the backup may not; not all where it was broken.

    `erased` are customers, by their digests under `key` or the backup's, and `customers` the same by their
    numbers, with when each came: under whatever key they were erased. `shut_out` are the addresses of people,
    `revoked` the hashes of API tokens, `files` the keys of the files that it named or the backup brings, and
    `numbers` the highest of each table that gives each once. `key` is empty where it is the same as the
    backup's.
    """

    erased: dict[str, datetime] = field(default_factory=dict)
    customers: dict[int, datetime] = field(default_factory=dict)
    shut_out: frozenset[str] = frozenset()
    revoked: frozenset[str] = frozenset()
    files: frozenset[str] = frozenset()
    numbers: dict[str, int] = field(default_factory=dict)
    key: str = ""
    was_broken: bool = False


def look(engine: Engine) -> Before:
    """What is there; less where it is broken, which is what backups are for and no reason to refuse."""
    before = Before()
    try:
        tables = inspect(engine).get_table_names()
        with Session(engine) as db:
            erased = db.scalars(select(ErasedIdentity)) if ErasedIdentity.__tablename__ in tables else ()
            before = Before({each.digest: each.erased_at for each in erased}, _erased_customers(db, tables))
            if not {each.__tablename__ for each in (Admin, ApiToken, MediaFile)} <= set(tables):
                return before
            shut_out = db.scalars(select(Admin.email).where(Admin.disabled_at.is_not(None)))
            revoked = db.scalars(select(ApiToken.token_hash).where(ApiToken.revoked_at.is_not(None)))
            before = replace(before, shut_out=frozenset(shut_out), revoked=frozenset(revoked))
            numbers = {table.name: highest_number(db, table) for table in NUMBERED if table.name in tables}
            return replace(before, files=frozenset(backup_service.named_files(db)), numbers=numbers)
    except DatabaseError as error:
        if database_copy.is_broken(error):
            return replace(before, was_broken=True)
        raise


def _erased_customers(db: Session, tables: Sequence[str]) -> dict[int, datetime]:
    if not {Contact.__tablename__, Erasure.__tablename__} <= set(tables):
        return {}
    query = select(Contact.id, Contact.created_at).join(Erasure, Erasure.contact_id == Contact.id)
    return {row.id: row.created_at for row in db.execute(query)}


def highest_number(db: Session, table: Table) -> int:
    """0 where the table is empty."""
    return db.scalar(select(func.max(table.c.id))) or 0


def note(folder: Path, before: Before) -> Before:
    """Note what was known where a restore that dies cannot lose it, with what an earlier one noted."""
    place = folder / UNFINISHED
    if place.exists():
        noted: dict[str, Any] = json.loads(place.read_text())
        noted = noted if "erased" in noted else {"erased": noted}  # an earlier release noted nothing else
        earlier = {digest: datetime.fromisoformat(at) for digest, at in noted["erased"].items()}
        customers = {int(each): datetime.fromisoformat(at) for each, at in noted.get("customers", {}).items()}
        before = replace(
            before,
            erased=earlier | before.erased,
            customers=customers | before.customers,
            shut_out=before.shut_out.union(noted.get("shut_out", ())),
            revoked=before.revoked.union(noted.get("revoked", ())),
            files=before.files.union(noted.get("files", ())),
            key=noted.get("key") or before.key,
            numbers=dict(Counter(before.numbers) | Counter(noted.get("numbers", {}))),  # the higher of each
        )
    noting = {
        "erased": {digest: at.isoformat() for digest, at in before.erased.items()},
        "customers": {each: came_at.isoformat() for each, came_at in before.customers.items()},
        "shut_out": sorted(before.shut_out),
        "revoked": sorted(before.revoked),
        "files": sorted(before.files),
        "numbers": before.numbers,
        "key": before.key,
    }
    database_copy.put_words(place, json.dumps(noting))
    return before
