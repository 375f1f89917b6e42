"""A database that is known by its certificate, and knows the desk by one, is copied so as well."""

import datetime as dt
import os
import tempfile
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlencode

import pymysql
import pytest
import sqlalchemy as sa
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from config.database import make_engine
from services import database_copy
from services.database_copy import CopyFailed
from tests.mariadb_server import MariaDBServer, create_database

pytestmark = pytest.mark.skipif(
    os.environ.get("TEST_DATABASE") != "mariadb", reason="has a MariaDB of its own: once is enough"
)


class Authority:
    """Who vouches for a server and for a desk; its files are in `folder`."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._key = ec.generate_private_key(ec.SECP256R1())
        self._name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "tests")])
        (folder / "ca.pem").write_bytes(self._sign(self._name, self._key, is_authority=True))

    def vouch(self, name: str) -> None:
        """Make `name.pem` and `name.key`."""
        key = ec.generate_private_key(ec.SECP256R1())
        subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
        (self.folder / f"{name}.pem").write_bytes(self._sign(subject, key, is_authority=False))
        pem, form = serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8
        (self.folder / f"{name}.key").write_bytes(key.private_bytes(pem, form, serialization.NoEncryption()))

    def _sign(self, subject: x509.Name, key: ec.EllipticCurvePrivateKey, *, is_authority: bool) -> bytes:
        now = dt.datetime.now(dt.UTC)
        made = (
            x509.CertificateBuilder()
            .subject_name(subject)
            .issuer_name(self._name)
            .public_key(key.public_key())
            .serial_number(x509.random_serial_number())
            .not_valid_before(now - dt.timedelta(days=1))
            .not_valid_after(now + dt.timedelta(days=1))
            .add_extension(x509.BasicConstraints(ca=is_authority, path_length=None), critical=True)
            .add_extension(x509.SubjectAlternativeName([x509.DNSName("localhost")]), critical=False)
        )
        return made.sign(self._key, hashes.SHA256()).public_bytes(serialization.Encoding.PEM)


@pytest.fixture
def files() -> Iterator[Path]:
    with tempfile.TemporaryDirectory() as folder:
        Path(folder).chmod(0o755)  # the server is another user
        authority = Authority(Path(folder))
        for name in ("localhost", "desk"):
            authority.vouch(name)
        yield Path(folder)


@pytest.fixture
def server(files: Path) -> Iterator[MariaDBServer]:
    own = {"ca": "ca.pem", "cert": "localhost.pem", "key": "localhost.key"}
    made = MariaDBServer(settings=[f"--ssl-{name}={files / file}" for name, file in own.items()])
    yield made
    made.stop()


def engine_of(server: MariaDBServer, name: str, **tls: Path) -> sa.Engine:
    create_database(server.port, name)
    with pymysql.connect(host="127.0.0.1", port=server.port, user="root") as root, root.cursor() as cursor:
        cursor.execute("CREATE OR REPLACE USER desk@'%' REQUIRE X509")
        cursor.execute("GRANT ALL ON *.* TO desk@'%'")
    query = urlencode({part: str(file) for part, file in tls.items()})
    return make_engine(f"mysql+pymysql://desk@localhost:{server.port}/{name}?{query}")


def test_it_is_known_by_its_certificate_and_knows_the_desk_by_one(
    server: MariaDBServer, files: Path, tmp_path: Path
) -> None:
    tls = {"ssl_ca": files / "ca.pem", "ssl_cert": files / "desk.pem", "ssl_key": files / "desk.key"}
    source, target = (engine_of(server, name, **tls) for name in ("desk", "empty"))
    with source.begin() as connection:
        connection.execute(sa.text("CREATE TABLE kept (id INT PRIMARY KEY)"))
    copied = tmp_path / "database"
    database_copy.copy(source, copied)
    database_copy.replace(target, copied)
    assert sa.inspect(target).get_table_names() == ["kept"]

    another = tmp_path / "another"
    another.mkdir()
    Authority(another)
    strangers = (
        source.url.update_query_dict({"ssl_ca": str(another / "ca.pem")}),
        source.url.set(host="127.0.0.1"),  # which the certificate does not name
    )
    for url in strangers:
        with pytest.raises(CopyFailed):
            database_copy._dump(url, copied)
    for engine in (source, target):
        engine.dispose()
