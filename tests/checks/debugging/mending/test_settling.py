"""Fixes that something outside judges: the culprits are found and left out, whatever else is fixed."""

from collections.abc import Mapping

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from checks.debugging.detect import detect
from checks.debugging.mending.fixing import Fixing
from checks.debugging.mending.settling import Failed, settled
from checks.debugging.source.module import Surroundings
from checks.model.findings import Finding

AROUND = Surroundings(python=(3, 12))
NAMES = tuple("abcdefgh")
SOURCES = {f"{name}.py": f"def {name}(x=[]):\n    x.append(1)\n    return x\n".encode() for name in NAMES}
RESULTS = detect(SOURCES, AROUND, workers=1)


class Judge:
    """Fails where one of `bad` is among the changed files, or all of a group of `together`; keeps what it was asked."""

    def __init__(self, bad: set[str], together: tuple[set[str], ...] = ()) -> None:
        self.bad, self.together = bad, together
        self.asked: list[tuple[frozenset[str], tuple[str, ...]]] = []

    def __call__(self, after: Mapping[str, bytes], tests: tuple[str, ...]) -> Failed | None:
        changed = frozenset(path.removesuffix(".py") for path in after)
        self.asked.append((changed, tests))
        culprits = sorted((changed & self.bad).union(*(group for group in self.together if group <= changed)))
        if not culprits:
            return None
        return Failed("sandbox", f"test_{culprits[0]} now fails", tuple(f"test_{each}" for each in culprits))


def found() -> list[Finding]:
    return [f for path in sorted(RESULTS) for f in RESULTS[path].findings if f.rule == "mutable-default-argument"]


def outcome(judge: Judge) -> tuple[set[str], set[str]]:
    """The files that are fixed, and those that are refused."""
    made = settled(Fixing(SOURCES, RESULTS, AROUND, workers=1), found(), judge)
    states: dict[str, set[str]] = {"fixed": set(), "refused": set(), "left": set()}
    for each in made.outcomes:
        states[each.state].add(each.finding.file.removesuffix(".py"))
    assert {path.removesuffix(".py") for path in made.after} == states["fixed"]
    assert len(made.outcomes) == len(NAMES)
    return states["fixed"], states["refused"]


@pytest.mark.parametrize("bad", [set(), {"a"}, {"h"}, {"c", "d"}, {"a", "e", "h"}, set(NAMES)])
def test_the_bad_ones_are_refused_and_the_others_fixed(bad: set[str]) -> None:
    judge = Judge(bad)
    assert outcome(judge) == (set(NAMES) - bad, bad)
    whole = [changed for changed, tests in judge.asked if not tests]
    assert not bad or set(NAMES) - bad in [set(), *map(set, whole)], "what is left was judged as a whole"


def test_two_that_fail_only_together_cost_one_of_them() -> None:
    fixed, refused = outcome(Judge(set(), ({"b", "g"},)))
    assert len(refused) == 1
    assert refused < {"b", "g"}
    assert fixed == set(NAMES) - refused


def test_the_search_runs_only_the_failing_tests() -> None:
    judge = Judge({"c"})
    outcome(judge)
    assert {tests for _, tests in judge.asked} == {(), ("test_c",)}


def test_a_failure_without_a_culprit_refuses_what_is_left() -> None:
    class Moody(Judge):
        def __call__(self, after: Mapping[str, bytes], tests: tuple[str, ...]) -> Failed | None:
            return None if tests else Failed("sandbox", "the tests fail", ("test_of_all",))

    made = settled(Fixing(SOURCES, RESULTS, AROUND, workers=1), found(), Moody(set()))
    assert {each.state for each in made.outcomes} == {"refused"}
    assert all("no fix alone is the cause" in each.why for each in made.outcomes)
    assert not made.after


@pytest.mark.complete
@given(st.sets(st.sampled_from(NAMES)), st.sets(st.sampled_from(NAMES), min_size=2, max_size=3))
@settings(
    max_examples=8, deadline=None, phases=[Phase.explicit, Phase.generate], suppress_health_check=[HealthCheck.too_slow]
)
def test_what_is_left_always_holds(bad: set[str], group: set[str]) -> None:
    fixed, refused = outcome(Judge(bad, (group,)))
    assert bad <= refused
    assert refused <= bad | group
    assert not group <= fixed
