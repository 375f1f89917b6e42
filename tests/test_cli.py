"""An operator's commands, run as an operator runs them."""

import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path
from urllib.error import URLError
from urllib.request import Request, urlopen

import pytest

from config.settings import ROOT, Settings
from tests.ports import free_port

Run = Callable[..., subprocess.CompletedProcess[str]]


def environment(tmp_path: Path, **settings: str) -> dict[str, str]:
    """A machine on which nothing is set up; an empty value also hides what an `.env` file says."""
    return {
        **os.environ,
        **{name.upper(): "" for name in Settings.model_fields},
        "DATA_DIR": str(tmp_path),
        "DATABASE_URL": f"sqlite:///{tmp_path / 'cli.db'}",
        "WHATSAPP_PROVIDER": "simulator",
        **settings,
    }


@pytest.fixture
def run(tmp_path: Path) -> Run:
    def run(*arguments: str, stdin: str = "", **settings: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [sys.executable, "cli.py", *arguments],
            cwd=ROOT,
            env=environment(tmp_path, **settings),
            input=stdin,
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
        )

    return run


@pytest.fixture
def port() -> int:
    return free_port()


def test_wrong_settings_end_with_a_sentence(run: Run) -> None:
    result = run("migrate", BUSINESS_TIMEZONE="Mars/Base")
    assert result.returncode == 2
    assert "BUSINESS_TIMEZONE" in result.stderr
    assert "Traceback" not in result.stderr
    result = run("serve", WHATSAPP_PROVIDER="cloud", WHATSAPP_ACCESS_TOKEN="x", WHATSAPP_PHONE_NUMBER_ID="1")
    assert result.returncode == 2
    assert "WHATSAPP_APP_SECRET" in result.stderr


def test_a_data_dir_that_cannot_be_is_said_in_a_sentence(run: Run, tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    result = run("serve", DATA_DIR=str(tmp_path / "file" / "desk"), DATABASE_URL="")
    assert result.returncode == 2
    assert "DATA_DIR" in result.stderr
    assert str(tmp_path / "file") in result.stderr
    assert "Traceback" not in result.stderr


def test_a_tilde_is_the_home_and_no_folder_of_that_name(run: Run, tmp_path: Path) -> None:
    assert run("migrate", DATA_DIR="~/desk", DATABASE_URL="", HOME=str(tmp_path)).returncode == 0
    assert (tmp_path / "desk" / "chat-support.db").is_file()
    assert not (ROOT / "~").exists()


def test_help_needs_no_settings(run: Run) -> None:
    result = run("--help", BUSINESS_TIMEZONE="Mars/Base")
    assert result.returncode == 0
    for command in ("serve", "migrate", "worker", "create-admin", "create-token", "reset-password", "doctor"):
        assert command in result.stdout


def test_a_mistyped_option_of_the_tests_fetches_nothing(tmp_path: Path) -> None:
    shutil.copytree(ROOT / "bin", tmp_path / "bin")
    (tmp_path / "requirements-dev.lock").write_text("there-is-no-such-package==1")
    told = subprocess.run(
        [tmp_path / "bin" / "test", "--slow"], capture_output=True, text=True, check=False, timeout=60
    )
    assert (told.returncode, told.stdout) == (2, "")
    assert told.stderr.startswith("Unknown: --slow. There are --quick")
    assert not (tmp_path / ".venv").exists()


def test_admins_and_tokens(run: Run) -> None:
    assert run("migrate").returncode == 0
    assert "no admin yet" in run("create-token", "script").stderr
    weak = run("create-admin", "ada@example.com", stdin="password1234\n")
    assert (weak.returncode, weak.stdout) == (1, "")
    assert "leaked" in weak.stderr
    made = run("create-admin", "Ada@Example.com", "--name", "Ada", stdin="\n")
    assert "ada@example.com can sign in" in made.stdout
    assert len(made.stdout.split()[-1]) == 20, "the password that was made up"
    assert "already an admin" in run("create-admin", "ada@example.com", stdin="\n").stderr
    token = run("create-token", "script")
    assert token.stdout.startswith("cst_")
    assert len(token.stdout.splitlines()) == 1
    assert "Token 1 acts for ada@example.com" in token.stderr
    assert "no longer works" in run("revoke-token", "1").stdout
    assert run("revoke-token", "1").returncode == 1
    assert run("revoke-token", "9" * 30).stderr == f"There is no working API token {'9' * 30}.\n"
    assert "new password" in run("reset-password", stdin="tall-green-giraffe\n").stdout
    run("create-admin", "bola@example.com", stdin="\n")
    assert "ada@example.com, bola@example.com" in run("reset-password", stdin="\n").stderr
    assert run("reset-password", "--email", "bola@example.com", stdin="\n").returncode == 0
    assert "shut out" in run("disable-admin", "bola@example.com").stdout
    assert "no active admin" in run("create-token", "x", "--email", "bola@example.com").stderr
    assert "0 events back" in run("replay").stdout


def test_a_database_that_is_away_is_said_in_a_sentence(run: Run) -> None:
    result = run("migrate", DATABASE_URL="mysql+pymysql://nobody@127.0.0.1:9/none")
    assert result.returncode == 1
    assert "Connection refused" in result.stderr
    assert "Traceback" not in result.stderr


def test_the_openapi_document_needs_no_database(run: Run) -> None:
    result = run("openapi", DATABASE_URL="mysql+pymysql://nobody@127.0.0.1:9/none")
    assert result.returncode == 0
    document = json.loads(result.stdout)
    assert "/api/support/tickets" in document["paths"]
    assert "Failure" in document["components"]["schemas"]


def test_the_doctor_names_what_is_wrong(run: Run, port: int) -> None:
    result = run("doctor", PORT=str(port))
    assert result.returncode == 1
    wrong = {line.split()[1] for line in result.stdout.splitlines() if line.startswith("WRONG")}
    assert {"database", "server", "worker"} <= wrong
    assert "cli.py migrate" in result.stdout
    assert "simulated" in result.stdout


def test_the_doctor_knows_a_desk_from_what_speaks_no_http(run: Run) -> None:
    with socket.create_server(("127.0.0.1", 0)) as other:
        port = other.getsockname()[1]

        def greet() -> None:
            with other.accept()[0] as line:
                line.sendall(b"SSH-2.0-OpenSSH_9.2\r\n")
                line.recv(1000)

        greeter = threading.Thread(target=greet)
        greeter.start()
        result = run("doctor", HOST="127.0.0.1", PORT=str(port))
        greeter.join()
    assert f"WRONG  server     No desk answers at http://127.0.0.1:{port}" in result.stdout, result.stderr
    assert "Traceback" not in result.stderr


def serve(tmp_path: Path, port: int, log: Path, **settings: str) -> subprocess.Popen[str]:
    with log.open("w") as errors:
        return subprocess.Popen(
            [sys.executable, "cli.py", "serve"],
            cwd=ROOT,
            env=environment(tmp_path, PORT=str(port), **settings),
            stdout=subprocess.PIPE,
            stderr=errors,
            text=True,
        )


def greeting(server: subprocess.Popen[str]) -> str:
    """What the server says until the line about the phone; ends early when the server does."""
    assert server.stdout is not None
    lines = []
    for line in server.stdout:
        lines.append(line)
        if 'Chat Support"' in line:
            break
    return "".join(lines)


def answers(port: int, path: str) -> bool:
    try:
        with urlopen(f"http://localhost:{port}{path}", timeout=5):
            return True
    except URLError:
        return False


def test_serving_from_nothing(tmp_path: Path, port: int, run: Run) -> None:
    log = tmp_path / "serve.log"
    with serve(tmp_path, port, log) as server:
        try:
            said = greeting(server)
            assert answers(port, "/api/health/live"), "it greets when it can be reached"
            assert f"http://localhost:{port}/dashboard/" in said
            assert f"http://localhost:{port}/simulator/" in said
            assert "admin@localhost" in said
            assert "shown only now" in said
            second = run("serve", PORT=str(port))
            assert second.returncode == 1
            assert f"port {port}" in second.stderr
            assert "Traceback" not in second.stderr
            healthy = run("doctor", PORT=str(port), http_proxy=f"http://127.0.0.1:{free_port()}", no_proxy="")
            assert "right  server" in healthy.stdout, "it asks the machine itself, and no proxy"
            assert "right  worker" in healthy.stdout
        finally:
            server.send_signal(signal.SIGINT)
    assert server.returncode == 0
    assert all(json.loads(line)["level"] != "error" for line in log.read_text().splitlines())

    token = run("create-token", "stream").stdout.strip()
    headers = {"Authorization": f"Bearer {token}"}
    with serve(tmp_path, port, log) as server:
        try:
            said = greeting(server)
            assert "shown only now" not in said
            assert "reset-password" in said
            stream = urlopen(Request(f"http://localhost:{port}/api/events", headers=headers), timeout=30)
            assert stream.readline() == b"retry: 2000\n"
        finally:
            server.send_signal(signal.SIGINT)
        with stream:
            stream.read()
    assert "graceful shutdown exceeded" not in log.read_text(), "an open stream ends when it is told to"


def catches_sigterm(pid: int) -> bool:
    status = Path(f"/proc/{pid}/status").read_text()
    caught = next(line.split()[1] for line in status.splitlines() if line.startswith("SigCgt"))
    return bool(int(caught, 16) & 1 << signal.SIGTERM - 1)


@pytest.mark.skipif(not Path("/proc/self/status").exists(), reason="sees in /proc when the worker listens")
def test_the_worker_runs_beside_the_server_until_it_is_told_to_stop(tmp_path: Path, run: Run) -> None:
    run("migrate")
    log = tmp_path / "worker.log"
    with (
        log.open("w") as output,
        subprocess.Popen(
            [sys.executable, "cli.py", "worker"],
            cwd=ROOT,
            env=environment(tmp_path),
            stdout=output,
            stderr=output,
        ) as worker,
    ):
        while worker.poll() is None and not catches_sigterm(worker.pid):
            time.sleep(0.05)
        worker.terminate()
    assert worker.returncode == 0, log.read_text()
    assert "error" not in log.read_text()
