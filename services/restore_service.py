"""A desk made of a backup: checked first, put in place whole, and without those who were erased since."""

import json
import os
from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import datetime
from pathlib import Path
from typing import Any

from sqlalchemy import Engine, delete, inspect, select, update
from sqlalchemy.exc import DatabaseError
from sqlalchemy.orm import Session

from config.database import transaction, utc_now
from config.settings import Settings
from models.admin import Admin, AdminInvite, AdminSession, ApiToken
from models.contact import ContactIdentity
from models.desk_event import DeskEvent, EventSequence
from models.erasure import ErasedIdentity
from models.outbound_message import DeliveryState, OutboundMessage
from services import (
    admin_service,
    api_token_service,
    backup_service,
    database_copy,
    erased_person_service,
    erasure_service,
    people_service,
    readiness_service,
)
from services.actor import COMMAND_LINE
from services.errors import DeskError
from services.media_storage import MediaStorage
from services.outbound_message_service import lock, tell_desk

MAY_HAVE_GONE = (
    "The desk was restored from a backup, and this may have been sent after the backup was made. "
    "Look at the customer's phone, or ask, before you send it again."
)

BEYOND_CURSORS = 1_000_000_000
"""More changes than a desk can have told between a backup and the day on which it is needed."""

UNFINISHED = "restoring.json"
"""Stands in DATA_DIR from before anything is replaced until all is done that a restored database needs."""


class NotFinished(DeskError):
    """What is there may be half a database, with messages that were sent and customers who were erased."""

    code = "not_finished"

    def __init__(self) -> None:
        super().__init__(
            "A restore was broken off. Run `python cli.py restore` again, with --force; then the desk starts."
        )


class NotEmpty(DeskError):
    """There is a database already."""

    code = "not_empty"

    def __init__(self) -> None:
        super().__init__(
            "There is a database already, which would be lost. Restore into an empty place, or say --force."
        )


class OtherDatabase(DeskError):
    """A copy of one kind of database cannot be put into another."""

    code = "other_database"

    def __init__(self, of: str, here: str) -> None:
        super().__init__(f"The backup is of {of}, and DATABASE_URL names {here}.")


class OtherKey(DeskError):
    """What the backup holds in secret could not be read."""

    code = "other_key"

    def __init__(self) -> None:
        super().__init__("SECRET_KEY is not the one of the desk that was backed up; set that one first.")


@dataclass(frozen=True)
class Before:
    """What the database that is replaced knew and the backup may not; not all where it was broken.

    `erased` are customers, `shut_out` the addresses of people and `revoked` the hashes of API tokens.
    """

    erased: dict[str, datetime] = field(default_factory=dict)
    shut_out: frozenset[str] = frozenset()
    revoked: frozenset[str] = frozenset()
    was_broken: bool = False


def put_back(
    engine: Engine, settings: Settings, storage: MediaStorage, source: Path, *, force: bool
) -> Before:
    """Check the backup, then put database, files and key in their places. The desk must not run.

    Raises CopyFailed, NotEmpty, OtherDatabase, NewerRelease or OtherKey. Then nothing has been changed, or
    the desk does not start until it has been restored (`check_finished`).
    """
    with database_copy.told_in_words("The backup could not be restored"):
        return _put_back(engine, settings, storage, source, force=force)


def _put_back(
    engine: Engine, settings: Settings, storage: MediaStorage, source: Path, *, force: bool
) -> Before:
    manifest = backup_service.read_manifest(source)
    backup_service.check(source, manifest)
    kinds = {"mysql": "mariadb"}  # each takes the other's dump
    of, here = (kinds.get(name, name) for name in (manifest["database"], engine.dialect.name))
    if of != here:
        raise OtherDatabase(of, here)
    readiness_service.check_known(manifest.get("revision"), "The backup")  # older releases did not write it
    if database_copy.is_sqlite(engine):
        database_copy.check_file(source / backup_service.DATABASE)
    is_empty = database_copy.is_empty(engine)
    if not is_empty and not force:
        raise NotEmpty
    _check_key(settings, source, manifest)
    before = Before() if is_empty else _look(engine)
    for name in manifest["sha256"]:
        if name.startswith(f"{backup_service.MEDIA}/"):
            with (source / name).open("rb") as file:
                storage.put_back(name.removeprefix(f"{backup_service.MEDIA}/"), file)
    copied = source / backup_service.DATABASE
    database_copy.prepare(engine, copied)
    before = _begin(settings.data_dir, before)
    if (source / backup_service.KEY).is_file():
        _put(settings.data_dir / backup_service.KEY, (source / backup_service.KEY).read_text())
    database_copy.replace(engine, copied)
    return before


def check_finished(settings: Settings) -> None:
    """Raises NotFinished where a restore was begun and not ended."""
    if (settings.data_dir / UNFINISHED).exists():
        raise NotFinished


def finish(settings: Settings) -> None:
    """All that a restored database needs is done: the desk may start."""
    (settings.data_dir / UNFINISHED).unlink()


def erase_again(db: Session, before: Before) -> int:
    """Erase those who were erased since the backup was made; how many. With the tables up to date."""
    contacts = []
    for identity in db.scalars(select(ContactIdentity)):
        digest = erased_person_service.digest((identity.kind, identity.value))
        if digest in before.erased and identity.created_at < before.erased[digest]:
            contacts.append(identity.contact_id)
    for digest, erased_at in before.erased.items():
        db.merge(ErasedIdentity(digest=digest, erased_at=erased_at))
    db.commit()
    for contact_id in dict.fromkeys(contacts):
        erasure_service.erase(db, contact_id)
    for erasure in erasure_service.unfinished(db):
        erasure_service.resume(db, erasure)
    return len(set(contacts))


def hold_back(db: Session) -> int:
    """What waited to be sent when the backup was made may have gone out since: nobody knows; how many."""
    waiting = OutboundMessage.state.in_((DeliveryState.QUEUED, DeliveryState.SENDING))
    with transaction(db):
        ids = db.scalars(select(OutboundMessage.id).where(waiting)).all()
        for row in lock(db, ids):
            row.state, row.error_detail, row.next_attempt_at = DeliveryState.UNKNOWN, MAY_HAVE_GONE, None
        tell_desk(db, ids)
    return len(ids)


def cut_off_cursors(db: Session) -> None:
    """Let every dashboard that was open before fetch everything afresh, however far it was.

    Else one would go on at a number that counts something else here, and show what is not there any more.
    """
    with transaction(db):
        db.execute(delete(DeskEvent))
        db.execute(update(EventSequence).values(last_seq=EventSequence.last_seq + BEYOND_CURSORS))


def close_doors(db: Session, before: Before) -> int:
    """End what may have ended since the backup was made; how many people were shut out again.

    Any session may have been ended since, and any invitation used. Of API tokens and people the replaced
    database knew. Where all owners were shut out one is let in, or nobody could ever let in anybody.
    """
    open_invites = update(AdminInvite).where(
        AdminInvite.accepted_at.is_(None), AdminInvite.revoked_at.is_(None)
    )
    with transaction(db):
        db.execute(delete(AdminSession))
        db.execute(open_invites.values(revoked_at=utc_now()))
    for token in db.scalars(select(ApiToken).where(ApiToken.revoked_at.is_(None))).all():
        if token.token_hash in before.revoked:
            api_token_service.revoke(db, token.id)
    again = 0
    for admin in admin_service.list_active(db):
        if admin.email in before.shut_out:
            with suppress(people_service.LastOwner):
                people_service.disable(db, COMMAND_LINE, admin.id)
                again += 1
    return again


def people(db: Session) -> int:
    """How many may sign in."""
    return len(db.scalars(select(Admin.id).where(Admin.disabled_at.is_(None))).all())


def _begin(folder: Path, before: Before) -> Before:
    """Note what was known where a restore that dies cannot lose it, with what an earlier one noted."""
    place = folder / UNFINISHED
    if place.exists():
        noted: dict[str, Any] = json.loads(place.read_text())
        noted = noted if "erased" in noted else {"erased": noted}  # an earlier release noted nothing else
        earlier = {digest: datetime.fromisoformat(at) for digest, at in noted["erased"].items()}
        before = replace(
            before,
            erased=earlier | before.erased,
            shut_out=before.shut_out.union(noted.get("shut_out", ())),
            revoked=before.revoked.union(noted.get("revoked", ())),
        )
    note = {
        "erased": {digest: at.isoformat() for digest, at in before.erased.items()},
        "shut_out": sorted(before.shut_out),
        "revoked": sorted(before.revoked),
    }
    _put(place, json.dumps(note))
    return before


def _check_key(settings: Settings, source: Path, manifest: dict[str, Any]) -> None:
    """The key comes with the backup, or is the same here: else neither secrets nor erasures would hold."""
    key = settings.secret_key.get_secret_value()
    kept = settings.data_dir / backup_service.KEY
    is_own = kept.is_file() and kept.read_text().strip() == key
    if backup_service.key_mark(key) == manifest["key"]:
        return
    if not (is_own and (source / backup_service.KEY).is_file()):
        raise OtherKey


def _put(place: Path, words: str) -> None:
    """Let the file hold these words, for its owner alone; a full disk or a kill leaves what was there.

    With half a key no command would start, not even the one that restores.
    """
    place.parent.mkdir(parents=True, exist_ok=True)
    new = place.with_suffix(".new")
    new.touch(mode=0o600)
    with new.open("w") as file:
        file.write(words)
        file.flush()
        os.fsync(file.fileno())
    new.replace(place)
    database_copy.sync_folder(place.parent)


def _look(engine: Engine) -> Before:
    """What is there; less where it is broken, which is what backups are for and no reason to refuse."""
    before = Before()
    try:
        tables = inspect(engine).get_table_names()
        with Session(engine) as db:
            erased = db.scalars(select(ErasedIdentity)) if ErasedIdentity.__tablename__ in tables else ()
            before = Before({each.digest: each.erased_at for each in erased})
            if not {Admin.__tablename__, ApiToken.__tablename__} <= set(tables):
                return before
            shut_out = db.scalars(select(Admin.email).where(Admin.disabled_at.is_not(None)))
            revoked = db.scalars(select(ApiToken.token_hash).where(ApiToken.revoked_at.is_not(None)))
            return replace(before, shut_out=frozenset(shut_out), revoked=frozenset(revoked))
    except DatabaseError as error:
        if database_copy.is_broken(error):
            return replace(before, was_broken=True)
        raise
