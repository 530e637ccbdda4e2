from dataclasses import replace

import pytest

from app.model.forge import Person, Pull
from app.model.modification import Modification, Sort, Status
from app.workflows.proposing.ended import after

OWN = Person("selfmod[bot]", 900, bot=True)
PULL = Pull(7, "", "", OWN, "a" * 40, "selfmod/fix/x", "acme/shop", "main", "b" * 40, "acme/shop", open=False)
MERGED = replace(PULL, merged=True, merge_commit="c" * 40)
MADE = Modification("acme/shop", Sort.FIX, "selfmod/fix/x", "main", "Mend it", number=7)


@pytest.mark.parametrize(
    ("before", "pull", "actor", "expected"),
    [
        (Status.PENDING_APPROVAL, PULL, "bob", (Status.REJECTED, "", "closed by @bob")),
        (Status.APPROVED, PULL, "", (Status.REJECTED, "", "closed")),
        (Status.SUPERSEDED, PULL, "bob", (Status.SUPERSEDED, "", "")),
        (Status.REJECTED, PULL, "bob", (Status.REJECTED, "", "")),
        (Status.APPLIED, PULL, "bob", (Status.APPLIED, "", "")),
        (Status.PENDING_APPROVAL, MERGED, "bob", (Status.APPLIED, "c" * 40, "")),
        (Status.REJECTED, MERGED, "bob", (Status.APPLIED, "c" * 40, "")),
        (Status.ROLLED_BACK, MERGED, "bob", (Status.ROLLED_BACK, "", "")),
    ],
)
def test_what_becomes_of_it(before: Status, pull: Pull, actor: str, expected: tuple[Status, str, str]) -> None:
    made = after(replace(MADE, status=before), pull, actor)
    assert (made.status, made.merged, made.reason) == expected
    assert after(made, pull, actor) == made
