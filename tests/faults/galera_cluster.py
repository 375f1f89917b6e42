"""Three database servers of one cluster, as deploy/galera.sh starts them."""

import os
import shutil
import signal
import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import text

from config.database import make_engine
from config.settings import ROOT
from tests.ports import free_port

SCRIPT = ROOT / "deploy" / "galera.sh"
PROVIDERS = [Path("/usr/lib/libgalera_smm.so"), Path("/usr/lib/galera/libgalera_smm.so")]
SCRIPT_SECONDS = 120

needs_cluster = [
    pytest.mark.slow,
    pytest.mark.skipif(
        not any(path.exists() for path in PROVIDERS), reason="sudo apt-get install galera-4 rsync"
    ),
    pytest.mark.skipif(
        os.environ.get("TEST_DATABASE") != "mariadb", reason="has a cluster of its own: once is enough"
    ),
]


class Cluster:
    """Three servers, by number from 1."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.port = folder, free_port()
        self._script("start", str(folder), str(self.port))
        self.engines = {number: make_engine(self.url(number)) for number in (1, 2, 3)}

    def _script(self, *arguments: str) -> None:
        done = subprocess.run(
            [str(SCRIPT), *arguments],
            capture_output=True,
            text=True,
            timeout=SCRIPT_SECONDS,
            check=False,
        )
        assert done.returncode == 0, done.stdout + done.stderr

    def url(self, *order: int) -> str:
        """An address whose servers are tried in this order."""
        first, *others = (f"127.0.0.1:{self.port + number - 1}" for number in order)
        return f"mysql+pymysql://root@{first}/desk?" + "&".join(f"host={other}" for other in others)

    def kill(self, number: int) -> None:
        os.kill(int((self.folder / f"node{number}" / "pid").read_text()), signal.SIGKILL)

    def start_again(self, number: int) -> None:
        self._script("node", str(number), str(self.folder), str(self.port))

    def status(self, number: int, name: str) -> int:
        with self.engines[number].connect() as connection:
            return int(connection.execute(text(f"SHOW STATUS LIKE '{name}'")).one()[1])

    def stop(self) -> None:
        for engine in self.engines.values():
            engine.dispose()
        self._script("stop", str(self.folder))


@pytest.fixture
def cluster() -> Iterator[Cluster]:
    folder = Path(tempfile.mkdtemp(prefix="cs-galera-"))  # pytest's own are closed to the servers' user
    try:
        made = Cluster(folder)
        yield made
        made.stop()
    finally:
        shutil.rmtree(folder, ignore_errors=True)
