"""Sessions to the letter: who gets one, what is kept of it, how long it holds, and what ends it."""

from datetime import datetime, timedelta

import pytest
import time_machine
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from config.database import transaction, utc_now
from models import Admin, AdminSession, AuditEntry
from models.admin import LoginAttempt
from services import login_attempt_service, password_service, second_factor_service, session_service
from services.actor import Actor, Caller
from services.errors import CodeNeeded, TooManyAttempts, WrongCode, WrongCredentials
from services.session_service import SessionNotFound, find, holding, list_current, sign_in, start
from services.tokens import token_hash
from tests.desk import count
from tests.factories import make_admin
from tests.security.people_calls import PASSWORD, second_factor, with_password

HOME = "192.0.2.1"


@pytest.fixture
def ada(db: Session) -> Admin:
    return with_password(db, Caller(make_admin(db, email="ada@example.com"), HOME, session_id=1)).admin


def entries(db: Session, action: str) -> list[tuple[object, ...]]:
    query = select(AuditEntry).where(AuditEntry.action == action).order_by(AuditEntry.id)
    found = db.scalars(query)
    return [(e.actor_id, e.via, e.address, e.target_kind, e.target_id) for e in found]


def change(db: Session, token: str, **fields: datetime) -> None:
    with transaction(db):
        db.execute(update(AdminSession).where(AdminSession.token_hash == token_hash(token)).values(**fields))
    db.expire_all()


def test_a_session_knows_its_browser_and_when_it_ends(db: Session, ada: Admin) -> None:
    before = utc_now()
    admin, token = sign_in(db, " ADA@example.com", PASSWORD, "2001:db8::" + "1" * 80, "Firefox " + "x" * 300)
    session = db.scalars(select(AdminSession)).one()
    assert (admin.id, session.admin_id, session.token_hash) == (ada.id, ada.id, token_hash(token))
    assert session.address == "2001:db8::" + "1" * 54
    assert session.user_agent == "Firefox " + "x" * 247
    assert before <= session.created_at == session.last_seen_at <= utc_now()
    assert session.expires_at - session.created_at == timedelta(days=30)
    assert entries(db, "session.start") == [(ada.id, "browser", session.address, "session", session.id)]
    assert count(LoginAttempt) == 0


@pytest.mark.parametrize(
    ("email", "password"), [("ada@example.com", "wrong"), ("bola@example.com", PASSWORD)]
)
def test_who_is_refused_is_counted_and_noted(db: Session, ada: Admin, email: str, password: str) -> None:
    with pytest.raises(WrongCredentials):
        sign_in(db, email, password, HOME)
    known = ada.id if email == ada.email else None
    assert entries(db, "session.refuse") == [(None, "stranger", HOME, "admin" if known else None, known)]
    assert (count(AdminSession), count(LoginAttempt)) == (0, 3), "account and address, account, address"


def test_the_brake_is_one_for_all_spellings_of_an_account(db: Session, ada: Admin) -> None:
    for _ in range(login_attempt_service.PER_ACCOUNT_AND_ADDRESS):
        with pytest.raises(WrongCredentials):
            sign_in(db, "Ada@Example.com ", "wrong", HOME)
    with pytest.raises(TooManyAttempts):
        sign_in(db, "ada@example.com", PASSWORD, HOME)
    assert sign_in(db, "ada@example.com", PASSWORD, "198.51.100.7")[0].id == ada.id


def test_a_second_factor_is_asked_of_whoever_knows_the_password(db: Session, ada: Admin) -> None:
    second_factor(db, Caller(ada, HOME, session_id=1))
    with pytest.raises(WrongCredentials):
        sign_in(db, ada.email, "wrong", HOME, code="123456")
    with pytest.raises(CodeNeeded):
        sign_in(db, ada.email, PASSWORD, HOME)
    assert len(entries(db, "session.refuse")) == 1, "half the way is no failure"
    with pytest.raises(WrongCode):
        sign_in(db, ada.email, PASSWORD, HOME, code="000000x")
    assert entries(db, "session.refuse")[1] == (None, "stranger", HOME, "admin", ada.id)
    assert count(AdminSession) == 0
    code = second_factor_service.renew_recovery_codes(db, Caller(ada, HOME, session_id=1), PASSWORD)[0]
    assert sign_in(db, ada.email, PASSWORD, HOME, code=code)[0].id == ada.id


def test_guesses_at_one_account_keep_no_other_out(db: Session, ada: Admin) -> None:
    bola = with_password(db, Caller(make_admin(db, email="bola@example.com"), HOME, session_id=2)).admin
    for _ in range(login_attempt_service.PER_ACCOUNT_AND_ADDRESS):
        with pytest.raises(WrongCredentials):
            sign_in(db, ada.email, "wrong", HOME)
    assert sign_in(db, bola.email, PASSWORD, HOME)[0].id == bola.id
    with pytest.raises(TooManyAttempts):
        sign_in(db, ada.email, PASSWORD, HOME)  # nor does somebody else's success let the guesses go on


def test_guesses_at_one_second_factor_keep_no_other_out(db: Session, ada: Admin) -> None:
    bola = with_password(db, Caller(make_admin(db, email="bola@example.com"), HOME, session_id=2)).admin
    for admin in (ada, bola):
        second_factor(db, Caller(admin, HOME, session_id=1))
    for _ in range(login_attempt_service.CODES_PER_ACCOUNT):
        with pytest.raises(WrongCode):
            sign_in(db, ada.email, PASSWORD, HOME, code="000000x")
    with pytest.raises(TooManyAttempts):
        sign_in(db, ada.email, PASSWORD, HOME, code="000000x")
    with pytest.raises(WrongCode):
        sign_in(db, bola.email, PASSWORD, "198.51.100.7", code="000000x")


def test_a_hash_of_old_is_renewed_at_the_sign_in(
    db: Session, ada: Admin, monkeypatch: pytest.MonkeyPatch
) -> None:
    check = password_service.check_password
    monkeypatch.setattr(password_service, "check_password", lambda *given: (check(*given)[0], "renewed"))
    sign_in(db, ada.email, PASSWORD, HOME)
    db.refresh(ada)
    assert ada.password_hash == "renewed"


@pytest.mark.parametrize("what", ["disabled", "password"])
def test_nobody_starts_who_was_shut_out_in_between(db: Session, ada: Admin, what: str) -> None:
    make_admin(db)
    values = {"disabled_at": utc_now()} if what == "disabled" else {"password_hash": "another"}
    with transaction(db):
        change_it = update(Admin).where(Admin.id == ada.id).values(**values)
        db.execute(change_it.execution_options(synchronize_session=False))
    with pytest.raises(WrongCredentials):
        start(db, ada, HOME, "tests")
    assert (count(AdminSession), entries(db, "session.start")) == (0, [])


def test_sessions_that_ended_are_swept_out_by_the_next_one(db: Session, ada: Admin) -> None:
    old, current, new = (start(db, ada, HOME, "tests") for _ in range(3))
    now = utc_now()
    with time_machine.travel(now, tick=False):
        change(db, old, expires_at=now)
        change(db, current, expires_at=now + timedelta(microseconds=1))
        newest = start(db, ada, HOME, "tests")
    kept = set(db.scalars(select(AdminSession.token_hash)))
    assert kept == {token_hash(each) for each in (current, new, newest)}


def test_it_holds_until_the_very_moment(db: Session, ada: Admin) -> None:
    token, other = start(db, ada, HOME, "tests"), start(db, ada, HOME, "tests")
    now = utc_now()
    moment = timedelta(microseconds=1)
    with time_machine.travel(now, tick=False):
        for fields, holds in (
            ({"expires_at": now}, False),
            ({"expires_at": now + moment}, True),
            ({"last_seen_at": now - timedelta(days=7)}, False),
            ({"last_seen_at": now - timedelta(days=7) + moment}, True),
        ):
            change(db, token, **{"expires_at": now + timedelta(days=1), "last_seen_at": now, **fields})
            listed = {each.token_hash for each in list_current(db, ada.id)}
            assert (token_hash(token) in listed) is holds, fields
            assert (find(db, token) is not None) is holds, fields
            assert find(db, other) is not None
    with transaction(db):
        ada.disabled_at = utc_now()
    assert find(db, other) is None


def test_who_is_seen_is_noted_every_five_minutes(db: Session, ada: Admin) -> None:
    token = start(db, ada, HOME, "tests")
    now = utc_now()
    with time_machine.travel(now, tick=False):
        for ago, noted in ((timedelta(minutes=5), False), (timedelta(minutes=5, microseconds=1), True)):
            change(db, token, last_seen_at=now - ago)
            assert find(db, token) is not None
            db.expire_all()
            seen = db.scalars(select(AdminSession.last_seen_at)).one()
            assert seen == (now if noted else now - ago)


def test_many_are_asked_at_once_and_only_theirs_are_given(db: Session, ada: Admin) -> None:
    first, second = start(db, ada, HOME, "1"), start(db, make_admin(db), HOME, "2")
    start(db, ada, HOME, "3")
    found = holding(db, [first, second, "unknown"])
    assert {token: session.user_agent for token, session in found.items()} == {first: "1", second: "2"}
    db.expunge_all()
    session = find(db, first)
    assert session is not None
    db.expunge_all()
    assert session.admin.id == ada.id, "with whose it is, also when the database is not asked any more"
    assert holding(db, []) == {}
    assert find(db, "") is None


def test_the_one_used_last_stands_first_and_others_see_it_not(db: Session, ada: Admin) -> None:
    tokens = [start(db, ada, HOME, str(number)) for number in range(4)]
    start(db, make_admin(db), HOME, "another's")
    now = utc_now()
    for number, token in enumerate(tokens):
        change(db, token, last_seen_at=now - timedelta(hours=1 if number == 1 else 2))
    assert [each.user_agent for each in list_current(db, ada.id)] == ["1", "3", "2", "0"]


def test_a_browser_ends_its_own_session_and_a_program_none(db: Session, ada: Admin) -> None:
    start(db, ada, HOME, "stays")
    token = start(db, ada, HOME, "goes")
    session = find(db, token)
    assert session is not None
    session_service.end(db, Actor(ada, HOME, api_token_id=5))
    assert count(AdminSession) == 2
    session_service.end(db, Actor(ada, HOME, session_id=session.id))
    assert [each.user_agent for each in list_current(db, ada.id)] == ["stays"]
    assert entries(db, "session.end") == [
        (ada.id, "token", HOME, "session", None),
        (ada.id, "browser", HOME, "session", session.id),
    ]


def test_one_ends_ones_own_sessions_and_no_others(db: Session, ada: Admin) -> None:
    bola = make_admin(db)
    for admin, name in ((ada, "here"), (ada, "there"), (bola, "another's")):
        start(db, admin, HOME, name)
    ids = {each.user_agent: each.id for each in db.scalars(select(AdminSession))}
    me = Caller(ada, HOME, session_id=ids["here"])
    with pytest.raises(SessionNotFound, match="You have no such session"):
        session_service.revoke(db, me, ids["another's"])
    assert (count(AdminSession), entries(db, "session.end")) == (3, [])
    session_service.revoke(db, me, ids["there"])
    assert entries(db, "session.end") == [(ada.id, "browser", HOME, "session", ids["there"])]
    assert (SessionNotFound.status, SessionNotFound.code) == (404, "session_not_found")
    with transaction(db):
        session_service.end_all(db, ada.id, but=ids["here"])
    assert set(db.scalars(select(AdminSession.user_agent))) == {"here", "another's"}
    with transaction(db):
        session_service.end_all(db, ada.id)
    assert set(db.scalars(select(AdminSession.user_agent))) == {"another's"}
