"""S5, S6, S21: guessing passwords, and saying to be somebody else."""

from collections import Counter

import httpx2
import pytest
from sqlalchemy.orm import Session

from config.database import SessionLocal
from config.settings import Settings, SettingsError, get_settings
from main import create_app
from services import admin_service
from services.errors import WeakPassword
from services.login_attempt_service import PER_ACCOUNT_AND_ADDRESS
from tests.plain_client import plain_client
from tests.running_desk import RunningDesk, serve

LOGIN = "/api/auth/login"
EMAIL, PASSWORD = "bola@example.com", "tall-green-giraffe"
SPOOFS = "X-Forwarded-For X-Real-IP X-Client-IP True-Client-IP CF-Connecting-IP Forwarded Via".split()


def sign_in(client: httpx2.Client, password: str, **headers: str) -> int:
    answer = client.post(LOGIN, json={"email": EMAIL, "password": password}, headers=headers)
    return answer.status_code


def spoofed(number: int) -> dict[str, str]:
    address = f"203.0.{number // 250}.{number % 250 + 1}"
    return {name: f"for={address}" if name == "Forwarded" else address for name in SPOOFS}


def elsewhere(url: str, address: str = "127.0.0.2") -> httpx2.Client:
    """A browser on another machine."""
    transport = httpx2.HTTPTransport(local_address=address)
    return plain_client(url, transport=transport)


def test_a_thousand_guesses_are_ten_whoever_the_guesser_says_to_be(desk: RunningDesk) -> None:
    with SessionLocal() as db:
        admin_service.create(db, EMAIL, "Bola", PASSWORD)
    answers = Counter(sign_in(desk.stranger, f"guess {n}", **spoofed(n)) for n in range(300))
    assert answers == {401: PER_ACCOUNT_AND_ADDRESS, 429: 300 - PER_ACCOUNT_AND_ADDRESS}
    assert sign_in(desk.stranger, PASSWORD) == 429, "also a right guess is not tried"
    with serve(create_app(get_settings())) as restarted, plain_client(restarted) as guesser:
        assert sign_in(guesser, PASSWORD) == 429, "a restart forgives nothing"
        with elsewhere(restarted) as owner:
            assert sign_in(owner, PASSWORD) == 200, "and the owner gets in from another address"


def test_who_was_given_a_new_password_gets_in_at_once(db: Session, desk: RunningDesk) -> None:
    admin_service.create(db, EMAIL, "Bola", "a-password-long-forgotten")
    for guess in range(PER_ACCOUNT_AND_ADDRESS):
        sign_in(desk.stranger, f"guess {guess}")
    assert sign_in(desk.stranger, "a-password-long-forgotten") == 429
    admin_service.change_password(db, EMAIL, PASSWORD)
    assert sign_in(desk.stranger, PASSWORD) == 200


def test_a_trusted_proxy_tells_who_asks_and_only_the_last_address_counts(
    desk: RunningDesk, monkeypatch: pytest.MonkeyPatch
) -> None:
    with SessionLocal() as db:
        admin_service.create(db, EMAIL, "Bola", PASSWORD)
    monkeypatch.setattr(get_settings(), "trusted_proxies", "127.0.0.1")
    with serve(create_app(get_settings())) as url, plain_client(url) as proxy:
        # the guesser makes up what stands before the address that the proxy saw
        made_up = [{"X-Forwarded-For": f"198.51.100.{n}, 203.0.113.9"} for n in range(30)]
        answers = Counter(sign_in(proxy, f"guess {n}", **each) for n, each in enumerate(made_up))
        assert answers == {401: PER_ACCOUNT_AND_ADDRESS, 429: 30 - PER_ACCOUNT_AND_ADDRESS}
        with elsewhere(url) as not_the_proxy:
            assert sign_in(not_the_proxy, "guess", **{"X-Forwarded-For": "203.0.113.9"}) == 401
        assert sign_in(proxy, PASSWORD, **{"X-Forwarded-For": "203.0.113.10"}) == 200


@pytest.mark.parametrize("proxies", ["*", "proxy.example", "10.0.0.0/40", "127.0.0.1;::1"])
def test_only_addresses_can_be_trusted(proxies: str) -> None:
    with pytest.raises(SettingsError, match="TRUSTED_PROXIES"):
        Settings(trusted_proxies=proxies).complete()


def test_nobody_is_let_in_for_saying_who_they_are(desk: RunningDesk) -> None:
    names = (
        "X-Remote-User Remote-User X-Forwarded-User X-Forwarded-Email X-Auth-Request-Email X-User-Email "
        "X-Authenticated-User X-WEBAUTH-USER Cf-Access-Authenticated-User-Email X-Admin X-Original-URL "
        "X-Rewrite-URL X-HTTP-Method-Override"
    ).split()
    for said in (desk.admin.email, str(desk.admin.id), "admin", "/api/health/live", "GET"):
        answer = desk.stranger.get("/api/auth/me", headers=dict.fromkeys(names, said))
        assert (said, answer.status_code) == (said, 401)


@pytest.mark.parametrize(
    "password",
    [
        "short",
        "password1234",
        "Passw0rd!!!!",
        "chatsupport2026!",
        "Chat Support 2026!",
        "bola@example.com",
        "bola@example.com1",
        "aaaaaaaaaaaaaaaa",
        "123412341234",
        "qwertyuiop123",
        "whatsappwhatsapp",
        "nigeria2026nigeria",
        "finalfantasy",
        "1qaz2wsx3edc4rfv",
        "JamesBond007",
    ],
)
def test_what_everybody_tries_first_is_no_password(db: Session, password: str) -> None:
    with pytest.raises(WeakPassword):
        admin_service.create(db, EMAIL, "Bola", password)


def test_long_and_odd_passwords_count_to_their_last_letter(db: Session, desk: RunningDesk) -> None:
    odd = "ẹ̀kọ́ \x00 ошибка 🦒 " + "long enough to be cut somewhere " * 6
    for number, password in enumerate((odd, "four plain lower words", "p" * 60 + "qrstuvwxyz" * 90)):
        email = f"odd{number}@example.com"
        admin_service.create(db, email, "", password)
        tries = [password, password[:-1], password + " ", password.replace("\x00", "")][
            : 4 if number == 0 else 3
        ]
        statuses = [
            desk.stranger.post(LOGIN, json={"email": email, "password": each}).status_code for each in tries
        ]
        assert statuses == [200] + [401] * (len(tries) - 1)
