"""Why WhatsApp would not take a message, said before it is sent."""

from typing import ClassVar


class Unsendable(ValueError):
    """The text is a sentence for a person, `code` the same for a program."""

    code: ClassVar[str] = "unsendable"


class PartMissing(Unsendable):
    """Something must stand there and is empty."""

    code = "part_missing"

    def __init__(self, name: str) -> None:
        super().__init__(f"{name} is empty; fill it in.")


class PartTooLong(Unsendable):
    """Longer than WhatsApp takes, in characters; an emoji counts by its code points."""

    code = "part_too_long"

    def __init__(self, name: str, length: int, longest: int) -> None:
        super().__init__(f"{name} has {length:,} characters; {longest:,} are possible at most.")


class TooMany(Unsendable):
    """More of them than WhatsApp takes in one message."""

    code = "too_many"

    def __init__(self, name: str, count: int, most: int) -> None:
        super().__init__(f"There are {count:,} {name}; WhatsApp takes {most:,} at most.")


class NotDistinct(Unsendable):
    """The customer could not tell two choices apart, or we their answers."""

    code = "not_distinct"

    def __init__(self, name: str) -> None:
        super().__init__(f"Two of the {name} have the same id or title; give each its own.")


class OutOfRange(Unsendable):
    """A number that means nothing."""

    code = "out_of_range"


class NotAllowed(Unsendable):
    """WhatsApp has no such message."""

    code = "not_allowed"


class WrongVariable(Unsendable):
    """A variable of a template is missing, unknown, or holds what WhatsApp refuses in one."""

    code = "wrong_variable"


class UnsupportedTemplate(Unsendable):
    """The template has parts that the desk cannot fill in."""

    code = "unsupported_template"
