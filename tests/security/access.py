"""Who may call which route, and what the audit log says of it: one line a route.

A route that is not listed fails the build. OPEN needs nobody, EVERYBODY whoever is signed in, BROWSER the
same but for API tokens; the others need a permission. A route that only reads has no action; one that changes
something without an entry is named in UNNOTED with the reason.
"""

from dataclasses import dataclass

from models.audit_entry import AuditAction as Act
from services.permissions import Permission


@dataclass(frozen=True)
class Access:
    """What a route wants of its caller."""

    permission: Permission | None = None
    is_open: bool = False
    token: bool = True


OPEN = Access(is_open=True)
EVERYBODY = Access()
BROWSER = Access(token=False)
DATA = Access(Permission.HAND_OVER_DATA)
AUDIT = Access(Permission.READ_AUDIT)
PEOPLE = Access(Permission.MANAGE_PEOPLE, token=False)
EVERY_PERSON = Access(Permission.MANAGE_EVERYBODY, token=False)
DESK = Access(Permission.MANAGE_DESK)

ROUTES: dict[str, tuple[Access, Act | None]] = {
    "POST /api/auth/login": (OPEN, Act.SESSION_START),
    "POST /api/auth/logout": (EVERYBODY, Act.SESSION_END),
    "GET /api/auth/me": (EVERYBODY, None),
    "GET /api/audit": (AUDIT, None),
    "GET /api/audit/export": (AUDIT, None),
    "POST /api/invites/accept": (OPEN, Act.ADMIN_ACCEPT),
    "POST /api/invites/look": (OPEN, None),
    "GET /api/people": (Access(Permission.MANAGE_PEOPLE), None),
    "POST /api/people/invites": (PEOPLE, Act.ADMIN_INVITE),
    "DELETE /api/people/invites/{invite_id}": (PEOPLE, Act.INVITE_REVOKE),
    "POST /api/people/{admin_id}/disable": (PEOPLE, Act.ADMIN_DISABLE),
    "POST /api/people/{admin_id}/enable": (PEOPLE, Act.ADMIN_ENABLE),
    "PUT /api/people/{admin_id}/role": (EVERY_PERSON, Act.ROLE_CHANGE),
    "DELETE /api/people/{admin_id}/second-factor": (EVERY_PERSON, Act.SECOND_FACTOR_OFF),
    "GET /api/profile": (BROWSER, None),
    "PATCH /api/profile": (BROWSER, Act.PROFILE_CHANGE),
    "POST /api/profile/password": (BROWSER, Act.PASSWORD_CHANGE),
    "POST /api/profile/second-factor": (BROWSER, Act.SECOND_FACTOR_BEGIN),
    "POST /api/profile/second-factor/confirm": (BROWSER, Act.SECOND_FACTOR_ON),
    "POST /api/profile/second-factor/off": (BROWSER, Act.SECOND_FACTOR_OFF),
    "POST /api/profile/second-factor/recovery-codes": (BROWSER, Act.RECOVERY_CODES_RENEW),
    "DELETE /api/profile/sessions/{session_id}": (BROWSER, Act.SESSION_END),
    "POST /api/profile/tokens": (BROWSER, Act.TOKEN_CREATE),
    "DELETE /api/profile/tokens/{token_id}": (BROWSER, Act.TOKEN_REVOKE),
    "GET /api/support/contacts/{contact_id}/export": (DATA, None),
    "POST /api/support/contacts/{contact_id}/erase": (DATA, Act.CONTACT_ERASE),
    "GET /api/support/overview": (EVERYBODY, None),
    "GET /api/support/self-test": (EVERYBODY, None),
    "POST /api/support/self-test": (DESK, Act.SELF_TEST_RUN),
    "GET /api/support/sample-data": (EVERYBODY, None),
    "POST /api/support/sample-data": (DESK, Act.SAMPLES_ADD),
    "DELETE /api/support/sample-data": (DESK, Act.SAMPLES_CLEAR),
    "GET /api/events": (EVERYBODY, None),
    "GET /api/health/live": (OPEN, None),
    "GET /api/health/ready": (OPEN, None),
    "GET /api/support/admins": (EVERYBODY, None),
    "GET /api/support/canned-replies": (EVERYBODY, None),
    "POST /api/support/canned-replies": (EVERYBODY, Act.CANNED_REPLY_CREATE),
    "PUT /api/support/canned-replies/{reply_id}": (DESK, Act.CANNED_REPLY_CHANGE),
    "DELETE /api/support/canned-replies/{reply_id}": (DESK, Act.CANNED_REPLY_DELETE),
    "GET /api/support/contacts/{contact_id}": (EVERYBODY, None),
    "PATCH /api/support/contacts/{contact_id}": (EVERYBODY, Act.CONTACT_CHANGE),
    "GET /api/support/costs": (EVERYBODY, None),
    "POST /api/support/media": (EVERYBODY, Act.FILE_UPLOAD),
    "GET /api/support/media/{media_id}": (EVERYBODY, None),
    "POST /api/support/media/{media_id}/fetch": (EVERYBODY, Act.FILE_FETCH),
    "GET /api/support/media/{media_id}/playable": (EVERYBODY, None),
    "GET /api/support/media/{media_id}/thumbnail": (EVERYBODY, None),
    "GET /api/support/notifications": (EVERYBODY, None),
    "GET /api/support/number-health": (EVERYBODY, None),
    "POST /api/support/number-health/check": (DESK, Act.NUMBER_CHECK),
    "POST /api/support/number-health/events/{event_id}/dismiss": (DESK, Act.ACCOUNT_EVENT_DISMISS),
    "GET /api/support/open-tickets": (EVERYBODY, None),
    "GET /api/support/presence": (EVERYBODY, None),
    "POST /api/support/presence": (EVERYBODY, None),
    "GET /api/support/queues": (EVERYBODY, None),
    "GET /api/support/search": (EVERYBODY, None),
    "GET /api/support/quarantine": (DESK, None),
    "POST /api/support/quarantine/replay": (DESK, Act.QUARANTINE_REPLAY),
    "GET /api/support/settings": (EVERYBODY, None),
    "PATCH /api/support/settings": (DESK, Act.SETTINGS_CHANGE),
    "GET /api/support/tags": (EVERYBODY, None),
    "POST /api/support/tags": (EVERYBODY, Act.TAG_CREATE),
    "PATCH /api/support/tags/{tag_id}": (DESK, Act.TAG_CHANGE),
    "DELETE /api/support/tags/{tag_id}": (DESK, Act.TAG_DELETE),
    "POST /api/support/tags/{tag_id}/merge": (DESK, Act.TAG_MERGE),
    "GET /api/support/templates": (EVERYBODY, None),
    "POST /api/support/templates/sync": (DESK, Act.TEMPLATES_SYNC),
    "GET /api/support/tickets": (EVERYBODY, None),
    "POST /api/support/tickets": (EVERYBODY, Act.TICKET_CREATE),
    "POST /api/support/tickets/bulk": (EVERYBODY, Act.TICKET_CHANGE),
    "GET /api/support/tickets/{ticket_id}": (EVERYBODY, None),
    "PATCH /api/support/tickets/{ticket_id}": (EVERYBODY, Act.TICKET_CHANGE),
    "POST /api/support/tickets/{ticket_id}/claim": (EVERYBODY, Act.TICKET_CLAIM),
    "GET /api/support/tickets/{ticket_id}/messages": (EVERYBODY, None),
    "POST /api/support/tickets/{ticket_id}/notes": (EVERYBODY, Act.NOTE_CREATE),
    "POST /api/support/tickets/{ticket_id}/messages": (EVERYBODY, Act.MESSAGE_CREATE),
    "PUT /api/support/tickets/{ticket_id}/messages/{message_id}/reaction": (EVERYBODY, Act.MESSAGE_REACT),
    "POST /api/support/tickets/{ticket_id}/messages/{message_id}/retry": (EVERYBODY, Act.MESSAGE_RETRY),
    "POST /api/support/tickets/{ticket_id}/messages/{message_id}/dismiss": (EVERYBODY, Act.MESSAGE_DISMISS),
    "POST /api/support/tickets/{ticket_id}/read": (EVERYBODY, Act.TICKET_READ),
    "POST /api/support/tickets/{ticket_id}/typing": (EVERYBODY, None),
    "GET /metrics": (DESK, None),
}

OUTSIDE_THE_DOCUMENT: dict[str, tuple[Access, Act | None]] = {
    "GET /docs": (DESK, None),
    "GET /openapi.json": (DESK, None),
}

UNNOTED = {
    "POST /api/invites/look": "only reads; its token must not stand in an address",
    "POST /api/support/presence": "says for a minute that somebody is at the desk and changes nothing",
    "POST /api/support/tickets/{ticket_id}/typing": "shows three dots for some seconds and changes nothing",
}
