import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from config.database import database_now
from config.settings import get_settings
from models import GraphTask
from models.graph_task import GraphTaskKind
from models.support_ticket import SenderType
from realtime.bus import GRAPH_TASKS, bus
from services import desk_setting_service, ticket_list_service
from services.desk_setting_service import SettingsChange
from services.errors import TicketNotFound
from services.graph_task_service import (
    LIFETIMES,
    NoBusinessAccount,
    ask_for_number_health,
    ask_for_templates,
    show_typing,
)
from tests.factories import make_message, make_ticket


def tasks(db: Session) -> list[tuple[str, str, object]]:
    rows = db.scalars(select(GraphTask).order_by(GraphTask.id))
    return [(row.kind, row.phone_number_id, row.payload.get("message_id")) for row in rows]


def test_reading_marks_the_customers_newest_message_once(db: Session) -> None:
    ticket = make_ticket(db, unread_count=2, phone_number_id="1001")
    for wamid in ("wamid.1", "wamid.2"):
        make_message(db, ticket, wamid=wamid)
    make_message(db, ticket, wamid="wamid.Other", phone_number_id="1002")
    make_message(db, ticket, wamid="wamid.Ours", sender_type=SenderType.ADMIN)
    make_message(db, ticket)
    for _ in range(2):
        ticket_list_service.mark_read(db, ticket.id)
    assert tasks(db) == [(GraphTaskKind.MARK_READ, "1001", "wamid.2")]


def test_typing_names_the_newest_message_and_is_short_lived(db: Session) -> None:
    ticket = make_ticket(db)
    make_message(db, ticket, wamid="wamid.1")
    show_typing(db, ticket.id)
    assert tasks(db) == [(GraphTaskKind.TYPING, ticket.phone_number_id, "wamid.1")]
    [task] = db.scalars(select(GraphTask))
    assert task.expires_at - task.created_at == LIFETIMES[GraphTaskKind.TYPING]
    assert task.next_attempt_at <= database_now(db)
    with pytest.raises(TicketNotFound):
        show_typing(db, 999_999)


def test_who_wants_no_read_marks_gets_none(db: Session) -> None:
    desk_setting_service.change(db, SettingsChange(read_marks=False))
    ticket = make_ticket(db, unread_count=1)
    make_message(db, ticket, wamid="wamid.1")
    assert ticket_list_service.mark_read(db, ticket.id).unread_count == 0
    show_typing(db, ticket.id)
    assert tasks(db) == []


def test_a_customer_who_never_wrote_has_nothing_to_mark(db: Session) -> None:
    ticket = make_ticket(db, unread_count=1)
    make_message(db, ticket)
    ticket_list_service.mark_read(db, ticket.id)
    show_typing(db, ticket.id)
    assert tasks(db) == []


def test_what_is_asked_already_is_not_asked_again(db: Session) -> None:
    woken: list[str] = []
    deaf = bus.listen(GRAPH_TASKS, lambda: woken.append(GRAPH_TASKS))
    for _ in range(3):
        ask_for_templates(db)
        ask_for_number_health(db)
    deaf()
    number = get_settings().whatsapp_phone_number_id
    assert tasks(db) == [
        (GraphTaskKind.SYNC_TEMPLATES, number, None),
        (GraphTaskKind.CHECK_NUMBER, number, None),
    ]
    assert woken == [GRAPH_TASKS] * 2


def test_templates_belong_to_a_business_account(db: Session, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(get_settings(), "whatsapp_business_account_id", "")
    with pytest.raises(NoBusinessAccount, match="WHATSAPP_BUSINESS_ACCOUNT_ID"):
        ask_for_templates(db)
    assert tasks(db) == []
