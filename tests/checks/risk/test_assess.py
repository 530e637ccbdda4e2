from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from checks.model.findings import Severity
from checks.model.safety import Factor, Level, Proposer
from checks.model.verdicts import State
from checks.repository.change import Change, Touched
from checks.risk.assess import FACTORS, assess, cheapest, level_of
from checks.risk.evidence import THRESHOLDS, Evidence
from checks.risk.weights import EFFORT, TABLE
from tests.changed import BASE, change, coverage, edited, evidence, finding, verdict

CODE = "class Cart:\n    def total(self, tax=0):\n        return 2 + tax\n"
NEW_TEST = BASE["tests/test_cart.py"] + "\n\ndef test_tax():\n    assert Cart().total(2) == 3\n"


@pytest.mark.parametrize(
    ("of", "expected"),
    [
        (edited(README_md="# The shop\n"), Level.SAFE),
        (edited(src__shop__cart_py=BASE["src/shop/cart.py"] + "# the end\n"), Level.SAFE),
        (edited(tests__test_cart_py=NEW_TEST), Level.SAFE),
        (edited(README_md="# The shop\n", tests__test_cart_py=NEW_TEST), Level.SAFE),
        (edited(src__shop__cart_py=CODE), Level.LOW_RISK),
        (edited(src__shop__cart_py=CODE.replace("tax=0", "tax")), Level.MEDIUM_RISK),
        (edited(tests__test_cart_py=None), Level.MEDIUM_RISK),
        (edited(pyproject_toml='[project]\nname = "shops"\n'), Level.HIGH_RISK),
        (change(BASE, BASE | {"AGENTS.md": "Do as you like.\n"}), Level.CRITICAL),
        (change(BASE, BASE | {".github/workflows/a.yml": "# a comment\n"}), Level.CRITICAL),
    ],
)
def test_levels_of_plain_changes(of: Change, expected: Level) -> None:
    assert assess(evidence(of)).level is expected


@pytest.mark.parametrize(
    ("proposer", "fixes", "expected"),
    [
        (Proposer.PERSON, (), Level.LOW_RISK),
        (Proposer.FORK, (), Level.LOW_RISK),
        (Proposer.SELFMOD, ("bare-except",), Level.LOW_RISK),
        (Proposer.SELFMOD, (), Level.MEDIUM_RISK),
    ],
)
def test_code_of_a_program_is_low_risk_only_as_a_pre_approved_fix(
    proposer: Proposer, fixes: tuple[str, ...], expected: Level
) -> None:
    assert assess(evidence(edited(src__shop__cart_py=CODE), proposer=proposer, fixes=fixes)).level is expected


@pytest.mark.parametrize(
    ("path", "proposer", "expected"),
    [
        ("uv.lock", Proposer.PERSON, Level.HIGH_RISK),
        ("uv.lock", Proposer.FORK, Level.CRITICAL),
        ("uv.lock", Proposer.SELFMOD, Level.CRITICAL),
        ("uv.lock", Proposer.DEPENDENCY_BOT, Level.MEDIUM_RISK),
        ("tests/conftest.py", Proposer.PERSON, Level.HIGH_RISK),
        ("tests/conftest.py", Proposer.SELFMOD, Level.CRITICAL),
        ("tests/conftest.py", Proposer.DEPENDENCY_BOT, Level.HIGH_RISK),
    ],
)
def test_build_and_lock_files_weigh_by_who_proposes_them(path: str, proposer: Proposer, expected: Level) -> None:
    assert assess(evidence(change(BASE, BASE | {path: "# nothing\n"}), proposer=proposer)).level is expected


def test_a_dependency_bot_that_touches_more_than_locks_is_judged_as_anybody() -> None:
    head = BASE | {"uv.lock": "", "src/shop/cart.py": CODE}
    assert assess(evidence(change(BASE, head), proposer=Proposer.DEPENDENCY_BOT)).level is Level.HIGH_RISK


@pytest.mark.parametrize("state", [State.FAILED, State.ERROR, State.SKIPPED])
@pytest.mark.parametrize("stage", ["syntax", "security", "dangerous", "imports", "sandbox"])
def test_a_stage_that_did_not_pass_is_at_least_medium(stage: str, state: State) -> None:
    seen = verdict(states={stage: state})
    assert assess(evidence(edited(README_md="# The shop\n"), seen)).level.rank >= Level.MEDIUM_RISK.rank


def test_a_stage_that_is_not_there_counts_as_skipped() -> None:
    whole = verdict()
    for stage in whole.stages:
        seen = replace(whole, stages=tuple(each for each in whole.stages if each is not stage))
        assert assess(evidence(edited(README_md="# The shop\n"), seen)).level is Level.MEDIUM_RISK


def test_missing_data_weigh_the_same_wherever_they_are_missing() -> None:
    of = edited(src__shop__cart_py=CODE)
    seen = [verdict(tests=False), verdict(), verdict(coverage("src/shop/cart.py", 3, 0), trusted=False)]
    weights = []
    for each in seen:
        unknown = [f for f in assess(evidence(of, each)).factors if not f.known]
        weights.append({f.name: f.weight for f in unknown})
    assert weights[0] == weights[1] == weights[2]
    assert set(weights[0]) == {"changed lines covered by tests", "hot spots"}


def test_what_lowers_the_level_is_named_with_its_places() -> None:
    found = assess(evidence(edited(src__shop__cart_py=CODE), verdict(coverage("src/shop/cart.py", 3, 2))))
    assert found.level is Level.MEDIUM_RISK
    assert found.lower == "To lower it to LOW_RISK: cover src/shop/cart.py:1000-1001 by a test."
    found = assess(evidence(change(BASE, BASE | {".github/workflows/a.yml": "", "src/shop/cart.py": CODE})))
    assert found.lower == "To lower it to LOW_RISK: leave out .github/workflows/a.yml."
    assert assess(evidence(edited(README_md="# The shop\n"))).lower == ""


def test_factors_are_shown_with_the_weightiest_first_and_add_up() -> None:
    found = assess(evidence(change(BASE, BASE | {"AGENTS.md": "", "src/shop/cart.py": CODE})))
    weights = [each.weight for each in found.factors]
    assert weights == sorted(weights, reverse=True)
    assert found.score == sum(weights)


def test_every_weight_of_the_table_belongs_to_a_factor_and_has_a_reason() -> None:
    names = {each.NAME for each in FACTORS}
    assert {name for name, _ in TABLE} == names
    assert set(EFFORT) <= names
    assert all(weight.points >= 0 and weight.why for weight in TABLE.values())
    for each in FACTORS:
        assert each.__doc__ is not None
        assert all(part in each.__doc__ for part in ("What it sees:", "Why it counts:", "How to lower it:"))


FACTOR = st.builds(
    Factor,
    st.sampled_from(sorted({name for name, _ in TABLE})),
    st.just("seen"),
    st.integers(0, 20),
    st.sampled_from([None, *Level]),
    st.sampled_from(["", "do a", "do b", "do c", "do d"]),
)
LIMITS = st.dictionaries(st.sampled_from(list(Level)), st.integers(1, 40))


@given(st.lists(FACTOR, max_size=6), FACTOR, LIMITS, st.booleans())
def test_another_factor_never_lowers_the_level(
    factors: list[Factor], more: Factor, limits: dict[Level, int], proven: bool
) -> None:
    assert level_of([*factors, more], limits, proven).rank >= level_of(factors, limits, proven).rank


@given(st.lists(FACTOR, max_size=6), LIMITS)
def test_nothing_but_a_proof_makes_a_change_safe(factors: list[Factor], limits: dict[Level, int]) -> None:
    assert level_of(factors, limits, False) is not Level.SAFE


@given(st.lists(FACTOR, max_size=6), st.booleans())
def test_the_proposed_steps_do_lower_the_level_and_none_fewer_do(factors: list[Factor], proven: bool) -> None:
    words = cheapest(tuple(factors), THRESHOLDS, proven)
    level = level_of(factors, THRESHOLDS, proven)
    if level is Level.SAFE:
        assert words == ""
    if words.startswith("To lower it to "):
        target, _, steps = words.removeprefix("To lower it to ").removesuffix(".").partition(": ")
        chosen = steps.split("; ")
        rest = [each for each in factors if each.lower not in chosen]
        assert level_of(rest, THRESHOLDS, proven) is Level(target)
        assert Level(target).rank < level.rank
        for kept in chosen:
            rest = [each for each in factors if each.lower not in chosen or each.lower == kept]
            assert len(chosen) == 1 or level_of(rest, THRESHOLDS, proven) is level


KINDS = st.sampled_from(["security", "dangerous"])


def _with(seen: Evidence, stage: str, severities: list[Severity]) -> Evidence:
    found = tuple(finding(severity, line=number + 1) for number, severity in enumerate(severities))
    stages = tuple(replace(s, findings=found) if s.stage == stage else s for s in seen.verdict.stages)
    return replace(seen, verdict=replace(seen.verdict, stages=stages))


@given(KINDS, st.lists(st.sampled_from(list(Severity)), max_size=5), st.sampled_from(list(Severity)), st.booleans())
def test_another_finding_never_lowers_the_level(stage: str, some: list[Severity], more: Severity, safe: bool) -> None:
    of = edited(README_md="# The shop\n") if safe else edited(src__shop__cart_py=CODE)
    before, after = (assess(_with(evidence(of), stage, each)) for each in (some, [*some, more]))
    assert after.level.rank >= before.level.rank
    assert after.score >= before.score


@given(st.integers(0, 150), st.integers(0, 150), st.integers(1, 40))
def test_another_uncovered_line_never_lowers_the_level(covered: int, uncovered: int, more: int) -> None:
    of = edited(src__shop__cart_py=CODE)
    levels = [
        assess(evidence(of, verdict(coverage("src/shop/cart.py", covered, count))))
        for count in (uncovered, uncovered + more)
    ]
    assert levels[1].level.rank >= levels[0].level.rank
    assert levels[1].score >= levels[0].score


PATHS = ["src/shop/new.py", "AGENTS.md", "uv.lock", "docs/index.md", "tests/test_more.py", "data.bin", "a.so", "x.pth"]


@given(st.sets(st.sampled_from(PATHS)), st.sampled_from(PATHS), st.sampled_from(list(Proposer)))
def test_another_path_never_lowers_the_level(some: set[str], more: str, proposer: Proposer) -> None:
    text = "def test_new():\n    assert 1 == 1\n"
    levels = [
        assess(evidence(change(BASE, BASE | dict.fromkeys(paths, text)), proposer=proposer)).level.rank
        for paths in (sorted(some), sorted({*some, more}))
        if paths
    ]
    assert levels == sorted(levels)


def test_a_link_and_a_changed_mode_are_never_safe() -> None:
    plain = edited(README_md="# The shop\n")
    for mode in ("120000", "160000", "100755"):
        touched = (Touched("README.md", "modified", None, "100644", mode),)
        assert assess(evidence(replace(plain, touched=touched))).level is not Level.SAFE
