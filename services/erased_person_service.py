"""Who was erased: known again by keyed hashes alone, so that nothing old of theirs comes back."""

import hmac
import json
from collections.abc import Collection, Iterable, Iterator, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import bindparam, select
from sqlalchemy.orm import Session

from config.database import utc_now
from config.settings import get_settings
from models.contact import IdentityKind
from models.erasure import ErasedIdentity
from services.contact_service import Identity, find_identities
from whatsapp.incoming import IncomingMessage, Person
from whatsapp.payloads import Json, as_object
from whatsapp.values import CLOCK_SKEW, phone_digits, user_id

_ERASED = select(ErasedIdentity.digest, ErasedIdentity.erased_at).where(
    ErasedIdentity.digest.in_(bindparam("digests", expanding=True))
)


def digest(identity: Identity, key: str = "") -> str:
    """The keyed hash that stays of a name of an erased person, under the desk's key or the one given."""
    kind, value = identity
    key = key or get_settings().secret_key.get_secret_value()
    return hmac.digest(key.encode(), f"erased {kind} {value}".encode(), "sha256").hex()


def note(db: Session, identities: Iterable[Identity], now: datetime) -> None:
    """From now on, what these wrote before is refused. To be called inside an act."""
    for identity in identities:
        db.merge(ErasedIdentity(digest=digest(identity), erased_at=now))


def refused(db: Session, messages: Sequence[IncomingMessage]) -> list[bool]:
    """Of each message, whether it is from before its sender was erased. What Meta's clock says decides.

    An erasure that lies ahead was noted by a clock that has been set back since: nobody knows when it was,
    and its person must not be kept silent until then. What came before it has the keys of its events.
    """
    latest = utc_now() + CLOCK_SKEW
    names = [[digest(each) for each in _identities(message.person)] for message in messages]
    erased = _erased(db, {each for digests in names for each in digests})
    return [
        any(each in erased and message.occurred_at < erased[each] <= latest for each in digests)
        for message, digests in zip(messages, names, strict=True)
    ]


def are_about_erased(db: Session, statuses: Sequence[str]) -> list[bool]:
    """Of each status, in JSON, whether it is about somebody who was erased and has not come back since."""
    return _are_gone(db, [list(_recipients(as_object(json.loads(each).get("status")))) for each in statuses])


def names_erased(db: Session, news: Json) -> bool:
    """Whether somebody who was erased and has not come back since is named, in whatever part of it."""
    return any(_are_gone(db, list(filter(None, map(_named, _parts(news))))))


def _are_gone(db: Session, people: Sequence[Collection[Identity]]) -> list[bool]:
    erased = _erased(db, {digest(each) for identities in people for each in identities})
    if not erased:
        return [False] * len(people)
    back = find_identities(db, {each for identities in people for each in identities})
    return [
        any(digest(each) in erased for each in identities) and not any(each in back for each in identities)
        for identities in people
    ]


def _erased(db: Session, digests: Iterable[str]) -> dict[str, datetime]:
    return {row.digest: row.erased_at for row in db.execute(_ERASED, {"digests": list(digests)})}


def _identities(person: Person) -> list[Identity]:
    named = (
        (IdentityKind.USER_ID, person.user_id),
        (IdentityKind.PARENT_USER_ID, person.parent_user_id),
        (IdentityKind.PHONE, person.phone_number),
    )
    return [(kind, value) for kind, value in named if value]


def _parts(value: Any) -> Iterator[Json]:
    """All objects in it, at any depth."""
    left = [value]
    while left:
        part = left.pop()
        if isinstance(part, dict):
            yield part
        left += part.values() if isinstance(part, dict) else part if isinstance(part, list) else ()


def _named(part: Json) -> list[Identity]:
    """Whoever this object names, under whatever key."""
    found: list[Identity] = []
    for value in part.values():
        if number := phone_digits(value):
            found.append((IdentityKind.PHONE, number))
        elif name := user_id(value):
            found += [(IdentityKind.USER_ID, name), (IdentityKind.PARENT_USER_ID, name)]
    return found


def _recipients(status: Json) -> Iterable[Identity]:
    if number := phone_digits(status.get("recipient_id")):
        yield IdentityKind.PHONE, number
    if name := user_id(status.get("recipient_user_id")):
        yield IdentityKind.USER_ID, name
