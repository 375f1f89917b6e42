"""One step of an installation: a command, its line of progress, and what to do where it fails."""

import subprocess
import sys
import threading
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent


class InstallError(Exception):
    """A step cannot be done; the text says what is missing and how to get it."""


def step(
    title: str,
    command: list[str],
    advice: str,
    *,
    folder: Path = ROOT,
    environment: dict[str, str] | None = None,
    optional: bool = False,
) -> None:
    """Run one command behind one line of progress; raises InstallError with its output and the advice.

    Where several run side by side, each has its line once it is done.
    """
    is_alone = threading.current_thread() is threading.main_thread()
    if is_alone:
        print(f"{title} …", end="", flush=True)
    began = time.monotonic()
    try:
        done = subprocess.run(
            command,
            cwd=folder,
            env=environment,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            check=False,
        )
        failed, output = done.returncode != 0, done.stdout.decode(errors="replace")
    except OSError as error:
        failed, output = True, str(error)
    taken = f" {'failed after ' if failed else ''}{time.monotonic() - began:.0f} s\n"
    print(taken if is_alone else f"{title} …{taken}", end="", flush=True)
    if not failed:
        return
    print(output, file=sys.stderr, flush=True)
    if not optional:
        raise InstallError(advice)
    print(advice, file=sys.stderr)
