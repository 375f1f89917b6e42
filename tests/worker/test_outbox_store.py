"""The sender's steps in the database, each by itself: what it writes, and what it leaves alone."""

from datetime import timedelta

import pytest
from sqlalchemy.orm import Session
from structlog.testing import capture_logs

from config.database import database_now, transaction, utc_now
from models import Contact, ContactIdentity, MediaFile, OutboundMessage
from models.outbound_message import DeliveryState
from services.outbound_message_service import enqueue
from tests.factories import make_admin, make_contact, make_conversation
from tests.worker.outbox_desk import NUMBER, change, put, reason, row, run_out_lease, shown, told
from whatsapp.client import Address
from whatsapp.errors import WINDOW_CLOSED, plain_words
from worker import lease, outbox_store
from worker.lease import LeaseLost
from worker.outbox_retry import BLOCKED, NO_ADDRESS, OVERDUE, SAMPLE, TAKEN_OVER
from worker.outbox_store import lease_name
from worker.outbox_uploads import FILE_GONE

ME = "me"
OTHER = "2002"


@pytest.fixture(autouse=True)
def _our_lease(db: Session) -> None:
    assert lease.acquire(db, lease_name(NUMBER), ME, 60)


def claim(db: Session, *messages: OutboundMessage) -> outbox_store.Claimed:
    return outbox_store.claim(db, NUMBER, ME, [each.id for each in messages])


def test_what_is_to_be_done_for_a_number_is_found(db: Session) -> None:
    contact = make_contact(db)
    assert outbox_store.lease_name("1001") == "outbox:1001"
    for number, state in enumerate(DeliveryState):
        change(db, put(db, contact), phone_number_id=f"{number}", state=state)
    change(db, put(db, contact), phone_number_id="0")
    assert sorted(outbox_store.numbers_with_work(db)) == ["0", "1"]


def test_a_claimed_message_is_ours_and_carries_what_it_needs(db: Session) -> None:
    message = change(db, put(db, make_contact(db, phone_number="2348030000001")), next_attempt_at=utc_now())
    line = shown(db, message)
    before = database_now(db)
    found = claim(db, message)
    address = Address("to", "+2348030000001")
    [job] = found.jobs
    assert job == outbox_store.Job(
        message.id, message.contact_id, message.callback_id, message.payload, address
    )
    assert found.uploads == []
    now = row(message)
    assert (now.state, now.attempts, now.next_attempt_at) == ("sending", 1, None)
    assert now.claimed_at is not None
    assert timedelta() <= now.claimed_at - before < timedelta(seconds=30)
    assert told(db) == [line]
    assert claim(db, message).jobs == [], "nobody claims it twice"


@pytest.mark.parametrize("owner", ["another", ME])
def test_without_the_lease_nothing_is_claimed_or_settled(db: Session, owner: str) -> None:
    message = put(db, make_contact(db))
    if owner == ME:
        run_out_lease(db)
    with pytest.raises(LeaseLost):
        outbox_store.claim(db, NUMBER, owner, [message.id])
    with pytest.raises(LeaseLost):
        outbox_store.settle_left_behind(db, NUMBER, owner, [], DeliveryState.UNKNOWN)
    with pytest.raises(LeaseLost):
        outbox_store.claim(db, OTHER, ME, [message.id])
    assert row(message).state == "queued"


def customers(db: Session) -> dict[str, tuple[Contact, Address | str]]:
    """Each kind of customer, and the address that a message to them gets or why it gets none."""
    blocked = {"blocked_at": utc_now()}
    made: dict[str, tuple[Contact, Address | str]] = {
        "number": (make_contact(db, phone_number="2348030000002"), Address("to", "+2348030000002")),
        "nothing": (make_contact(db, phone_number=None), NO_ADDRESS),
        "user id": (make_contact(db, phone_number=None), Address("recipient", "NG.2")),
        "parent": (make_contact(db, phone_number=None), Address("recipient", "NG.P")),
        "both": (make_contact(db, phone_number=None), Address("recipient", "NG.B")),
        "user name": (make_contact(db, phone_number=None), NO_ADDRESS),
        "sample": (make_contact(db, is_sample=True), SAMPLE),
        "blocked": (make_contact(db, **blocked), BLOCKED),
        "blocked sample": (make_contact(db, is_sample=True, **blocked), SAMPLE),
        "blocked user id": (make_contact(db, phone_number=None, **blocked), BLOCKED),
    }
    identities = [
        ("user id", "user_id", "NG.1"),
        ("user id", "user_id", "NG.2"),
        ("parent", "parent_user_id", "NG.P"),
        ("both", "user_id", "NG.B"),
        ("both", "parent_user_id", "NG.Q"),
        ("user name", "username", "ada"),
        ("blocked user id", "user_id", "NG.3"),
    ]
    with transaction(db):
        for name, kind, value in identities:
            db.add(ContactIdentity(contact_id=made[name][0].id, kind=kind, value=value))
            db.flush()
    return made


def test_everybody_is_reached_where_they_can_be_or_it_is_said_why_not(db: Session) -> None:
    made = customers(db)
    messages = {name: put(db, contact) for name, (contact, _) in made.items()}
    lines = [shown(db, message) for message in messages.values()]
    found = {job.id: job.address for job in claim(db, *messages.values()).jobs}
    for name, (_, expected) in made.items():
        message = messages[name]
        if isinstance(expected, Address):
            assert (found.get(message.id), row(message).state) == (expected, "sending"), name
        else:
            assert message.id not in found, name
            assert reason(message) == ("failed", None, expected), name
    assert told(db) == lines


def test_a_closed_window_keeps_back_free_text_alone(db: Session) -> None:
    def customer(hours: float | None, number: str = NUMBER) -> Contact:
        contact = make_contact(db)
        at = None if hours is None else utc_now() - timedelta(hours=hours)
        make_conversation(db, contact, phone_number_id=number, last_customer_message_at=at)
        return contact

    late = customer(24.1)
    make_conversation(db, late, phone_number_id=OTHER, last_customer_message_at=utc_now())
    template = {"type": "template", "template": {"name": "hello"}}
    closed, allowed = put(db, late), enqueue(db, late.id, NUMBER, template)
    free = [put(db, each) for each in (customer(23.9), customer(None), customer(30, OTHER), make_contact(db))]
    jobs = claim(db, closed, allowed, *free).jobs
    assert {job.id for job in jobs} == {allowed.id, *(each.id for each in free)}
    assert reason(closed) == ("failed", WINDOW_CLOSED, plain_words(WINDOW_CLOSED))


def test_a_file_is_brought_first_and_a_lost_one_fails_its_message(db: Session) -> None:
    with transaction(db):
        file = MediaFile(phone_number_id=NUMBER, kind="image", mime_type="image/png", state="stored")
        file.uploaded_by, file.storage_key = make_admin(db).id, "a/key"
        db.add(file)
    waits, lost = (
        enqueue(db, make_contact(db).id, NUMBER, {"type": "image", "image": {"media_file_id": number}})
        for number in (file.id, file.id + 1)
    )
    _, line = shown(db, waits), shown(db, lost)
    found = claim(db, waits, lost)
    assert ([each.outbound_id for each in found.uploads], found.jobs) == ([waits.id], [])
    assert reason(waits) == ("queued", None, None)
    assert (row(waits).attempts, row(waits).claimed_at) == (0, None)
    assert reason(lost) == ("failed", None, FILE_GONE)
    assert told(db) == [line]


def test_the_newest_sends_are_remembered_with_their_age(db: Session, monkeypatch: pytest.MonkeyPatch) -> None:
    assert timedelta(minutes=5) == outbox_store.REMEMBERED
    contact, other = make_contact(db), make_contact(db)
    now = database_now(db)
    for whom, ago, number in (
        (contact, 200, NUMBER),
        (contact, 290, NUMBER),
        (contact, 310, NUMBER),
        (other, 10, NUMBER),
        (other, 20, OTHER),
        (other, -5000, NUMBER),
    ):
        change(db, put(db, whom), claimed_at=now - timedelta(seconds=ago), phone_number_id=number)
    put(db, other)
    found = outbox_store.recent_sends(db, NUMBER)
    assert [(who, round(ago, -1)) for who, ago in found] == [
        (contact.id, 290),
        (contact.id, 200),
        (other.id, 10),
    ]
    monkeypatch.setattr(outbox_store, "REMEMBERED_ROWS", 4)
    assert [who for who, _ in outbox_store.recent_sends(db, NUMBER)] == [other.id], (
        "of four rows, three count"
    )


def test_nothing_was_sent_from_an_empty_outbox(db: Session) -> None:
    assert outbox_store.recent_sends(db, NUMBER) == []


def test_the_oldest_of_each_customer_is_due_unless_they_wait(db: Session) -> None:
    now = database_now(db)
    waits, free, blocked, last = (make_contact(db) for _ in range(4))
    change(db, put(db, free), state="sent")
    heads = [put(db, each) for each in (free, blocked, waits, last)]
    following = [put(db, each) for each in (free, waits)]
    change(db, put(db, make_contact(db)), phone_number_id=OTHER)
    change(db, heads[2], next_attempt_at=now + timedelta(seconds=60))
    due = [heads[0].id, heads[3].id]
    assert outbox_store.due_heads(db, NUMBER, {blocked.id}, 10) == due
    assert outbox_store.due_heads(db, NUMBER, set(), 10) == [heads[0].id, heads[1].id, heads[3].id]
    assert outbox_store.due_heads(db, NUMBER, {blocked.id}, 2) == due
    assert outbox_store.due_heads(db, NUMBER, {blocked.id}, 1) == due[:1]
    assert outbox_store.due_heads(db, NUMBER, {free.id, blocked.id}, 1) == [heads[3].id]
    change(db, heads[2], next_attempt_at=now - timedelta(seconds=1))
    assert heads[2].id in outbox_store.due_heads(db, NUMBER, set(), 10)
    change(db, heads[2], next_attempt_at=now + timedelta(seconds=3700))
    assert heads[2].id in outbox_store.due_heads(db, NUMBER, set(), 10), "no wait is as long as that"
    assert not {each.id for each in following} & set(outbox_store.due_heads(db, NUMBER, set(), 10))


@pytest.mark.parametrize(
    ("state", "detail"), [(DeliveryState.UNKNOWN, TAKEN_OVER), (DeliveryState.QUEUED, None)]
)
def test_what_was_left_behind_gets_its_state_and_is_told(
    db: Session, state: DeliveryState, detail: str | None
) -> None:
    contact = make_contact(db)
    sending = {"state": "sending", "error_detail": "before"}
    left, in_flight, elsewhere = (change(db, put(db, contact), **sending) for _ in range(3))
    change(db, elsewhere, phone_number_id=OTHER)
    queued = put(db, contact)
    line = shown(db, left)
    with capture_logs() as logs:
        outbox_store.settle_left_behind(db, NUMBER, ME, [in_flight.id], state)
    assert reason(left) == (state, None, detail)
    assert [row(each).state for each in (in_flight, elsewhere, queued)] == ["sending", "sending", "queued"]
    assert told(db) == [line]
    assert logs == [
        {
            "event": "outbox.left_behind",
            "log_level": "warning",
            "number": NUMBER,
            "messages": 1,
            "state": state,
        }
    ]
    with capture_logs() as logs:
        outbox_store.settle_left_behind(db, NUMBER, ME, [in_flight.id], state)
    assert logs == []


def test_what_waited_for_a_day_is_given_up_and_told(db: Session) -> None:
    contact = make_contact(db)
    now = database_now(db)
    day = now - timedelta(hours=24, minutes=1)
    over = change(db, put(db, contact), created_at=day)
    line = shown(db, over)
    young = change(db, put(db, contact), created_at=now - timedelta(hours=23, minutes=59))
    elsewhere = change(db, put(db, contact), created_at=day, phone_number_id=OTHER)
    sent = change(db, put(db, contact), created_at=day, state="sent")
    outbox_store.fail_overdue(db, NUMBER)
    assert reason(over) == ("failed", None, OVERDUE)
    assert [row(each).state for each in (young, elsewhere, sent)] == ["queued", "queued", "sent"]
    assert told(db) == [line]


def test_an_act_of_nothing_does_nothing(db: Session) -> None:
    outbox_store.write_results(db, {}, 1.0)
    outbox_store.fail_overdue(db, NUMBER)
    assert claim(db) == outbox_store.Claimed([], [])
    assert told(db) == []
