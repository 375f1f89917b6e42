"""A desk made of a backup: checked first, put in place whole, and without those who were erased since."""

import fcntl
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import replace
from pathlib import Path
from typing import IO, Any

from sqlalchemy import Engine, delete, select, text, update
from sqlalchemy.orm import Session

from config.database import transaction, utc_now
from config.settings import Settings
from models.admin import Admin, AdminInvite, AdminSession, ApiToken
from models.contact import Contact, ContactIdentity
from models.desk_event import DeskEvent, EventSequence
from models.erasure import ErasedIdentity, Erasure
from models.outbound_message import DeliveryState, OutboundMessage
from services import (
    admin_service,
    api_token_service,
    backup_service,
    database_copy,
    erased_person_service,
    erasure_service,
    inbound_event_service,
    people_service,
    readiness_service,
)
from services.actor import COMMAND_LINE
from services.errors import DeskError
from services.media_storage import MediaStorage
from services.outbound_message_service import lock, tell_desk
from services.replaced_database import NUMBERED, UNFINISHED, Before, highest_number, look, note

MAY_HAVE_GONE = (
    "The desk was restored from a backup, and this may have been sent after the backup was made. "
    "Look at the customer's phone, or ask, before you send it again."
)

LOCK = "restoring.lock"
"""The file in DATA_DIR that a restore holds, and that stays: whoever removed it could remove another's."""

BEYOND_CURSORS = 1_000_000_000
"""More changes than a desk can have told between a backup and the day on which it is needed."""

BEYOND_NUMBERS = 10_000
"""More tickets than a desk can have opened in that time, where the replaced database does not tell."""

_SQLITE_FORGETS = text("DELETE FROM sqlite_sequence WHERE name = :name")
_SQLITE_COUNTS = text("INSERT INTO sqlite_sequence (name, seq) VALUES (:name, :given)")


class NotFinished(DeskError):
    """What is there may be half a database, with messages that were sent and customers who were erased."""

    code = "not_finished"

    def __init__(self) -> None:
        super().__init__(
            "A restore was broken off. Run `python cli.py restore` again, with --force; then the desk starts."
        )


class UnderWay(DeskError):
    """Two at once would each finish, and be told to have made, what the other put there."""

    code = "restore_under_way"

    def __init__(self) -> None:
        super().__init__("A restore of this desk is under way. Wait until it has ended.")


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
    before = Before() if is_empty else look(engine)
    folder = f"{backup_service.MEDIA}/"
    files = {each.removeprefix(folder) for each in manifest["sha256"] if each.startswith(folder)}
    for key in sorted(files):
        with (source / folder / key).open("rb") as file:
            storage.put_back(key, file)
    # files are copied before the database, and whoever was erased in between is in that no more
    before = replace(before, files=before.files | files)
    copied = source / backup_service.DATABASE
    database_copy.prepare(engine, copied)
    key, ours = source / backup_service.KEY, settings.secret_key.get_secret_value()
    if key.is_file() and key.read_text() != ours:
        before = replace(before, key=ours)
    before = note(settings.data_dir, before)
    if key.is_file():
        database_copy.put_words(settings.data_dir / backup_service.KEY, key.read_text())
    database_copy.replace(engine, copied)
    return before


@contextmanager
def alone(settings: Settings) -> Iterator[None]:
    """Nobody else restores this desk meanwhile, and it does not start. Raises UnderWay."""
    settings.data_dir.mkdir(parents=True, exist_ok=True)
    with (settings.data_dir / LOCK).open("a") as file:
        _lock(file, fcntl.LOCK_EX)
        yield


def _lock(file: IO[str], kind: int) -> None:
    try:
        fcntl.flock(file, kind | fcntl.LOCK_NB)
    except BlockingIOError:
        raise UnderWay from None


def check_finished(settings: Settings) -> None:
    """Raises UnderWay during a restore, and NotFinished where one was begun and not ended."""
    with suppress(FileNotFoundError), (settings.data_dir / LOCK).open() as file:
        _lock(file, fcntl.LOCK_SH)
    if (settings.data_dir / UNFINISHED).exists():
        raise NotFinished


def finish(settings: Settings) -> None:
    """All that a restored database needs is done: the desk may start."""
    (settings.data_dir / UNFINISHED).unlink()


def erase_again(db: Session, before: Before) -> int:
    """Erase those who were erased since the backup was made; how many. With the tables up to date."""
    contacts = []
    begun = select(Erasure.contact_id)  # those that were under way in the backup are gone on with below
    for identity in db.scalars(select(ContactIdentity).where(ContactIdentity.contact_id.not_in(begun))):
        name = (identity.kind, identity.value)
        digests = {erased_person_service.digest(name), erased_person_service.digest(name, before.key)}
        if any(identity.created_at < before.erased[each] for each in digests & before.erased.keys()):
            contacts.append(identity.contact_id)
    # under another key their names have other digests, and nobody may know that key any more
    came_at = select(Contact.created_at).where(Contact.id.not_in(begun))
    contacts += [
        each for each, at in before.customers.items() if db.scalar(came_at.where(Contact.id == each)) == at
    ]
    for digest, erased_at in before.erased.items():
        db.merge(ErasedIdentity(digest=digest, erased_at=erased_at))
    db.commit()
    for contact_id in dict.fromkeys(contacts):
        erasure_service.erase(db, contact_id)
    for erasure in erasure_service.unfinished(db):
        erasure_service.resume(db, erasure)
    return len(set(contacts))


def forget_files(db: Session, storage: MediaStorage, before: Before) -> int:
    """Delete the files that only the replaced database or the backup's list named; how many.

    No row is left that could bring them to anybody, or take them along when their customer is erased. Others
    that no row names stay: they may be another desk's, which keeps its files in the same bucket.
    """
    forgotten = before.files - backup_service.named_files(db)
    storage.remove(forgotten)
    return len(forgotten)


def hold_back(db: Session) -> int:
    """What waited to be sent when the backup was made may have gone out since: nobody knows; how many.

    So may the bot's answers to what waited in the inbox, which is worked off for them. After `erase_again`,
    or who was erased since would come back with what waited.
    """
    for shard in inbound_event_service.due_shards(db):
        while inbound_event_service.work_off(db, [shard], "restore"):
            pass
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


def leave_out_numbers(db: Session, before: Before) -> None:
    """Give none again of the numbers that were given after the backup was made.

    Customers were told those of their tickets, and browsers keep drafts, and answers that wait, for them: the
    next ticket of that number would be another customer's.
    """
    is_sqlite = db.get_bind().dialect.name == "sqlite"
    with transaction(db):
        for table in NUMBERED:
            given = max(highest_number(db, table) + BEYOND_NUMBERS, before.numbers.get(table.name, 0))
            if is_sqlite:
                db.execute(_SQLITE_FORGETS, {"name": table.name})
                db.execute(_SQLITE_COUNTS, {"name": table.name, "given": given})
            else:
                db.execute(text(f"ALTER TABLE {table.name} AUTO_INCREMENT = {given + 1}"))


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


def _check_key(settings: Settings, source: Path, manifest: dict[str, Any]) -> None:
    """The key comes with the backup, or is the same here: else neither secrets nor erasures would hold."""
    key = settings.secret_key.get_secret_value()
    kept = settings.data_dir / backup_service.KEY
    is_own = kept.is_file() and kept.read_text().strip() == key
    if backup_service.key_mark(key) == manifest["key"]:
        return
    if not (is_own and (source / backup_service.KEY).is_file()):
        raise OtherKey
