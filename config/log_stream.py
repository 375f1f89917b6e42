"""Writes log lines without ever waiting for whoever reads them."""

import logging
import os
import select
from io import UnsupportedOperation
from typing import TextIO

PATIENCE_MILLISECONDS = 500
"""For a reader that is slow; one that is found away is not waited for again until it has read."""

TERMINAL_BYTES = 256
"""A terminal that says it has room may have no more than this."""


class LogStream(logging.StreamHandler[TextIO]):
    """Leaves lines out while nobody reads, and says afterwards how many.

    A terminal stopped with Ctrl-S, a line to a laptop that was closed, a `less` at its first page: they take
    64 KB and no more, and who then writes waits until they go on. That would be the event loop, with every
    webhook behind it.
    """

    def __init__(self, stream: TextIO) -> None:
        super().__init__(stream)
        try:
            self._file = stream.fileno()
        except UnsupportedOperation:  # in memory, where there is always room
            self._file = -1
        self._room = select.poll()
        if self._file >= 0:
            self._room.register(self._file, select.POLLOUT)
        self._piece = TERMINAL_BYTES if stream.isatty() else select.PIPE_BUF
        self._left_out = 0
        self._is_broken_off = False

    def emit(self, record: logging.LogRecord) -> None:
        """Write the line if there is room for it."""
        if self._file < 0:
            super().emit(record)
            return
        try:
            line = self.format(record) + self.terminator
            if self._left_out and self._write(self._words_about_left_out()):
                self._left_out, self._is_broken_off = 0, False
            if self._left_out or not self._write(line):
                self._left_out += 1
        except Exception:  # noqa: BLE001 - as logging's own handlers do: a log line is no reason to fail
            self.handleError(record)

    def _words_about_left_out(self) -> str:
        said = logging.LogRecord(
            *(__name__, logging.WARNING, __file__, 0),
            *("%s lines of the log were left out: nobody read it.", (self._left_out,), None),
        )
        return ("\n" if self._is_broken_off else "") + self.format(said) + self.terminator

    def _write(self, line: str) -> bool:
        data = line.encode("utf-8", "backslashreplace")
        for at in range(0, len(data), self._piece):
            if not self._has_room():
                self._is_broken_off = self._is_broken_off or at > 0
                return False
            piece = data[at : at + self._piece]
            while piece:
                piece = piece[os.write(self._file, piece) :]
        return True

    def _has_room(self) -> bool:
        """Also where the reader is gone for good: then writing fails at once, and does not wait."""
        return bool(self._room.poll(0 if self._left_out else PATIENCE_MILLISECONDS))
