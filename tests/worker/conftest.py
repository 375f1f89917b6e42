"""What the tests of fetching files stand on."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from services.media_storage import MediaStorage
from tests.pretend_media import PretendMedia
from tests.worker.media_desk import (
    make_storage,
)


@pytest.fixture
def graph() -> Iterator[PretendMedia]:
    with PretendMedia() as graph:
        yield graph


@pytest.fixture
def storage(tmp_path: Path) -> MediaStorage:
    return make_storage(tmp_path)
