from dataclasses import replace
from pathlib import Path

import pytest

from checks.repository import hotspots
from checks.repository.hotspots import History, Spot
from checks.risk.outlook import unusual as module
from checks.risk.outlook.unusual import unusual
from tests.changed import BASE, change, edited

CART = "src/shop/cart.py"
SMALL = ((1, 2),) * 95 + ((30, 900),) * 5


def known(spots: dict[str, Spot] | None = None, *together: str, commits: int = 100) -> History:
    return History(spots or {}, commits, SMALL, tuple(frozenset(each.split()) for each in together))


def told(monkeypatch: pytest.MonkeyPatch, history: History | None, **files: str) -> tuple[str, ...]:
    monkeypatch.setattr(hotspots, "before", lambda root, commit: history)
    return unusual(replace(edited(**files), root=Path("/"), base_commit="a" * 40))


def test_size_is_told_with_how_many_commits_were_as_large(monkeypatch: pytest.MonkeyPatch) -> None:
    found = told(monkeypatch, known({CART: Spot(commits=9)}), src__shop__cart_py="x = 1\n" * 100)
    assert found == ("It changes 103 lines: 5 of the last 100 commits changed as many.",)


def test_what_is_usual_is_not_told(monkeypatch: pytest.MonkeyPatch) -> None:
    assert told(monkeypatch, known({"README.md": Spot(commits=9)}), README_md="# The shop\n") == ()


def test_files_that_are_seldom_changed_are_named(monkeypatch: pytest.MonkeyPatch) -> None:
    found = told(monkeypatch, known({"README.md": Spot(commits=1)}), README_md="# The shop\n")
    assert found == ("`README.md` is seldom changed: by 1 of the last 100 commits.",)


def test_files_that_never_change_together_are_told(monkeypatch: pytest.MonkeyPatch) -> None:
    spots = {CART: Spot(commits=14), "README.md": Spot(commits=9)}
    files = {"README_md": "# The shop\n", "src__shop__cart_py": BASE[CART] + "\n"}
    (found,) = [each for each in told(monkeypatch, known(spots), **files) if "together" in each]
    assert found == (
        f"`{CART}` and `README.md` were changed 14 and 9 times in the last 100 commits, and never together."
    )
    again = told(monkeypatch, known(spots, f"{CART} README.md other"), **files)
    assert not any("together" in each for each in again)


def test_where_the_history_tells_nothing_that_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    assert told(monkeypatch, None, README_md="x\n") == ("The history is not complete here: what is usual is unknown.",)
    few = replace(known(), commits=module.LEAST - 1)
    assert told(monkeypatch, few, README_md="x\n") == ("The history has 29 commits: too few to tell what is usual.",)
    assert unusual(change(BASE, BASE | {"a.py": ""})) == (
        "The history is not complete here: what is usual is unknown.",
    )
