"""Admins, and the first one."""

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from config.settings import get_settings
from models.admin import Admin
from services import admin_service, people_service
from services.actor import COMMAND_LINE
from services.errors import AdminExists, AdminNotFound, InvalidEmail, WeakPassword

PASSWORD = "tall-green-giraffe"


def test_an_address_has_one_spelling(db: Session) -> None:
    admin = admin_service.create(db, "  Ada@Example.COM ", "  Ada \n Lovelace ", PASSWORD)
    assert (admin.email, admin.name) == ("ada@example.com", "Ada Lovelace")
    assert admin_service.find_active(db, "ADA@example.com") == admin
    with pytest.raises(AdminExists, match=r"ada@example\.com"):
        admin_service.create(db, "ada@EXAMPLE.com", "Other", PASSWORD)
    db.expire_all()
    assert len(admin_service.list_active(db)) == 1


def test_a_look_alike_address_is_another(db: Session) -> None:
    admin_service.create(db, "ada@example.com", "Ada", PASSWORD)
    assert admin_service.find_active(db, "adá@example.com") is None
    assert admin_service.find_active(db, "ada@example.com ") is not None


@pytest.mark.parametrize(
    "email", ["", "ada", "ada@", "@example.com", "a b@c", "a@b@c", "a\x00@b", "a@" + "b" * 254]
)
def test_what_is_no_address_is_refused(db: Session, email: str) -> None:
    with pytest.raises(InvalidEmail):
        admin_service.create(db, email, "Ada", PASSWORD)
    assert db.scalars(select(Admin)).all() == []


def test_a_name_left_out_is_taken_from_the_address(db: Session) -> None:
    assert admin_service.create(db, "ada@example.com", " ", PASSWORD).name == "ada"


def test_the_first_admin_is_made_once(db: Session) -> None:
    made = admin_service.create_first(db, "", "")
    assert made is not None
    admin, password = made
    assert admin.email == "admin@localhost"
    assert len(password) >= 20
    assert admin_service.create_first(db, "other@example.com", PASSWORD) is None
    assert [found.email for found in admin_service.list_active(db)] == ["admin@localhost"]


def test_a_weak_first_password_is_refused_where_others_reach_the_desk(
    db: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(get_settings(), "public_url", "https://desk.example.com")
    with pytest.raises(WeakPassword):
        admin_service.create_first(db, "ada@example.com", "short")
    monkeypatch.setattr(get_settings(), "public_url", "http://localhost:8000")
    assert admin_service.create_first(db, "ada@example.com", "short") is not None


def test_the_first_admin_can_be_given(db: Session) -> None:
    made = admin_service.create_first(db, "ada@example.com", PASSWORD)
    assert made is not None
    assert (made[0].email, made[1]) == ("ada@example.com", PASSWORD)


def test_what_is_done_to_nobody_says_so(db: Session) -> None:
    with pytest.raises(AdminNotFound, match=r"nobody@example\.com"):
        admin_service.change_password(db, "nobody@example.com", PASSWORD)
    admin_service.create(db, "ada@example.com", "Ada", PASSWORD)
    people_service.disable(db, COMMAND_LINE, admin_service.get_active(db, "ada@example.com").id)
    with pytest.raises(AdminNotFound):
        people_service.disable(db, COMMAND_LINE, admin_service.get_active(db, "ada@example.com").id)
    assert admin_service.list_active(db) == []
