"""Code owners, where the base demands their review."""

import pytest

from app.standin.rules import owners
from tests.app.standin.acting import SHOP, Acting, reviews

CODEOWNERS = """# who owns what
* @meg
/docs/ @acme/core @nobody   # two
*.py @bob
free.py
"""


@pytest.mark.parametrize(
    ("files", "approved", "missing"),
    [
        ({"shop.py": "price = 2\n"}, set(), {"bob"}),
        ({"shop.py": "price = 2\n"}, {"meg"}, {"bob"}),
        ({"shop.py": "price = 2\n"}, {"bob"}, set()),
        ({"shop.py": "price = 2\n", "a.txt": "a"}, {"bob"}, {"meg"}),
        ({"docs/a.md": "a"}, {"bob"}, {"acme/core nobody"}),
        ({"docs/a.md": "a"}, {"ann"}, set()),
        ({"free.py": "f = 1\n"}, set(), set()),
        ({"shop.py": None}, set(), {"bob"}),
        ({"CODEOWNERS": "* @ann\n"}, {"ann"}, {"meg"}),
    ],
)
def test_the_last_pattern_of_the_base_names_the_owners(
    acting: Acting, files: dict[str, str | None], approved: set[str], missing: set[str]
) -> None:
    acting.github.team("acme", "core", ["ann"])
    acting.github.push(SHOP, "main", {"CODEOWNERS": CODEOWNERS}, by="ada")
    acting.github.push(SHOP, "topic", files, by="ann")
    pull = acting.github.open_pull(SHOP, "topic", by="ann")
    assert set(owners.missing(acting.github.world, pull, approved)) == missing


def test_a_merge_waits_for_an_owner(acting: Acting) -> None:
    acting.github.push(SHOP, "main", {".github/CODEOWNERS": "* @bob\n", "CODEOWNERS": "* @meg\n"}, by="ada")
    pull = acting.pull()
    acting.protect(required_pull_request_reviews=reviews(require_code_owner_reviews=True))
    acting.approve("meg", pull)
    answer = acting.merge("meg", pull)
    assert (answer.status_code, answer.json()["message"]) == (405, "Waiting on code owner review from bob.")
    acting.approve("bob", pull)
    assert acting.merge("meg", pull).status_code == 200
