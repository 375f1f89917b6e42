"""Reads multipart/form-data (RFC 7578), the form in which Graph takes a file."""

from email.parser import BytesHeaderParser
from email.policy import HTTP
from typing import NamedTuple


class FormPart(NamedTuple):
    """A field of the form; only a file has a name and, as a rule, a content type."""

    content: bytes
    content_type: str | None
    filename: str | None


def read_form(content_type: str, body: bytes) -> dict[str, FormPart]:
    """The parts by field name; of several with one name the last. Raises ValueError."""
    header = BytesHeaderParser(policy=HTTP).parsebytes(b"Content-Type: " + content_type.encode())
    boundary = header.get_boundary()
    if header.get_content_type() != "multipart/form-data" or not boundary:
        raise ValueError("not multipart/form-data with a boundary")
    # A boundary stands at the start of a line; the first has none before it.
    pieces = (b"\r\n" + body).split(b"\r\n--" + boundary.encode())
    if len(pieces) < 3 or not pieces[-1].startswith(b"--"):
        raise ValueError("the form has no end")
    return dict(_part(piece) for piece in pieces[1:-1])


def _part(piece: bytes) -> tuple[str, FormPart]:
    head, separator, content = piece.partition(b"\r\n\r\n")
    headers = BytesHeaderParser(policy=HTTP).parsebytes(head.lstrip())
    name = headers.get_param("name", header="content-disposition")
    if not separator or not isinstance(name, str):
        raise ValueError("a part of the form has no name")
    given_type = headers.get("content-type")
    return name, FormPart(content, str(given_type) if given_type else None, headers.get_filename())
