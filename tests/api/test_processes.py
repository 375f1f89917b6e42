"""The parent of several processes, where the machine is at its end."""

import errno
import os
import socket
import subprocess
from contextlib import closing
from unittest.mock import MagicMock

import pytest

from api.processes import Processes


def test_a_process_that_cannot_be_started_now_is_started_later(monkeypatch: pytest.MonkeyPatch) -> None:
    """The others go on meanwhile: a parent that ended would take them with it."""
    alive = MagicMock(poll=MagicMock(return_value=None))
    start = MagicMock(side_effect=[alive, OSError(errno.EAGAIN, "Resource temporarily unavailable"), alive])
    monkeypatch.setattr(subprocess, "Popen", start)
    with closing(socket.socket()) as listener:
        desk = Processes(listener, 1)
        desk._start_missing()
        assert start.call_count == 2
        desk._start_missing()
        desk._start_missing()
    for end in (desk._lives, desk._held):
        os.close(end)
    assert start.call_count == 3
    assert start.call_args.args[0][2] == "worker"
