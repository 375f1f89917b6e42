"""The words for Meta's codes about the account, its numbers and its templates."""

from typing import Any

from whatsapp.values import short_text

INFO, WARNING, CRITICAL = "info", "warning", "critical"
LONGEST_NAME = 120

Told = tuple[str, str, str]
"""Subject, severity and summary of an event."""

TOPICS = {
    "ACCOUNT_RESTRICTION": "restriction",
    "ACCOUNT_VIOLATION": "violation",
    "DISABLED_UPDATE": "ban",
    "ACCOUNT_DELETED": "connection",
    "ACCOUNT_OFFBOARDED": "connection",
    "ACCOUNT_RECONNECTED": "connection",
    "PARTNER_ADDED": "partner",
    "PARTNER_REMOVED": "partner",
    "PARTNER_APP_INSTALLED": "app",
    "PARTNER_APP_UNINSTALLED": "app",
}
"""Events of one topic replace each other: an account that is connected again is disconnected no longer."""

ACCOUNT_WORDS = {
    "ACCOUNT_DELETED": (CRITICAL, "The WhatsApp account was deleted. Nothing comes in or goes out."),
    "ACCOUNT_OFFBOARDED": (CRITICAL, "The phone app is no longer connected. Nothing comes in or goes out."),
    "ACCOUNT_RECONNECTED": (INFO, "The phone app is connected again."),
    "ACCOUNT_VIOLATION": (WARNING, "WhatsApp says that the account broke its rules."),
    "PARTNER_ADDED": (INFO, "A partner was given access to the WhatsApp account."),
    "PARTNER_REMOVED": (
        WARNING,
        "A partner lost access to the WhatsApp account. Check that messages come in.",
    ),
    "PARTNER_APP_INSTALLED": (INFO, "An app was connected to the WhatsApp account."),
    "PARTNER_APP_UNINSTALLED": (
        WARNING,
        "An app was disconnected from the WhatsApp account. Check that messages come in.",
    ),
}

TEMPLATE_WORDS = {
    "APPROVED": (INFO, "is approved and can be sent"),
    "ARCHIVED": (INFO, "is archived"),
    "DELETED": (INFO, "is deleted"),
    "DISABLED": (WARNING, "is disabled for good"),
    "FLAGGED": (WARNING, "is flagged and may be disabled: customers block or report it"),
    "IN_APPEAL": (INFO, "is being reviewed again"),
    "LIMIT_EXCEEDED": (WARNING, "is not reviewed: the account has too many templates"),
    "LOCKED": (WARNING, "is locked"),
    "PAUSED": (WARNING, "is paused: customers block or report it"),
    "PENDING": (INFO, "is being reviewed"),
    "PENDING_DELETION": (INFO, "is being deleted"),
    "REINSTATED": (INFO, "can be sent again"),
    "REJECTED": (WARNING, "is rejected"),
}

SECURITY_WORDS = {
    "PIN_CHANGED": "has a new PIN. If nobody of you did that, somebody else has the account.",
    "PIN_RESET_REQUEST": "is to lose its PIN: somebody asked for it. If none of you did, secure the account.",
    "PIN_RESET_SUCCESS": "has lost its PIN. If nobody of you asked for that, somebody else has the account.",
}

STANDBY_WORDS = (
    "Another program, such as Meta's Business Agent, is in charge of talks at this number. Their messages "
    "are shown, and the bot does not answer them."
)

TIERS = {
    "TIER_50": "50 new customers a day",
    "TIER_250": "250 new customers a day",
    "TIER_1K": "1,000 new customers a day",
    "TIER_2K": "2,000 new customers a day",
    "TIER_10K": "10,000 new customers a day",
    "TIER_100K": "100,000 new customers a day",
    "TIER_UNLIMITED": "any number of new customers a day",
}


def word(value: Any, longest: int = LONGEST_NAME) -> str:
    """A name or code for a sentence; numbers are seen in the place of texts."""
    if isinstance(value, int | float) and not isinstance(value, bool):
        return str(value)[:longest]
    return short_text(value, longest)


def readable(code: Any) -> str:
    """A code in small letters and with blanks."""
    return word(code).replace("_", " ").lower()
