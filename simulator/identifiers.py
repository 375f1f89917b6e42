"""Ids in the shapes WhatsApp uses; a desk must treat every one of them as opaque."""

import base64
import hashlib
import re
import secrets

PHONE_NUMBER = re.compile(r"[1-9]\d{7,14}")
USER_ID = re.compile(r"[A-Z]{2}\.(ENT\.)?[A-Za-z0-9]{1,128}")


def new_message_id(address: str, *, from_customer: bool) -> str:
    """A `wamid.` as Meta builds it: base64 of the customer's address, the direction and random hex."""
    owner = address.encode()
    direction = b"\x12" if from_customer else b"\x11"
    raw = b"\x1c\x18" + bytes([len(owner)]) + owner + b"\x15\x02\x00" + direction + b"\x18\x14"
    raw += secrets.token_hex(10).upper().encode() + b"\x00"
    return "wamid." + base64.b64encode(raw).decode()


def user_id_for(identity: str) -> str:
    """The business-scoped user id (BSUID) of this phone number or user name.

    Derived, so that a person who is added again after a restart is the same person to the desk.
    """
    digest = hashlib.sha256(identity.encode()).digest()
    return "NG." + str(int.from_bytes(digest[:9], "big")).zfill(22)[-20:]


def username_for(name: str, taken: set[str]) -> str:
    """A free WhatsApp user name made of this person's name."""
    stem = re.sub(r"[^a-z0-9]+", ".", name.lower()).strip(".") or "user"
    username, number = stem, 1
    while username in taken:
        number += 1
        username = f"{stem}{number}"
    return username


def digits_of(phone_number: str) -> str | None:
    """The digits of an international number in any spelling, or None if it cannot be one."""
    if not re.fullmatch(r"\+?[\d\s().-]+", phone_number):
        return None
    digits = re.sub(r"\D", "", phone_number)
    return digits if PHONE_NUMBER.fullmatch(digits) else None
