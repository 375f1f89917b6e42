"""Commands that cannot be heard, or have nothing to read: full disks, closed doors, odd bytes."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from config.settings import ROOT
from tests.test_cli import Run, answers, environment, port, run

__all__ = ["port", "run"]

FULL = Path("/dev/full")
UNHEARD = [("full", "No space left on device"), ("closed", "the standard output is closed")]
pytestmark = pytest.mark.skipif(not FULL.exists(), reason="only Linux has a disk that is always full")


def closing(output: str) -> list[str]:
    return ["/bin/sh", "-c", 'exec "$@" >&-', "sh"] if output == "closed" else []


@pytest.mark.parametrize("output", ["full", "closed"])
def test_a_desk_serves_that_cannot_greet(tmp_path: Path, port: int, output: str) -> None:
    """Its database may be on another disk, or another machine, and customers go on writing."""
    log = tmp_path / "serve.log"
    with (
        FULL.open("w") as full,
        log.open("w") as errors,
        subprocess.Popen(
            [*closing(output), sys.executable, "cli.py", "serve"],
            cwd=ROOT,
            env=environment(tmp_path, PORT=str(port)),
            stdout=full,
            stderr=errors,
        ) as server,
    ):
        try:
            while server.poll() is None and "greeting.not_written" not in log.read_text():
                time.sleep(0.1)
            assert answers(port, "/api/health/live"), log.read_text()
        finally:
            server.send_signal(signal.SIGINT)
    assert "Traceback" not in log.read_text()
    assert server.returncode == 0


def unheard(tmp_path: Path, *command: str, output: str = "full") -> subprocess.CompletedProcess[str]:
    """With a standard output on a disk that is full, or that is closed."""
    with FULL.open("w") as full:
        return subprocess.run(
            [*closing(output), sys.executable, "cli.py", *command],
            cwd=ROOT,
            env=environment(tmp_path),
            stdin=subprocess.DEVNULL,
            stdout=full,
            stderr=subprocess.PIPE,
            text=True,
            timeout=60,
            check=False,
        )


@pytest.mark.parametrize("command", [["migrate"], ["doctor"], ["openapi"]])
def test_a_command_that_cannot_be_heard_says_so(run: Run, tmp_path: Path, command: list[str]) -> None:
    assert run("migrate").returncode == 0
    done = unheard(tmp_path, *command)
    assert done.returncode == 1
    assert done.stderr == "No space left on device. The command may have done its work all the same.\n"


@pytest.mark.parametrize(("output", "why"), UNHEARD)
def test_a_token_that_nobody_was_shown_does_not_work(run: Run, tmp_path: Path, output: str, why: str) -> None:
    """It would act for its admin for good, and nobody would have it, or know that there is one to revoke."""
    assert run("migrate").returncode == 0
    assert run("create-admin", "ada@example.com", stdin="\n").returncode == 0
    done = unheard(tmp_path, "create-token", "shop", output=output)
    assert done.returncode == 1
    assert done.stderr.endswith(f"could not be shown, and is revoked: {why}.\n")
    assert run("revoke-token", "1").stderr == "There is no working API token 1.\n"


@pytest.mark.parametrize(("output", "why"), UNHEARD)
def test_whose_password_nobody_was_shown_gets_another(
    run: Run, tmp_path: Path, output: str, why: str
) -> None:
    """A second `create-admin` is refused, and nobody would know why the first lets nobody in."""
    assert run("migrate").returncode == 0
    for command in (["create-admin", "ada@example.com"], ["reset-password", "--email", "ada@example.com"]):
        done = unheard(tmp_path, *command, output=output)
        assert done.returncode == 1
        assert done.stderr == (
            f"The password of ada@example.com could not be shown: {why}. "
            "`python cli.py reset-password --email ada@example.com` makes another.\n"
        )
    assert "shown only now" in run("reset-password", "--email", "ada@example.com", stdin="\n").stdout


@pytest.mark.parametrize("command", [["create-admin", "ada@example.com"], ["rotate-secret"]])
def test_a_closed_standard_input_is_an_empty_one(run: Run, tmp_path: Path, command: list[str]) -> None:
    assert run("migrate").returncode == 0
    done = subprocess.run(
        ["/bin/sh", "-c", 'exec "$@" <&-', "sh", sys.executable, "cli.py", *command],
        cwd=ROOT,
        env=environment(tmp_path),
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert (done.returncode, done.stderr) == (0, "")


@pytest.mark.parametrize("command", ["disable-admin", "create-token", "backup"])
def test_an_argument_that_is_no_text_is_told_in_a_sentence(run: Run, command: str) -> None:
    assert run("migrate").returncode == 0
    assert run("create-admin", "ada@example.com", stdin="\n").returncode == 0
    told = run(command, os.fsdecode(b"a\xff@example.com"))
    assert (told.returncode, told.stderr.partition(".")[0]) == (
        1,
        "What was typed holds signs that are not in UTF-8",
    )
