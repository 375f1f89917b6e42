"""What is told once and exists nowhere else afterwards."""

import errno
import sys

import typer


def show(words: str) -> None:
    """Raises OSError where nobody can have read it, and the caller has to see that nobody needs it."""
    if sys.stdout is None:  # what is told to a closed output ends well, and is gone
        raise OSError(errno.EBADF, "the standard output is closed")
    typer.echo(words)
