"""What can go wrong, as sentences with an HTTP status of their own."""

from collections.abc import Mapping, Sequence
from typing import ClassVar


class DeskError(Exception):
    """Something that the caller can be told about.

    `message` is a sentence for a person, `code` the same for a program. `details` are pairs of what is
    meant and a sentence about it. All of it reaches the browser: it holds no secret and nothing of another
    customer.
    """

    status: ClassVar[int] = 400
    code: ClassVar[str] = "bad_request"

    def __init__(
        self,
        message: str,
        *,
        headers: Mapping[str, str] | None = None,
        details: Sequence[tuple[str, str]] = (),
    ) -> None:
        super().__init__(message)
        self.message = message
        self.headers = dict(headers or {})
        self.details = tuple(details)


class NotSignedIn(DeskError):
    """No session and no API token, or one that no longer holds."""

    status = 401
    code = "not_signed_in"

    def __init__(self, message: str = "Please sign in.") -> None:
        super().__init__(message, headers={"WWW-Authenticate": "Bearer"})


class NotAllowed(DeskError):
    """The caller's role does not reach that far."""

    status = 403
    code = "not_allowed"

    def __init__(self, message: str = "Your role does not allow this. Ask an owner of the desk.") -> None:
        super().__init__(message)


class BrowserNeeded(DeskError):
    """A program's token must not be worth more than the program needs, nor make others like itself."""

    status = 403
    code = "browser_needed"

    def __init__(self) -> None:
        super().__init__("An API token cannot do this; sign in with a browser.")


class WrongCredentials(DeskError):
    """Says the same for an unknown account, a wrong password and a disabled admin."""

    status = 401
    code = "wrong_credentials"

    def __init__(self) -> None:
        super().__init__("The e-mail address or the password is not right.")


class CodeNeeded(DeskError):
    """The password is right, and the account has a second factor."""

    status = 401
    code = "code_needed"

    def __init__(self) -> None:
        super().__init__("Now the code from your authenticator app.")


class WrongCode(DeskError):
    """The code is wrong, too old, or was used before."""

    status = 403
    code = "wrong_code"

    def __init__(self) -> None:
        super().__init__("This code is not right, or was used before. Wait for the next one.")


class WrongPassword(DeskError):
    """Somebody who is signed in did not give the right password to do more."""

    status = 403
    code = "wrong_password"

    def __init__(self) -> None:
        super().__init__("That is not your password.")


class TooManyAttempts(DeskError):
    """The brake on guessing passwords. `retry_after` is in seconds."""

    status = 429
    code = "too_many_attempts"

    def __init__(self, retry_after: int) -> None:
        minutes = max(1, -(-retry_after // 60))
        super().__init__(
            f"Too many failed sign-ins. Try again in {minutes} minute{'s' if minutes > 1 else ''}.",
            headers={"Retry-After": str(retry_after)},
        )
        self.retry_after = retry_after


class BadOrigin(DeskError):
    """A signed-in request came from a page of another site, or did not say from where."""

    status = 403
    code = "bad_origin"

    def __init__(self) -> None:
        super().__init__(
            "This request came from another site, or did not say from where, and was refused. A program "
            "sends the address of the desk as Origin, or uses an API token."
        )


class AdminNotFound(DeskError):
    """There is no active admin of that id or address."""

    status = 404
    code = "admin_not_found"

    def __init__(self, admin: int | str) -> None:
        super().__init__(f"There is no active admin {admin}.")


class AdminExists(DeskError):
    """An admin with this e-mail address exists already."""

    status = 409
    code = "admin_exists"

    def __init__(self, email: str) -> None:
        super().__init__(f"There is already an admin with the e-mail address {email}.")


class InvalidEmail(DeskError):
    """The text is not an e-mail address."""

    code = "invalid_email"

    def __init__(self) -> None:
        super().__init__("This is not an e-mail address; write one such as ada@example.com.")


class WeakPassword(DeskError):
    """The password is too easy to guess; the message says why."""

    code = "weak_password"


class ApiTokenNotFound(DeskError):
    """There is no API token of that id that still works."""

    status = 404
    code = "api_token_not_found"

    def __init__(self, token_id: int) -> None:
        super().__init__(f"There is no working API token {token_id}.")


class TicketNotFound(DeskError):
    """There is no ticket of that id."""

    status = 404
    code = "ticket_not_found"

    def __init__(self, ticket_id: int) -> None:
        super().__init__(f"There is no ticket #{ticket_id}.")
        self.ticket_id = ticket_id
