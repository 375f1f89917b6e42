"""A customer who has left a trace everywhere: thirty strings that must be nowhere once they are erased."""

import base64
import io
import time
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from config.database import SessionLocal, transaction, utc_now
from models import AccountEvent, Contact, GraphTask, MediaFile, SupportMessage, SupportTicket
from models.media_file import MediaState
from services import contact_service
from services.graph_task_service import queue_read_mark
from services.media_storage import get_media_storage
from services.support_service import SupportService
from tests.webhooks import NUMBER, body_of, deliver, message, messages_body, settle, status, statuses_body

PHONE = "2348055512399"
NEW_PHONE = "2348055512400"
USER_ID = "NG.CanaryUser7731"
PARENT_ID = "NG.ENT.CanaryParent7731"
NAME = "Canarissa Quillfeather"
USERNAME = "canary.quill77"

WORDS = {
    "first words": "canary-first-words-01",
    "description": "canary-description-02",
    "edited": "canary-after-edit-03",
    "before edit": "canary-before-edit-04",
    "caption": "canary-caption-05",
    "file name": "canary-file-name-06.pdf",
    "place": "canary-place-07",
    "address": "canary-address-08",
    "shared name": "Canarius Sharedname09",
    "shared number": "+2348055598709",
    "reply": "canary-reply-of-the-desk-10",
    "bot talk": "canary-before-any-ticket-11",
    "quarantined": "canary-malformed-12",
    "order": "canary-order-text-13",
    "referral": "canary-ad-headline-14",
    "sender": "canary-name-of-who-answered-15",
    "reaction": "canary-id-of-reaction-16",
    "unsent": "canary-never-sent-17",
    "file": "canary-inside-the-file-18",
    "thumbnail": "canary-inside-the-thumbnail-19",
    "playable": "canary-inside-the-sound-20",
    "exif": "canary-camera-serial-21",
    "preferences": "canary-preference-22",
    "note": "canary-note-about-them-24",
    "task": "canary-of-a-task-25",
    "status error": "canary-error-detail-23",
}


def canaries() -> list[str]:
    """The strings, with what WhatsApp's ids hide: they carry the number in base64."""
    hidden = [base64.b64encode(PHONE.encode()).decode().rstrip("=")[:-1]]
    return [PHONE, NEW_PHONE, USER_ID, PARENT_ID, NAME, USERNAME, *WORDS.values(), *hidden]


def found_in_tables() -> dict[str, list[str]]:
    """Which canaries each table holds, in any column; search indexes and what is new included."""
    found: dict[str, list[str]] = {}
    with SessionLocal() as db:
        for table in sa.inspect(db.get_bind()).get_table_names():
            rows = db.execute(sa.text(f"SELECT * FROM `{table}`")).all()  # noqa: S608 - our own tables
            text = "\n".join(str(value) for row in rows for value in row)  # a row's own str is cut short
            if here := [each for each in canaries() if each in text]:
                found[table] = here
    return found


@dataclass(frozen=True)
class Traces:
    """The customer, their ticket, and the webhooks that brought it all, to be delivered again."""

    contact_id: int
    ticket_id: int
    bodies: list[bytes]
    media_id: int


def wamid(number: int) -> str:
    """As WhatsApp makes them: with the customer's number inside."""
    return "wamid." + base64.b64encode(f"{PHONE}-{number:09}".encode()).decode()


def leave_traces(db: Session) -> Traces:
    """The customer writes everything that can be written, and the desk answers."""
    bodies: list[bytes] = []
    ids = iter(range(1, 1000))

    def bring(*messages: dict[str, Any], **value: Any) -> None:
        contacts = [{"profile": {"name": NAME, "username": USERNAME}, "wa_id": PHONE, "user_id": USER_ID}]
        bodies.append(messages_body(*messages, contacts=contacts, **value))
        deliver(db, bodies[-1])

    def written(text: str | None = None, **fields: Any) -> dict[str, Any]:
        given = {
            "from": PHONE,
            "from_user_id": USER_ID,
            "from_parent_user_id": PARENT_ID,
            "id": wamid(next(ids)),
            "timestamp": str(int(time.time()) - 60),
        }
        return message(text, **given | fields)

    bring(written(WORDS["bot talk"]))
    bring(
        written("Chat Support", referral={"headline": WORDS["referral"], "source_url": "https://a.example"})
    )
    bring(written(WORDS["description"]))
    first = written(WORDS["first words"])
    bring(first)
    changed = written(WORDS["before edit"])
    bring(changed)
    edit = {
        "original_message_id": changed["id"],
        "message": {"type": "text", "text": {"body": WORDS["edited"]}},
    }
    bring(written(None, type="edit", edit=edit))
    document = {
        "id": "7731",
        "mime_type": "application/pdf",
        "filename": WORDS["file name"],
        "caption": WORDS["caption"],
    }
    bring(written(None, type="document", document=document))
    place = {"latitude": 6.5, "longitude": 3.3, "name": WORDS["place"], "address": WORDS["address"]}
    bring(written(None, type="location", location=place))
    card = {"name": {"formatted_name": WORDS["shared name"]}, "phones": [{"phone": WORDS["shared number"]}]}
    bring(written(None, type="contacts", contacts=[card]))
    bring(written(None, type="order", order={"text": WORDS["order"], "catalog_id": "1", "product_items": []}))
    bring(
        written(
            None, id=WORDS["reaction"], type="reaction", reaction={"message_id": first["id"], "emoji": "🎈"}
        )
    )
    bring({"from": PHONE, "type": "text", "text": {"body": WORDS["quarantined"]}})
    settle(db)
    ticket_id = _ticket_of(db, first["id"])
    _answer(db, ticket_id, bodies)
    moved = written(
        None,
        type="system",
        system={"type": "user_changed_number", "wa_id": NEW_PHONE, "body": f"to {NEW_PHONE}"},
    )
    bring(moved)
    preference = {"wa_id": PHONE, "user_id": USER_ID, "detail": WORDS["preferences"], "value": "stop"}
    bodies.append(
        body_of(
            {"metadata": {"phone_number_id": NUMBER}, "user_preferences": [preference]},
            field="user_preferences",
        )
    )
    deliver(db, bodies[-1])
    settle(db)
    row = db.query(SupportMessage).filter(SupportMessage.wamid == first["id"]).one()
    media_id = _store_file(db, row.contact_id)
    _conflict(db, row.contact_id)
    queue_read_mark(db, db.get_one(SupportTicket, ticket_id))
    with transaction(db):
        db.get_one(Contact, row.contact_id).note = WORDS["note"]
        payload = {"user": PHONE, "why": WORDS["task"]}
        db.add(
            GraphTask(
                kind="x", phone_number_id=NUMBER, payload=payload, expires_at=utc_now() + timedelta(hours=1)
            )
        )
    return Traces(row.contact_id, ticket_id, bodies, media_id)


def _conflict(db: Session, contact_id: int) -> None:
    """Another customer has the same number: the sentence names both, and stands in the other's thread."""
    rival = contact_service.display_name(db.get_one(Contact, contact_id))
    other = SupportService.create_ticket(db, "08031110000", "Somebody else", "Another matter")
    sentence = f"WhatsApp says that Somebody else now has the number of {rival}."
    both = {"contacts": [other.contact_id, contact_id]}
    with transaction(db):
        db.add(
            AccountEvent(
                field="identity_conflict",
                subject=f"contact {other.contact_id}",
                severity="warning",
                summary=sentence,
                payload=both,
            )
        )
        db.add(
            SupportMessage(
                contact_id=other.contact_id,
                ticket_id=other.id,
                sender_type="admin",
                sender_name="WhatsApp",
                kind="activity",
                message=sentence,
                payload={"activity": "identity", **both},
            )
        )


def _ticket_of(db: Session, message_id: str) -> int:
    row = db.query(SupportMessage).filter(SupportMessage.wamid == message_id).one()
    assert row.ticket_id is not None
    return row.ticket_id


def _answer(db: Session, ticket_id: int, bodies: list[bytes]) -> None:
    sent = SupportService.add_message(db, ticket_id, "admin", WORDS["sender"], WORDS["reply"])
    sent_id = wamid(900)
    with transaction(db):
        assert sent.outbound is not None
        sent.outbound.wamid, sent.outbound.state = sent_id, "sent"
    error = {"code": 131026, "title": "x", "error_data": {"details": WORDS["status error"]}}
    bodies.append(statuses_body(status(sent_id, "failed", recipient_id=PHONE, errors=[error])))
    deliver(db, bodies[-1])
    SupportService.add_message(db, ticket_id, "admin", "Ada", WORDS["unsent"])


def _store_file(db: Session, contact_id: int) -> int:
    storage = get_media_storage()
    row = (
        db.query(MediaFile)
        .join(SupportMessage, SupportMessage.id == MediaFile.message_id)
        .filter(SupportMessage.contact_id == contact_id)
        .one()
    )
    with transaction(db):
        row.state = MediaState.STORED
        row.storage_key = storage.put(row.id, io.BytesIO((WORDS["file"] + WORDS["exif"]).encode()))
        row.thumbnail_key = storage.put(row.id, io.BytesIO(WORDS["thumbnail"].encode()))
        row.playable_key = storage.put(row.id, io.BytesIO(WORDS["playable"].encode()))
    return row.id
