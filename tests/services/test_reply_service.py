import uuid
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy.orm import Session

from models import MediaFile, OutboundMessage, SupportMessage
from models.media_file import MediaState
from models.support_ticket import SenderType, TicketStatus
from services import reply_content
from services.client_ids import ClientIdReused
from services.message_template_service import TemplateNotApproved, TemplateNotFound
from services.reply_content import Draft, MediaDraft, MediaNotFound, MediaUsed, TemplateDraft
from services.reply_service import CannotQuote
from services.sending_rules import TicketClosed, WindowClosed
from services.support_service import SupportService
from tests.desk import count, stored
from tests.factories import make_admin, make_contact, make_message, make_ticket
from tests.services.sending import make_open_ticket, make_template, make_upload, outbox, reply
from tests.together import together
from whatsapp.unsendable import PartMissing, Unsendable

BUTTONS = [("yes", "Yes"), ("no", "No")]
SECTIONS: list[dict[str, Any]] = [{"title": "", "rows": [{"id": "1", "title": "One", "description": ""}]}]
TEMPLATE = TemplateDraft("parcel_delay", "en_US", {"body.order": "AB-1042"})
READY: list[tuple[Draft, str, str]] = [
    (reply_content.text(" Hello "), "text", "Hello"),
    (reply_content.location(6.5, 3.25, "Shop", ""), "location", "Shop"),
    (reply_content.location(6.5, 3.25, "", ""), "location", "6.5, 3.25"),
    (
        reply_content.contacts([("Ada Obi", "0803 555 0142"), ("Chidi", "+49 30 55510042")]),
        "contacts",
        "Ada Obi, Chidi",
    ),
    (reply_content.buttons("Well?", BUTTONS, "", ""), "interactive", "Well?"),
    (reply_content.list_menu("Topic?", "Choose", SECTIONS, "", ""), "interactive", "Topic?"),
]


@pytest.mark.parametrize(("draft", "kind", "words"), READY)
def test_every_content_is_a_row_and_a_message(db: Session, draft: Draft, kind: str, words: str) -> None:
    ticket = make_open_ticket(db)
    reply(db, ticket, draft)
    found = stored(ticket.id)
    [row] = found.messages
    assert (row.kind, row.message, row.phone_number_id) == (kind, words, ticket.phone_number_id)
    assert (found.status, found.last_message_preview) == (TicketStatus.IN_PROGRESS, words)
    [sent] = outbox()
    assert sent.payload["type"] == kind
    assert row.outbound_id == sent.id
    if kind in ("interactive", "location"):
        assert row.payload == {kind: sent.payload[kind]}


def test_contact_cards_carry_whole_numbers(db: Session) -> None:
    ticket = make_open_ticket(db)
    row = reply(db, ticket, reply_content.contacts([("Ada Obi", "0803 555 0142")]))
    assert row.payload == {"contacts": [{"name": "Ada Obi", "phones": [{"phone": "+2348035550142"}]}]}
    [card] = outbox()[0].payload["contacts"]
    assert card["phones"] == [{"phone": "+2348035550142", "type": "WORK"}]


def test_a_file_goes_with_its_caption_and_once(db: Session) -> None:
    admin, ticket = make_admin(db), make_open_ticket(db)
    file = make_upload(db, admin, kind="document", filename="label.pdf")
    row = reply(db, ticket, reply_content.media(file.id, " Print me "), admin)
    assert (row.kind, row.message) == ("document", "Print me")
    assert outbox()[0].payload == {
        "type": "document",
        "document": {"media_file_id": file.id, "caption": "Print me", "filename": "label.pdf"},
    }
    assert row.media is not None
    assert row.media.id == file.id
    with pytest.raises(MediaUsed):
        reply(db, ticket, reply_content.media(file.id, "Print me"), admin)
    assert len(outbox()) == 1


def test_a_file_must_be_the_callers_own_and_whole(db: Session) -> None:
    admin, other, ticket = make_admin(db), make_admin(db), make_open_ticket(db)
    theirs = make_upload(db, other)
    received = make_upload(db, admin, uploaded_by=None)
    unfinished = make_upload(db, admin, state=MediaState.PENDING)
    for media_id in (theirs.id, received.id, unfinished.id, 999_999, 0, 2**40):
        with pytest.raises(MediaNotFound):
            reply(db, ticket, MediaDraft(media_id), admin)
    with pytest.raises(MediaNotFound):
        reply(db, ticket, MediaDraft(received.id), None)
    assert outbox() == []


def test_of_two_who_send_one_file_one_does(db: Session) -> None:
    admin = make_admin(db)
    file = make_upload(db, admin)
    tickets = [make_open_ticket(db) for _ in range(6)]

    def send(other: Session, number: int) -> int:
        return reply(other, tickets[number], MediaDraft(file.id), admin).id

    found = together(6, send)
    assert sorted(type(each).__name__ for each in found) == ["MediaUsed"] * 5 + ["int"]
    assert (count(OutboundMessage), count(SupportMessage)) == (1, 1)


def test_a_template_goes_filled_in_and_reads_as_the_customer_reads_it(db: Session) -> None:
    make_template(db)
    ticket = make_open_ticket(db, wrote=timedelta(days=3))
    row = reply(db, ticket, TEMPLATE)
    components = [
        {
            "type": "body",
            "parameters": [{"type": "text", "parameter_name": "order", "text": "AB-1042"}],
        }
    ]
    assert (row.kind, row.message) == ("template", "Order AB-1042 is late.")
    assert row.payload is not None
    assert row.payload["template"]["components"] == components
    assert outbox()[0].payload == {
        "type": "template",
        "template": {"name": "parcel_delay", "language": {"code": "en_US"}, "components": components},
    }


def test_only_an_approved_template_goes(db: Session) -> None:
    ticket = make_open_ticket(db)
    with pytest.raises(TemplateNotFound):
        reply(db, ticket, TEMPLATE)
    make_template(db, status="PAUSED")
    with pytest.raises(TemplateNotApproved, match="paused"):
        reply(db, ticket, TEMPLATE)
    make_template(db, language="de", gone_at=ticket.created_at)
    with pytest.raises(TemplateNotFound):
        reply(db, ticket, TemplateDraft("parcel_delay", "de", {"body.order": "1"}))
    make_template(db, language="fr")
    with pytest.raises(Unsendable):
        reply(db, ticket, TemplateDraft("parcel_delay", "fr", {}))
    assert outbox() == []
    assert stored(ticket.id).messages == []


@pytest.mark.parametrize("draft", [draft for draft, *_ in READY])
def test_outside_the_window_nothing_free_is_taken(db: Session, draft: Draft) -> None:
    ticket = make_open_ticket(db, wrote=timedelta(hours=24, seconds=1))
    with pytest.raises(WindowClosed, match="24 hours"):
        reply(db, ticket, draft)
    with pytest.raises(WindowClosed):
        SupportService.add_message(db, ticket.id, "admin", "Bola", "Hello")
    assert outbox() == []
    assert stored(ticket.id).status is TicketStatus.OPEN
    for sender in (SenderType.USER, SenderType.BOT):
        SupportService.add_message(db, ticket.id, sender, "Bola", "Noted by hand")


def test_the_window_is_that_of_the_tickets_number(db: Session) -> None:
    never_wrote = make_ticket(db)
    reply(db, never_wrote, reply_content.text("Hello"))  # WhatsApp decides
    elsewhere = make_open_ticket(db, wrote=timedelta(days=2), phone_number_id="another")
    reply(db, elsewhere, reply_content.text("Hello"))
    assert len(outbox()) == 2


def test_a_quote_names_a_message_of_the_same_customer(db: Session) -> None:
    ticket = make_open_ticket(db)
    said = make_message(db, ticket, wamid="wamid.Said")
    before = make_message(db, make_ticket(db, ticket.contact, status=TicketStatus.CLOSED), wamid="wamid.Old")
    row = reply(db, ticket, reply_content.text("Yes"), reply_to_id=said.id)
    assert (row.reply_to_id, row.reply_to_wamid) == (said.id, "wamid.Said")
    reply(db, ticket, reply_content.buttons("Well?", BUTTONS, "", ""), reply_to_id=before.id)
    assert [each.payload["context"] for each in outbox()] == [
        {"message_id": "wamid.Said"},
        {"message_id": "wamid.Old"},
    ]
    unsent = make_message(db, ticket)
    strange = make_message(db, make_ticket(db, make_contact(db)), wamid="wamid.Other")
    for message_id in (unsent.id, strange.id, 999_999, 0, -1, 2**40):
        with pytest.raises(CannotQuote):
            reply(db, ticket, reply_content.text("Yes"), reply_to_id=message_id)


def test_a_closed_ticket_sends_nothing(db: Session) -> None:
    ticket = make_open_ticket(db, status=TicketStatus.CLOSED)
    make_template(db)
    for draft in (reply_content.text("Hello"), TEMPLATE):
        with pytest.raises(TicketClosed):
            reply(db, ticket, draft)


@pytest.mark.promise("P8")
def test_a_client_id_gives_back_its_message_whatever_it_is(db: Session) -> None:
    admin, ticket = make_admin(db), make_open_ticket(db)
    file, other = make_upload(db, admin), make_upload(db, admin)
    template = make_template(db)
    said = make_message(db, ticket, wamid="wamid.Said")
    drafts: list[Draft] = [
        *(draft for draft, *_ in READY),
        MediaDraft(file.id, "Look"),
        TEMPLATE,
    ]
    sent = {index: str(uuid.uuid4()) for index in range(len(drafts))}
    first = [reply(db, ticket, draft, admin, client_id=sent[index]) for index, draft in enumerate(drafts)]
    template.status = "PAUSED"
    db.commit()
    for index, draft in enumerate(drafts):
        assert reply(db, ticket, draft, admin, client_id=sent[index]).id == first[index].id
        with pytest.raises(ClientIdReused):
            reply(db, ticket, drafts[index - 1], admin, client_id=sent[index])
        with pytest.raises(ClientIdReused):
            reply(db, ticket, draft, admin, client_id=sent[index], reply_to_id=said.id)
    for changed in (MediaDraft(file.id, "Look!"), MediaDraft(other.id, "Look")):
        with pytest.raises(ClientIdReused):
            reply(db, ticket, changed, admin, client_id=sent[len(READY)])
    with pytest.raises(ClientIdReused):
        reply(
            db,
            ticket,
            TemplateDraft("parcel_delay", "en_US", {"body.order": "2"}),
            admin,
            client_id=sent[len(READY) + 1],
        )
    assert len(outbox()) == len(drafts)
    assert db.get_one(MediaFile, other.id).message_id is None


def test_blank_parts_are_refused_before_anything_is_stored() -> None:
    makers: list[Callable[[], Draft]] = [
        lambda: reply_content.buttons(" ", BUTTONS, "", ""),
        lambda: reply_content.contacts([(" ", "08035550142")]),
        lambda: reply_content.list_menu("Topic?", " ", SECTIONS, "", ""),
    ]
    for make in makers:
        with pytest.raises(PartMissing):
            make()


def test_what_no_database_stores_is_replaced(db: Session) -> None:
    ticket = make_open_ticket(db)
    row = reply(db, ticket, reply_content.location(1, 2, "a\x00b", "\ud800"))
    assert row.message == "a\ufffdb, \ufffd"
    assert outbox()[0].payload["location"]["name"] == "a\ufffdb"
