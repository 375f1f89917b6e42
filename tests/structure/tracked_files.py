"""The files that belong to the product: those that git keeps, and new ones that it does not ignore."""

import subprocess
from pathlib import Path

from config.settings import ROOT


def tracked_files() -> list[Path]:
    """The files as they stand now, without those deleted but not yet committed."""
    command = ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
    listed = subprocess.run(command, cwd=ROOT, capture_output=True, check=True).stdout.decode()
    return [ROOT / name for name in listed.split("\0") if name and (ROOT / name).is_file()]
