"""How long and how empty a message may be: the same in the API, the services and the database."""

from services.errors import DeskError

MAX_REPLY_LENGTH = 4096
"""WhatsApp's limit for a text, in characters; an emoji counts by its code points."""

MAX_CUSTOMER_LENGTH = 65_536


class EmptyMessage(DeskError):
    """There is nothing to read in the text."""

    code = "empty_message"

    def __init__(self) -> None:
        super().__init__("The message is empty; write something first.")


class MessageTooLong(DeskError):
    """The text is longer than the limit, which the message names."""

    code = "message_too_long"

    def __init__(self, length: int, limit: int) -> None:
        super().__init__(f"The message has {length:,} characters; {limit:,} are possible at most.")


def checked(message: str, limit: int) -> str:
    """The message without outer blanks. Raises EmptyMessage or MessageTooLong; nothing is ever cut."""
    text = message.strip()
    if not text:
        raise EmptyMessage
    if len(text) > limit:
        raise MessageTooLong(len(text), limit)
    return text
