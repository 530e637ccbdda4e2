from collections.abc import Sequence
from dataclasses import replace

import pytest

from checks.model.findings import Severity
from checks.model.outlook import Outlook, Portion
from checks.model.safety import Assessment, Level
from checks.model.verdicts import State
from checks.repository.change import Change
from checks.risk.assess import assess
from checks.risk.evidence import Evidence
from checks.risk.outlook import portions
from checks.risk.outlook.portions import outlook, portion
from tests.changed import BASE, change, coverage, edited, evidence, finding, verdict

CODE = "class Cart:\n    def total(self, tax=0):\n        return 2 + tax\n"
CI = ".github/workflows/ci.yml"


def every(asked: Sequence[Evidence]) -> list[Assessment | None]:
    return [assess(each) for each in asked]


def nothing(of: Change) -> tuple[tuple[str, Level], ...]:
    return ()


def of(given: Evidence) -> Outlook:
    return outlook(given, assess(given).level, every, nothing)


def test_a_change_is_split_by_level_and_the_risky_file_is_named() -> None:
    head = BASE | {CI: "on: push\n", "src/shop/cart.py": CODE, "README.md": "# The shop\n"}
    found = of(evidence(change(BASE, head)))
    assert found.parts == (
        Portion(("README.md",), Level.SAFE),
        Portion(("src/shop/cart.py",), Level.LOW_RISK),
        Portion((CI,), Level.CRITICAL),
    )
    assert found.without == (Portion((CI,), Level.LOW_RISK),)
    assert (found.covered, found.why) == (None, "")


def test_each_part_is_what_it_would_be_as_a_change_of_its_own() -> None:
    head = BASE | {"pyproject.toml": '[project]\nname = "shops"\n', "src/shop/cart.py": CODE}
    whole = change(BASE, head)
    given = evidence(whole)
    for path in ("pyproject.toml", "src/shop/cart.py"):
        own = change(BASE, BASE | {path: head[path]})
        touched = tuple(each for each in whole.touched if each.path == path)
        assert assess(portion(given, touched, nothing)) == assess(evidence(own))


def test_a_rename_and_a_deletion_are_parts_too() -> None:
    head = {path: text for path, text in BASE.items() if path not in ("README.md", "tests/test_cart.py")}
    whole = change(BASE, head | {"READ.md": "# Shop\n", CI: "on: push\n"}, {"READ.md": "README.md"})
    given = evidence(whole)
    renamed = portion(given, [each for each in whole.touched if each.path == "READ.md"], nothing).change
    assert {entry.path for entry in renamed.head.files} == {*BASE, "READ.md"} - {"README.md"}
    gone = portion(given, [each for each in whole.touched if each.path == "tests/test_cart.py"], nothing).change
    assert {entry.path for entry in gone.head.files} == {*BASE} - {"tests/test_cart.py"}


def test_findings_count_where_they_are() -> None:
    seen = verdict(
        coverage("src/shop/cart.py", 3, 0),
        findings={"security": (finding(Severity.HIGH),)},
        states={"security": State.FAILED},
    )
    found = of(evidence(edited(src__shop__cart_py=CODE, README_md="# The shop\n"), seen))
    assert found.without[0] == Portion(("src/shop/cart.py",), Level.SAFE)


def test_what_comes_back_counts_where_it_is() -> None:
    seen = verdict(coverage("src/shop/cart.py", 3, 0), findings={"security": (finding(Severity.MEDIUM),)})
    stages = tuple(replace(each, findings=(), brought_back=each.findings) for each in seen.stages)
    given = evidence(edited(src__shop__cart_py=CODE, README_md="# The shop\n"), replace(seen, stages=stages))
    found = of(given)
    assert found.without[0] == Portion(("src/shop/cart.py",), Level.SAFE)


def test_lines_that_no_test_runs_are_assessed_as_if_one_did() -> None:
    seen = verdict(coverage("src/shop/cart.py", 1, 150))
    given = evidence(edited(src__shop__cart_py=CODE), seen)
    found = outlook(given, Level.HIGH_RISK, every, nothing)
    assert found.covered is Level.LOW_RISK
    assert assess(given).level.rank > Level.LOW_RISK.rank


@pytest.mark.parametrize("tests", [False, True])
def test_where_nobody_knows_what_tests_run_nothing_is_promised(tests: bool) -> None:
    seen = verdict(coverage("src/shop/cart.py", 1, 9), tests=tests, trusted=False)
    assert of(evidence(edited(src__shop__cart_py=CODE), seen)).covered is None


def test_policy_is_asked_for_each_part() -> None:
    def demands(part: Change) -> tuple[tuple[str, Level], ...]:
        here = any(each.path == "README.md" for each in part.touched)
        return (("texts", Level.CRITICAL),) if here else ()

    given = evidence(edited(src__shop__cart_py=CODE, README_md="# The shop\n"), demanded=(("texts", Level.CRITICAL),))
    found = outlook(given, Level.CRITICAL, every, demands)
    assert found.without == (Portion(("README.md",), Level.LOW_RISK),)


def test_one_file_has_no_parts() -> None:
    found = of(evidence(change(BASE, BASE | {CI: "on: push\n"})))
    assert (found.parts, found.without) == ((), ())


def test_what_could_not_be_assessed_is_left_out_and_that_is_said() -> None:
    head = BASE | {CI: "on: push\n", "src/shop/cart.py": CODE}
    broken = outlook(evidence(change(BASE, head)), Level.CRITICAL, lambda asked: [None] * len(asked), nothing)
    assert broken == Outlook(why="2 of its 2 files could not be weighed apart")
    alone = outlook(evidence(change(BASE, BASE | {CI: ""})), Level.CRITICAL, lambda asked: [None] * len(asked), nothing)
    assert alone == Outlook()


def test_many_files_are_not_weighed_apart_and_that_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    head = BASE | {f"src/shop/m{number}.py": "x = 1\n" for number in range(portions.MOST + 1)}
    given = evidence(change(BASE, head))
    assert outlook(given, Level.HIGH_RISK, every, nothing).why.startswith("its 13 files were not weighed apart")
    monkeypatch.setattr(portions, "MOST_BYTES", 3)
    small = replace(given, change=edited(README_md="# The shop, larger\n"))
    assert "KiB" in outlook(small, Level.HIGH_RISK, every, nothing).why
