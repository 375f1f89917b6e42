"""What an operator breaks off leaves nothing half behind."""

import signal
from collections.abc import Iterator
from contextlib import contextmanager

SIGNALS = (signal.SIGTERM, signal.SIGHUP)


@contextmanager
def tidied() -> Iterator[None]:
    """Meanwhile the end of the terminal, or of the machine, lets the command tidy up as Ctrl-C does.

    By itself it would end the process on the spot. What is told to outlive its terminal, by `nohup`, does.
    """

    def stop(number: int, _frame: object) -> None:
        for each in before:
            signal.signal(each, signal.SIG_IGN)  # of the two that often come, one cuts off no tidying up
        raise SystemExit(128 + number)

    before = {each: signal.getsignal(each) for each in SIGNALS if signal.getsignal(each) == signal.SIG_DFL}
    for each in before:
        signal.signal(each, stop)
    try:
        yield
    finally:
        for each, handler in before.items():
            signal.signal(each, handler)
