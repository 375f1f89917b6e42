"""The part of a file that a request asks for (RFC 9110, section 14). Pure."""

import re


class Unsatisfiable(Exception):
    """The part begins behind the end of the file, which has `size` bytes."""

    def __init__(self, size: int) -> None:
        super().__init__(size)
        self.size = size


def wanted(header: str | None, size: int) -> tuple[int, int] | None:
    """The first byte and the one after the last; None for the whole file.

    Only one range of bytes is given at a time: a list of them, and anything odd, gets the whole file, as the
    RFC allows. Raises Unsatisfiable.
    """
    found = re.fullmatch(r"bytes=(\d{0,18})-(\d{0,18})", (header or "").strip())
    if found is None or found[0] == "bytes=-":
        return None
    first, last = found.groups()
    if not first:
        length = int(last)
        if length == 0 or size == 0:
            raise Unsatisfiable(size)
        return max(0, size - length), size
    if last and int(last) < int(first):
        return None
    if int(first) >= size:
        raise Unsatisfiable(size)
    return int(first), min(int(last) + 1, size) if last else size
