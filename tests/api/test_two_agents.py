"""Two people at one ticket: who takes it, and who answers."""

from sqlalchemy.orm import Session

from services import api_token_service
from tests.api.test_support import TICKETS, refusal
from tests.factories import make_admin
from tests.running_desk import CUSTOMER_NUMBER, RunningDesk, outbox_states, text_message, webhook


def as_bola(db: Session) -> dict[str, str]:
    bola = make_admin(db, name="Bola")
    return {"Authorization": f"Bearer {api_token_service.create(db, bola.email, 'tests')[1]}"}


def test_a_claim_and_the_refusal_that_names_the_winner(desk: RunningDesk, db: Session) -> None:
    bola = as_bola(db)
    path = f"{TICKETS}/{desk.open_ticket()['id']}"
    taken = desk.data("POST", f"{path}/claim", json={}, headers=bola)
    assert taken["assigned_admin_name"] == "Bola"
    response = desk.api.post(f"{path}/claim", json={})
    assert response.status_code == 409
    assert response.json()["message"].startswith("Bola has ticket #")
    assert refusal(desk, "POST", f"{path}/claim", 409, json={}) == "already_assigned"
    assert refusal(desk, "POST", f"{TICKETS}/999/claim", 404, json={}) == "ticket_not_found"


def test_an_answer_to_a_thread_that_has_moved(desk: RunningDesk, db: Session) -> None:
    ticket_id = desk.open_ticket()["id"]
    desk.deliver(webhook(text_message("It is broken", number=CUSTOMER_NUMBER)))
    desk.settle()
    [seen] = desk.ticket(ticket_id)["messages"]
    messages = f"{TICKETS}/{ticket_id}/messages"
    answer = {"message": "Shall we send another?", "last_seen_message_id": seen["id"]}
    first = desk.data("POST", messages, json=answer, headers=as_bola(db))
    refused = desk.api.post(messages, json=answer)
    assert refused.status_code == 409
    said = refused.json()
    assert (said["status"], said["code"]) == ("error", "thread_has_moved")
    assert said["details"] == [
        {"field": f"messages.{first['id']}", "message": "Bola: Shall we send another?"}
    ]
    assert len(outbox_states()) == 1
    desk.data("POST", messages, json=answer | {"last_seen_message_id": first["id"]})
    assert (
        refusal(desk, "POST", messages, 400, json=answer | {"last_seen_message_id": -1})
        == "malformed_request"
    )
