"""Fixes go through validation: what makes a test fail is taken out, the others go on."""

import sys
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace
from pathlib import Path

import pytest

from checks.fix import Group, Selection
from checks.model.safety import Level
from checks.model.trees import File
from checks.model.verdicts import State
from checks.propose import Proposed, propose
from checks.sandbox.environment import Environment
from checks.sandbox.port import Command, Limits, Result
from checks.settings import Settings
from checks.validation.asked import Tested
from tests.repositories import made as made_in
from tests.sandboxes import Bare

pytestmark = pytest.mark.complete  # together minutes

ENVIRONMENT = Environment(sys.executable, sys.version_info[:2], (), "the tests' own")
TESTED = Tested(sandbox=Bare(), environment=ENVIRONMENT, reruns=1)
SHOP = """\
def add(item, basket=[]):
    basket.append(item)
    return basket


def is_none(value):
    return value is 0


def closed(path):
    return open(path).read()
"""
TESTS = """\
from shop import add, closed, is_none


def test_the_basket_is_kept():
    add(1)
    assert add(2) == [1, 2]


def test_zero():
    assert is_none(0)


def test_closed():
    assert "closed" in closed(__file__)
"""


@dataclass(frozen=True)
class Chosen(Bare):
    """Keeps which tests each run was asked for."""

    asked: list[str] = field(default_factory=list)

    def run(
        self, command: Command, files: Iterable[File], limits: Limits, cancelled: Callable[[], bool] = lambda: False
    ) -> Result:
        self.asked.append("some" if b'"only": ["' in command.stdin else "all")
        return super().run(command, files, limits, cancelled)


def outcomes(proposed: Proposed) -> dict[str, str]:
    return {each.finding.rule: each.state for each in proposed.fixes.outcomes if each.state != "left"}


def made(place: Path, tested: Tested = TESTED, untested: str = "", group: Group = Group.ALL) -> Proposed:
    return propose([place], Selection(), group, Settings(), tested, untested=untested)


@pytest.fixture
def shop(tmp_path: Path) -> Path:
    repository = made_in(tmp_path / "shop")
    repository.put("shop.py", SHOP)
    repository.put("test_shop.py", TESTS)
    repository.commit()
    return repository.root


def test_a_fix_that_makes_a_test_fail_is_taken_out_and_the_others_go_on(shop: Path) -> None:
    backend = Chosen()
    proposed = made(shop, replace(TESTED, sandbox=backend))
    assert outcomes(proposed) == {
        "mutable-default-argument": "refused",
        "is-with-literal": "fixed",
        "file-never-closed": "fixed",
    }
    refused = next(each for each in proposed.fixes.outcomes if each.state == "refused")
    assert refused.stage == "sandbox"
    assert refused.why == "test_shop.py::test_the_basket_is_kept now fails"
    after = proposed.fixes.together().files[0].after
    assert after is not None
    assert b"basket=[]" in after
    assert b"value == 0" in after
    assert "some" in backend.asked, "the search runs the failing tests alone"


def test_the_whole_is_judged_as_selfmods_own_and_its_level_told(shop: Path) -> None:
    judged = made(shop).judged
    assert judged is not None
    assert [(stage.stage, stage.state) for stage in judged.verdict.stages] == [
        (name, State.PASSED) for name in ("syntax", "security", "dangerous", "imports", "sandbox")
    ]
    assert judged.assessment.level in (Level.LOW_RISK, Level.MEDIUM_RISK)
    assert judged.files == ("shop.py",)


def test_untested_fixes_are_never_low_risk(shop: Path) -> None:
    proposed = made(shop, untested="left out")
    assert outcomes(proposed)["mutable-default-argument"] == "fixed"
    assert proposed.judged is not None
    assert proposed.judged.assessment.level.rank >= Level.MEDIUM_RISK.rank
    sandbox = proposed.judged.verdict.stage("sandbox")
    assert sandbox is not None
    assert (sandbox.state, sandbox.reason) == (State.SKIPPED, "left out")


def test_without_a_sandbox_nothing_is_called_tried(shop: Path) -> None:
    proposed = made(shop, Tested(missing="no sandbox on this host: none."))
    assert proposed.judged is not None
    assert not proposed.judged.verdict.passed


def test_a_folder_outside_git_goes_the_same_way(tmp_path: Path) -> None:
    (tmp_path / "shop.py").write_text(SHOP)
    (tmp_path / "test_shop.py").write_text(TESTS)
    proposed = made(tmp_path)
    assert outcomes(proposed)["mutable-default-argument"] == "refused"
    assert outcomes(proposed)["is-with-literal"] == "fixed"


def test_where_nothing_is_to_fix_nothing_runs(tmp_path: Path) -> None:
    repository = made_in(tmp_path / "clean")
    repository.put("clean.py", "VALUE = 1\n")
    repository.commit()
    backend = Chosen()
    proposed = made(repository.root, replace(TESTED, sandbox=backend))
    assert proposed.judged is None
    assert backend.asked == []


def test_where_every_fix_is_refused_there_is_nothing_to_judge(tmp_path: Path) -> None:
    (tmp_path / "shop.py").write_text(SHOP.partition("\n\n\ndef is_none")[0] + "\n")
    test = "from shop import add\n\n\ndef test_the_basket_is_kept():\n    add(1)\n    assert add(2) == [1, 2]\n"
    (tmp_path / "test_shop.py").write_text(test)
    proposed = made(tmp_path)
    assert outcomes(proposed) == {"mutable-default-argument": "refused"}
    assert proposed.judged is None


def test_grouped_changes_leave_the_refused_fix_out(shop: Path) -> None:
    proposed = made(shop, group=Group.RULE)
    assert sorted(change.name for change in proposed.fixes.changes) == ["file-never-closed", "is-with-literal"]
