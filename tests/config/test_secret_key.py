"""The secret key that a desk makes for itself, which nobody wrote down."""

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from config.settings import Settings, SettingsError

AT_ONCE = 8


def key(folder: Path) -> str:
    settings = Settings.model_validate({"data_dir": folder, "secret_key": ""}).complete()
    return settings.secret_key.get_secret_value()


def test_it_is_made_once_and_for_the_owner_alone(tmp_path: Path) -> None:
    folder = tmp_path / "data"
    assert len(key(folder)) == 64
    assert key(folder) == key(folder)
    assert [each.name for each in folder.iterdir()] == ["secret-key"]
    assert (folder / "secret-key").stat().st_mode & 0o777 == 0o600


def test_first_starts_at_one_moment_agree_on_it(tmp_path: Path) -> None:
    with ThreadPoolExecutor(AT_ONCE) as pool:
        for turn in range(50):
            assert len(set(pool.map(key, [tmp_path / str(turn)] * AT_ONCE))) == 1


@pytest.mark.parametrize("left", ["", "\n", "0123456789abcdef"])
def test_what_a_full_disk_or_a_power_cut_left_of_it_is_no_secret(tmp_path: Path, left: str) -> None:
    """An empty key would be the same at every desk: whoever knows that can forge what it signs and seals."""
    (tmp_path / "secret-key").write_text(left)
    with pytest.raises(SettingsError, match="SECRET_KEY: the file"):
        key(tmp_path)
    assert (tmp_path / "secret-key").read_text() == left, "nothing takes the place of what may be mended"
