"""What Graph's error codes mean for a message that was to be sent.

Codes and their meaning are those of Meta's error reference for the Cloud API, as far as a send can meet them.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any


class ErrorClass(StrEnum):
    """What is to be done about an error.

    RETRY: refused before it was processed, so it is safe to send again. UNKNOWN: it may have gone out.
    PERMANENT: this message will never go. CONFIGURATION: none will until a person changes a setting.
    WAIT: WhatsApp wants no more of these for a day or longer.
    """

    RETRY = "retry"
    UNKNOWN = "unknown"
    PERMANENT = "permanent"
    CONFIGURATION = "configuration"
    WAIT = "wait"


@dataclass(frozen=True)
class KnownError:
    """`words` tell an agent what happened and what to do. `least_wait`: seconds before another try helps."""

    kind: ErrorClass
    words: str
    least_wait: float = 0.0


PAIR_RATE = 131056
"""Too many messages to one customer; another try is due after 4^n seconds, n = 0, 1, 2…"""

WINDOW_CLOSED = 131047
"""Free text, and the customer service window is over."""

MAY_HAVE_GONE_OUT = (
    "The message may have been sent. Ask the customer, or wait for the ticks, before you send it again."
)

_R, _U, _P = ErrorClass.RETRY, ErrorClass.UNKNOWN, ErrorClass.PERMANENT
_C, _W = ErrorClass.CONFIGURATION, ErrorClass.WAIT

_TABLE: Iterable[tuple[Iterable[int], KnownError]] = (
    (
        (0, 190),
        KnownError(
            _C,
            "WhatsApp does not accept the access token; it may have expired. "
            "An administrator must set a new WHATSAPP_ACCESS_TOKEN.",
        ),
    ),
    (
        (3, 10, *range(200, 300), 131005),
        KnownError(
            _C,
            "The access token may not send from this number. An administrator must give it the permission "
            "whatsapp_business_messaging or set another WHATSAPP_ACCESS_TOKEN.",
        ),
    ),
    (
        (33,),
        KnownError(
            _C,
            "WhatsApp does not know the number that the desk sends from. "
            "An administrator must check WHATSAPP_PHONE_NUMBER_ID.",
        ),
    ),
    (
        (1, 2, 131000, 131016, 133004),
        KnownError(_U, f"WhatsApp had a fault of its own. {MAY_HAVE_GONE_OUT}"),
    ),
    (
        (4, 80007, 130429),
        KnownError(_R, "WhatsApp takes no more messages from this business for the moment."),
    ),
    ((PAIR_RATE,), KnownError(_R, "Too many messages went to this customer in a short time.")),
    (
        (131057, 2494100),
        KnownError(_R, "WhatsApp is doing maintenance on the business's number.", least_wait=60.0),
    ),
    ((134101,), KnownError(_R, "WhatsApp is still preparing the template.", least_wait=600.0)),
    ((131208, 132069), KnownError(_R, "WhatsApp takes no more messages of this kind for the moment.")),
    ((139102, 139103), KnownError(_R, "WhatsApp could not change its list of blocked customers just now.")),
    (
        (100, 131008, 131009, 135000),
        KnownError(_P, "WhatsApp found a mistake in the message. Change it and send it again."),
    ),
    (
        (368,),
        KnownError(
            _C,
            "WhatsApp has blocked this business for a while because of its rules. "
            "An administrator must look in WhatsApp Manager.",
        ),
    ),
    (
        (130403,),
        KnownError(_P, "The business has blocked this customer on WhatsApp. Unblock them to write to them."),
    ),
    (
        (130472,),
        KnownError(_P, "WhatsApp keeps messages of this kind from this customer. Reach them another way."),
    ),
    (
        (130497,),
        KnownError(_P, "This business may not write to customers in this country. Reach them another way."),
    ),
    ((131021,), KnownError(_P, "The customer's number is the business's own; WhatsApp sends nothing to it.")),
    (
        (131026,),
        KnownError(
            _P,
            "WhatsApp cannot deliver to this customer: they may not be on WhatsApp, or use an old version "
            "of it. Reach them another way.",
        ),
    ),
    (
        (131030,),
        KnownError(
            _C,
            "The desk sends from a test number, and the customer is not on its list of allowed recipients. "
            "An administrator must add them in the Meta app's dashboard.",
        ),
    ),
    (
        (131031,),
        KnownError(_C, "WhatsApp has locked this business. An administrator must look in WhatsApp Manager."),
    ),
    (
        (131037,),
        KnownError(
            _C,
            "WhatsApp has not approved the business's display name yet. "
            "An administrator must look in WhatsApp Manager.",
        ),
    ),
    (
        (131042,),
        KnownError(
            _C, "WhatsApp has no valid payment method. An administrator must set one in WhatsApp Manager."
        ),
    ),
    (
        (131045, 133000, 133005, 133006, 133008, 133009, 133010, 133015, 133016),
        KnownError(
            _C,
            "The business's number is not registered with WhatsApp. "
            "An administrator must register it again and check WHATSAPP_PHONE_NUMBER_ID.",
        ),
    ),
    (
        (WINDOW_CLOSED,),
        KnownError(
            _P,
            "The customer last wrote more than 24 hours ago, and WhatsApp then takes only templates. "
            "Send a template, or wait until they write again.",
        ),
    ),
    (
        (131048,),
        KnownError(
            _W,
            "WhatsApp has slowed this business down because customers blocked or reported it. "
            "Do not send it again before tomorrow.",
        ),
    ),
    (
        (131049,),
        KnownError(
            _W, "WhatsApp held the message back to spare the customer. Do not send it again before tomorrow."
        ),
    ),
    ((131050,), KnownError(_P, "The customer no longer wants marketing messages from this business.")),
    (
        (131051,),
        KnownError(_P, "WhatsApp does not take messages of this kind. Send the answer as plain text."),
    ),
    (
        (131052, 131053),
        KnownError(_P, "WhatsApp could not take the file. Use another format or a smaller file."),
    ),
    (
        (131055, 134100, 134102),
        KnownError(_P, "WhatsApp does not take this kind of message from this number. Send plain text."),
    ),
    (
        (131062,),
        KnownError(_P, "WhatsApp needs the customer's phone number for this. Ask them for it."),
    ),
    (
        (131063, 131064),
        KnownError(
            _C,
            "WhatsApp does not let this business send such messages. "
            "An administrator must look in WhatsApp Manager.",
        ),
    ),
    (
        (132000, 132001, 132005, 132007, 132012, 132015, 132016, 132018),
        KnownError(
            _P, "WhatsApp did not take the template: it is missing, paused, or its blanks are filled wrongly."
        ),
    ),
    ((132068,), KnownError(_P, "WhatsApp has blocked the form in this message.")),
    (
        (134011,),
        KnownError(
            _C,
            "The terms of WhatsApp payments are not accepted. "
            "An administrator must accept them in WhatsApp Manager.",
        ),
    ),
    (
        (137000,),
        KnownError(_P, "The customer changed their phone or reinstalled WhatsApp. Check who they are first."),
    ),
)

_KNOWN = {code: known for codes, known in _TABLE for code in codes}


def classify(http_status: int, error: Mapping[str, Any] | None) -> ErrorClass:
    """The class of a refusal: by its code first, as Meta asks, then by `is_transient` and the HTTP status.

    `error` is the object of Graph's answer, or None where the answer could not be read. A code that is
    not known is permanent unless Graph calls it transient.
    """
    if error is None:
        gone_wrong = http_status in (408, 429) or http_status < 300 or http_status >= 500
        return _U if gone_wrong else _C
    known = _KNOWN.get(error["code"])
    if known is not None:
        return _R if known.kind is _U and http_status == 429 else known.kind
    return _R if http_status == 429 or error.get("is_transient") is True else _P


def least_wait(code: int | None) -> float:
    """Seconds before another try makes sense; 0 where Meta says nothing."""
    known = _KNOWN.get(code) if code is not None else None
    return known.least_wait if known else 0.0


def plain_words(code: int | None, details: str = "") -> str:
    """What happened and what to do, for an agent.

    `details` are Graph's own words. They are only shown where ours do not say enough.
    """
    known = _KNOWN.get(code) if code is not None else None
    if known is not None and code not in (100, 131008, 131009, 135000):
        return known.words
    number = "" if code is None else f" (error {code})"
    words = known.words if known else f"WhatsApp refused the message{number}."
    return f"{words} WhatsApp says: {details}" if details else words
