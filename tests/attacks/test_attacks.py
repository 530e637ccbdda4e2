"""Nothing gets in that should not; `python -m tests.attacks` prints the table."""

from pathlib import Path

import pytest

from tests.attacks.__main__ import ATTACKS, row
from tests.attacks.attack import Attack, Outcome
from tests.attacks.stage import stage

pytestmark = pytest.mark.complete  # together minutes

QUICK = (
    "honest approval",
    "honest proposal",
    "forged check of another App",
    "approval by the requester renamed",
    "edited comment",
    "stop during a merge",
)
"""Those that are no other test's; the others are tried one by one with what they attack."""


def test_what_should_not_get_in_does_not(tmp_path: Path) -> None:
    tried = []
    with stage(tmp_path) as made:
        for each in (each for each in ATTACKS if each.name in QUICK):
            outcome = each.run(made)
            assert each.held(outcome), row(each, outcome)
            tried.append(each.name)
    assert tuple(tried) == QUICK


@pytest.mark.parametrize(("merged", "merges", "held"), [((), False, True), ((7,), False, False), ((), True, False)])
def test_a_merge_that_should_not_be_is_no_success(merged: tuple[int, ...], merges: bool, held: bool) -> None:
    attack = Attack("a | b", "x", lambda stage: Outcome(""), merges)
    assert attack.held(Outcome("y", merged)) is held
    assert row(attack, Outcome("y\nz", merged)) == f"| a / b | x | y z | {'yes' if held else 'NO'} |"
