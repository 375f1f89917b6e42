"""docs/people.md says what each role may do, and the code does what it says."""

import re

from config.settings import ROOT
from models.admin import Role
from services.permissions import MEANINGS, Permission, may


def test_the_page_has_the_table_of_the_code() -> None:
    page = (ROOT / "docs" / "people.md").read_text()
    assert "| permission | agent | admin | owner | what it is for |" in page
    rows = re.findall(r"^\| `(\w+)` \| (\w+) \| (\w+) \| (\w+) \| (.+) \|$", page, re.MULTILINE)
    assert rows == [
        (
            permission,
            *("yes" if may(role, permission) else "no" for role in (Role.AGENT, Role.ADMIN, Role.OWNER)),
            MEANINGS[permission],
        )
        for permission in Permission
    ]
