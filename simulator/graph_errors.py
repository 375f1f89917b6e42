"""Graph's documented error codes, each with the HTTP status and the title that Meta gives it."""

import secrets
from typing import Any, NamedTuple


class Documented(NamedTuple):
    """What Meta writes about a code."""

    http_status: int
    title: str
    details: str = ""


ERRORS: dict[int, Documented] = {
    0: Documented(401, "AuthException", "We were unable to authenticate the app user."),
    1: Documented(400, "API Unknown", "Invalid request or possible server error."),
    2: Documented(503, "API Service", "Temporary due to downtime or due to being overloaded."),
    3: Documented(500, "API Method", "Capability or permissions issue."),
    4: Documented(400, "API Too Many Calls", "The app has reached its API call rate limit."),
    10: Documented(403, "Permission Denied", "Permission is either not granted or has been removed."),
    33: Documented(400, "Parameter value is not valid", "The business phone number has been deleted."),
    100: Documented(400, "Invalid parameter"),
    190: Documented(401, "Invalid OAuth access token", "Your access token has expired."),
    368: Documented(403, "Temporarily blocked for policies violations"),
    80007: Documented(400, "Rate limit issues", "The WhatsApp Business Account has reached its rate limit."),
    130403: Documented(400, "The business has blocked this user"),
    130429: Documented(400, "Rate limit hit", "Cloud API message throughput has been reached."),
    130472: Documented(400, "User's number is part of an experiment"),
    130497: Documented(403, "Business account is restricted from messaging users in this country"),
    131000: Documented(500, "Something went wrong", "Message failed to send due to an unknown error."),
    131005: Documented(403, "Access denied", "Permission is either not granted or has been removed."),
    131008: Documented(400, "Required parameter is missing"),
    131009: Documented(400, "Parameter value is not valid"),
    131016: Documented(500, "Service unavailable", "A service is temporarily unavailable."),
    131021: Documented(400, "Recipient cannot be sender"),
    131026: Documented(400, "Message undeliverable", "Message Undeliverable."),
    131030: Documented(400, "Recipient phone number not in allowed list"),
    131031: Documented(403, "Account has been locked"),
    131037: Documented(400, "Display name approval is needed before sending messages"),
    131042: Documented(400, "Business eligibility payment issue"),
    131045: Documented(500, "Incorrect certificate", "Phone number registration error."),
    131047: Documented(
        400,
        "Re-engagement message",
        "Message failed to send because more than 24 hours have passed since the customer last replied to "
        "this number.",
    ),
    131048: Documented(400, "Spam rate limit hit"),
    131049: Documented(400, "Not delivered to maintain healthy ecosystem engagement"),
    131050: Documented(400, "User has stopped marketing messages from the business"),
    131051: Documented(400, "Unsupported message type"),
    131052: Documented(400, "Media download error"),
    131053: Documented(400, "Media upload error"),
    131056: Documented(
        400,
        "Pair rate limit hit",
        "Too many messages sent from this phone number to the same customer in a short period of time.",
    ),
    131057: Documented(500, "Account in maintenance mode"),
    132000: Documented(400, "Number of parameters does not match the expected number of params"),
    132001: Documented(404, "Template name does not exist in the translation"),
    132005: Documented(400, "Translated text too long", "The text with its variables is too long."),
    132012: Documented(400, "Parameter format does not match format in the created template"),
    132015: Documented(400, "Template is paused"),
    132016: Documented(400, "Template is disabled"),
    132018: Documented(400, "There is an issue with the parameters in your template"),
    133004: Documented(503, "Server temporarily unavailable"),
    133010: Documented(400, "Phone number not registered"),
    135000: Documented(400, "Generic user error"),
    139100: Documented(400, "Failed to block or unblock some users"),
}
HELP = "https://developers.facebook.com/docs/whatsapp/cloud-api/support/error-codes/"


class GraphError(Exception):
    """A refusal; becomes Graph's error body and HTTP status."""

    def __init__(
        self, code: int, details: str = "", *, message: str = "", subcode: int | None = None
    ) -> None:
        documented = ERRORS[code]
        super().__init__(message or f"(#{code}) {documented.title}")
        self.code = code
        self.http_status = documented.http_status
        self.details = details or documented.details
        self.subcode = subcode

    def body(self) -> dict[str, Any]:
        """The answer as JSON, with a trace id of its own."""
        error: dict[str, Any] = {"message": str(self), "type": "OAuthException", "code": self.code}
        if self.subcode is not None:
            error |= {"type": "GraphMethodException", "error_subcode": self.subcode}
        if self.details:
            error["error_data"] = {"messaging_product": "whatsapp", "details": self.details}
        return {"error": error | {"fbtrace_id": "A" + secrets.token_urlsafe(17)}}


def status_error(code: int) -> dict[str, Any]:
    """The same error as a `failed` status carries it."""
    documented = ERRORS[code]
    return {
        "code": code,
        "title": documented.title,
        "message": documented.title,
        "error_data": {"details": documented.details or documented.title},
        "href": HELP,
    }
