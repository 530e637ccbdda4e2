"""What is planned so that a branch requires the gate: tables, and that no plan ever takes a requirement away."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.model.protection import CHECKS, GATE, Also, Classic, Form, Pinned, Plan, Ruleset, Seen
from app.orchestrator.protected import Hold, has, hold, lost, required
from app.orchestrator.protection import NAME, NAME_BESIDE, applied, plan
from checks.model.errors import Refusal

APP, OTHER = 7, 8
MAIN = {"ref_name": {"include": ["~DEFAULT_BRANCH"], "exclude": []}}


def rule(*checks: Pinned, strict: bool = False) -> Mapping[str, Any]:
    entries = [{"context": name} | ({"integration_id": app} if app else {}) for name, app in checks]
    return {"type": CHECKS, "parameters": {"strict_required_status_checks_policy": strict, CHECKS: entries}}


REVIEW = {"type": "pull_request", "parameters": {"required_approving_review_count": 2}}
ADMIN = {"actor_id": 5, "actor_type": "RepositoryRole", "bypass_mode": "always"}


def ruleset(*rules: Mapping[str, Any], **more: Any) -> Ruleset:
    return Ruleset(**{"id": 3, "name": "main", "enforcement": "active", "conditions": MAIN, "rules": rules, **more})


def seen(*rulesets: Ruleset, **more: Any) -> Seen:
    return Seen(**{"repository": "acme/shop", "branch": "main", "default": True, "rulesets": rulesets, **more})


def held(at: Seen, app: int = APP) -> bool:
    return hold(required(at), app) is Hold.HELD


def after(at: Seen, found: Plan) -> Seen:
    return applied(at, found.changes)


def test_nothing_there_makes_a_ruleset_of_the_gate_only() -> None:
    (change,) = plan(seen(), APP).changes
    assert change.before is None
    assert change.after == Ruleset(0, NAME, "active", MAIN, (rule((GATE, APP)),), ())


def test_a_branch_that_is_not_the_default_one_is_named() -> None:
    (change,) = plan(seen(branch="release/1", default=False), APP).changes
    assert isinstance(change.after, Ruleset)
    assert change.after.name == "selfmod gate on release/1"
    assert change.after.conditions == {"ref_name": {"include": ["refs/heads/release/1"], "exclude": []}}


def test_rulesets_without_the_gate_are_not_touched() -> None:
    at = seen(ruleset(REVIEW, rule(("ci", 0)), bypass=(ADMIN,)), ruleset(REVIEW, id=4, name=NAME))
    (change,) = plan(at, APP).changes
    assert change.before is None
    assert isinstance(change.after, Ruleset) and change.after.name == f"{NAME} 2"
    assert after(at, plan(at, APP)).rulesets == (*(at.rulesets or ()), change.after)


@pytest.mark.parametrize("pinned", [0, OTHER])
def test_a_gate_of_anybody_or_of_another_app_becomes_ours(pinned: int) -> None:
    at = seen(ruleset(REVIEW, rule(("ci", OTHER), (GATE, pinned), strict=True), bypass=(ADMIN,)))
    (change,) = plan(at, APP).changes
    (before,) = at.rulesets or ()
    assert change.before == before
    assert change.after == replace(before, rules=(REVIEW, rule(("ci", OTHER), (GATE, APP), strict=True)))


def test_a_gate_that_is_named_twice_is_named_once() -> None:
    (change,) = plan(seen(ruleset(rule((GATE, APP), (GATE, OTHER)))), APP).changes
    assert change.after.checks == ((GATE, APP),)


@pytest.mark.parametrize(
    ("at", "form"),
    [
        (seen(ruleset(rule((GATE, APP)))), None),
        (seen(ruleset(rule((GATE, APP)))), Form.CLASSIC),
        (seen(classic=Classic(checks=((GATE, APP), ("ci", 0)))), None),
        (seen(classic=Classic(checks=((GATE, APP),))), Form.RULESET),
        (seen(ruleset(rule((GATE, APP)), own=False)), None),
        (seen(rulesets=None, classic=Classic(checks=((GATE, APP),))), None),
    ],
)
def test_a_gate_that_holds_is_left(at: Seen, form: Form | None) -> None:
    assert plan(at, APP, form).changes == ()
    assert held(at)


@pytest.mark.parametrize("enforcement", ["disabled", "evaluate"])
def test_a_ruleset_that_is_not_active_holds_nothing(enforcement: str) -> None:
    at = seen(ruleset(rule((GATE, APP)), REVIEW, enforcement=enforcement, holds=False))
    found = plan(at, APP)
    (change,) = found.changes
    assert change.before is None  # switching the other on would demand reviews too
    assert f'"main" requires {GATE} too, but is {enforcement}' in " ".join(found.warnings)


@pytest.mark.parametrize("pinned", [APP, OTHER, 0])
def test_a_ruleset_of_nothing_but_the_gate_is_switched_on(pinned: int) -> None:
    before = ruleset(rule((GATE, pinned)), enforcement="disabled", holds=False, name="x")
    (change,) = plan(seen(before), APP).changes
    assert change.before == before
    assert change.after == replace(before, enforcement="active", holds=True, rules=(rule((GATE, APP)),))


@pytest.mark.parametrize(
    "other",
    [
        ruleset(rule((GATE, APP), ("ci", 0)), enforcement="disabled", holds=False),
        ruleset(rule((GATE, APP)), {"type": "deletion"}, enforcement="disabled", holds=False),
        ruleset(rule((GATE, APP)), enforcement="disabled", holds=False, conditions={}),
        ruleset(rule((GATE, APP)), enforcement="disabled", holds=False, own=False),
        ruleset(rule((GATE, APP)), holds=False, conditions={"ref_name": {"include": ["~ALL"], "exclude": []}}),
        ruleset(
            rule((GATE, APP)),
            holds=False,
            conditions={"ref_name": {"include": ["~DEFAULT_BRANCH"], "exclude": ["refs/heads/main"]}},
        ),
        ruleset(enforcement="disabled", holds=False),
    ],
)
def test_a_ruleset_of_more_or_of_other_branches_is_left(other: Ruleset) -> None:
    (change,) = plan(seen(other), APP).changes
    assert change.before is None


REVIEWED = Classic(
    checks=(("ci", OTHER), ("lint", 0)),
    strict=True,
    enforce_admins=True,
    reviews={"required_approving_review_count": 2},
    restrictions={"users": ["ann"], "teams": [], "apps": []},
    switches={"allow_force_pushes": False, "required_linear_history": True},
)


def test_classic_keeps_reviews_and_restrictions() -> None:
    at = seen(classic=REVIEWED)
    (change,) = plan(at, APP, Form.CLASSIC).changes
    assert change.before == REVIEWED
    assert change.after == replace(REVIEWED, checks=(*(REVIEWED.checks or ()), (GATE, APP)))


def test_classic_beside_a_ruleset_is_not_touched_where_it_lacks_the_gate() -> None:
    (change,) = plan(seen(classic=REVIEWED), APP).changes
    assert isinstance(change.after, Ruleset)


def test_both_forms_are_repinned() -> None:
    at = seen(ruleset(rule((GATE, 0))), classic=replace(REVIEWED, checks=((GATE, OTHER),)))
    found = plan(at, APP)
    assert [each.after.checks for each in found.changes] == [((GATE, APP),), ((GATE, APP),)]


def test_a_server_without_rulesets_gets_protection() -> None:
    (change,) = plan(seen(rulesets=None), APP).changes
    assert change.after == Classic(checks=((GATE, APP),))
    with pytest.raises(Refusal, match="no rulesets"):
        plan(seen(rulesets=None), APP, Form.RULESET)


def test_protection_that_cannot_be_kept_is_not_written() -> None:
    with pytest.raises(Refusal, match="not shown"):
        plan(seen(shown=False), APP, Form.CLASSIC)
    with pytest.raises(Refusal, match="does not know: required_moon"):
        plan(seen(classic=Classic(unknown=("required_moon",))), APP, Form.CLASSIC)
    # checks are written apart from the rest, so nothing else can be lost
    assert plan(seen(classic=Classic(checks=(), unknown=("required_moon",))), APP, Form.CLASSIC).changes
    with pytest.raises(Refusal, match="--also"):
        at = seen(classic=Classic(checks=(), switches={"allow_deletions": True}))
        plan(at, APP, Form.CLASSIC, frozenset({Also.NO_DELETION}))


ALL = frozenset(Also)


@pytest.mark.parametrize(
    ("at", "form", "expected"),
    [
        (seen(), None, [{CHECKS, "non_fast_forward", "deletion"}]),
        (seen(ruleset({"type": "deletion"})), None, [{CHECKS, "non_fast_forward"}]),
        (seen(ruleset(rule((GATE, APP)))), None, [{"non_fast_forward", "deletion"}]),
        (seen(ruleset(rule((GATE, 0)))), None, [{CHECKS}, {"non_fast_forward", "deletion"}]),
        (seen(classic=Classic()), None, [{CHECKS}]),  # protection forbids both where it does not allow them
    ],
)
def test_what_else_is_asked_for(at: Seen, form: Form | None, expected: list[set[str]]) -> None:
    found = plan(at, APP, form, ALL)
    assert [set(each.after.types) for each in found.changes if isinstance(each.after, Ruleset)] == expected
    assert found.beside == ()
    assert all(has(after(at, found), each) for each in Also)


def test_what_is_not_asked_for_is_told_and_not_written() -> None:
    found = plan(seen(), APP)
    assert found.beside == (Also.NO_FORCE_PUSH, Also.NO_DELETION)
    assert plan(seen(), APP, Form.CLASSIC).beside == ()
    (change,) = plan(seen(ruleset(rule((GATE, APP)))), APP, None, ALL).changes
    assert isinstance(change.after, Ruleset) and change.after.name == NAME_BESIDE
    loose = Classic(switches={"allow_force_pushes": True, "allow_deletions": True})
    (change,) = plan(seen(classic=loose), APP, Form.CLASSIC, ALL).changes
    assert isinstance(change.after, Classic)
    assert change.after.switches == {"allow_force_pushes": False, "allow_deletions": False}


def bypassed(*actors: Mapping[str, Any]) -> Seen:
    return seen(ruleset(rule((GATE, APP), strict=True), bypass=actors))


@pytest.mark.parametrize(
    ("at", "words"),
    [
        (bypassed(), []),
        (bypassed(ADMIN), ["may be bypassed by administrators (always)"]),
        (bypassed({**ADMIN, "actor_id": 4}), ["holds nobody: whoever has write access"]),
        (
            bypassed({"actor_type": "Team", "actor_id": 9, "bypass_mode": "pull_request"}),
            ["bypassed by Team 9 (in pull requests)"],
        ),
        (bypassed({"actor_type": "OrganizationAdmin", "actor_id": None}), ["owners of the organisation (always)"]),
        (bypassed({}), ["bypassed by None (always)"]),
        (seen(ruleset(rule((GATE, APP), strict=True), bypass=None)), ["not shown to this token"]),
        (seen(ruleset(rule((GATE, APP)))), ["need not be up to date with main"]),
        (seen(classic=Classic(checks=((GATE, APP),), strict=True)), ["Administrators may merge past the gate"]),
        # one that holds everybody is enough
        (replace(bypassed(ADMIN), classic=replace(REVIEWED, checks=((GATE, APP),))), []),
        (
            seen(ruleset(rule((GATE, OTHER), strict=True), own=False)),
            ['organisation\'s ruleset "main" requires selfmod/gate of App 8'],
        ),
        (seen(ruleset(rule((GATE, APP), strict=True)), shown=False), ["is not shown to this token"]),
    ],
)
def test_what_weakens_it_is_told(at: Seen, words: list[str]) -> None:
    told = plan(at, APP).warnings
    assert len(told) == len(words), told
    for said, word in zip(told, words, strict=True):
        assert word in said


# ── no plan takes anything away ──

_checks = st.lists(st.tuples(st.sampled_from([GATE, "ci", "lint"]), st.sampled_from([0, APP, OTHER])), max_size=4)
_rules = st.lists(
    st.one_of(
        st.builds(lambda found, strict: rule(*found, strict=strict), _checks, st.booleans()),
        st.sampled_from([REVIEW, {"type": "deletion"}, {"type": "non_fast_forward"}, {"type": "invented"}]),
    ),
    max_size=4,
)
_conditions = st.sampled_from(
    [{}, MAIN, {"ref_name": {"include": ["~ALL"], "exclude": []}}, {"ref_name": {"include": ["refs/heads/main"]}}]
)


@st.composite
def _rulesets(draw: st.DrawFn) -> tuple[Ruleset, ...]:
    found = []
    for number in range(draw(st.integers(0, 4))):
        enforcement = draw(st.sampled_from(["active", "disabled", "evaluate"]))
        found.append(
            Ruleset(
                number + 1,
                draw(st.sampled_from([NAME, NAME_BESIDE, "main"])),
                enforcement,
                draw(_conditions),
                tuple(draw(_rules)),
                draw(st.sampled_from([None, (), (ADMIN,)])),
                draw(st.booleans()),
                enforcement == "active" and draw(st.booleans()),
            )
        )
    return tuple(found)


_classics = st.builds(
    Classic,
    checks=st.none() | _checks.map(tuple),
    strict=st.booleans(),
    enforce_admins=st.booleans(),
    reviews=st.sampled_from([None, {"required_approving_review_count": 1}]),
    restrictions=st.sampled_from([None, {"users": [], "teams": [], "apps": []}]),
    switches=st.dictionaries(st.sampled_from([*(each.switch for each in Also), "lock_branch"]), st.booleans()),
)
_seen = st.builds(
    lambda rulesets, classic, shown: seen(rulesets=rulesets, classic=classic if shown else None, shown=shown),
    st.none() | _rulesets(),
    st.none() | _classics,
    st.booleans(),
)


def demanded(at: Seen) -> set[str]:
    """Everything that holds, each named on its own, written apart from what the plan itself compares."""
    found: set[str] = set()
    for each in at.rulesets or ():
        if each.holds:
            found |= {f"{each.id} bypass-free of {each.bypass}", f"{each.id} {each.conditions}"}
            found |= {f"{each.id} strict"} if each.strict else set()
            found |= {f"{each.id} {name}" + ("" if name == GATE else f" {app}") for name, app in each.checks}
            found |= {f"{each.id} {other}" for other in each.rules if other["type"] != CHECKS}
    if (classic := at.classic) is not None:
        found |= {name if name == GATE else f"{name} {app}" for name, app in classic.checks or ()}
        found |= {"strict"} if classic.strict else set()
        found |= {"admins"} if classic.enforce_admins else set()
        found |= {f"reviews {classic.reviews}", f"restrictions {classic.restrictions}"}
        found |= {name for name, on in classic.switches.items() if on and not name.startswith("allow")}
        found |= {f"not {name}" for name, on in classic.switches.items() if not on and name.startswith("allow")}
    return found


@given(_seen, st.none() | st.sampled_from(list(Form)), st.sets(st.sampled_from(list(Also))))
def test_no_plan_takes_a_requirement_away_and_every_plan_holds(at: Seen, form: Form | None, also: set[Also]) -> None:
    try:
        found = plan(at, APP, form, frozenset(also))
    except Refusal:
        return
    then = after(at, found)
    assert demanded(at) <= demanded(then)
    assert lost(at, then) == ()
    assert held(then)
    assert all(has(then, each) for each in also)
    assert plan(then, APP, form, frozenset(also)).changes == ()
    # what holds already may stay with others' pins only where it cannot be changed here
    for each in then.rulesets or ():
        if each.holds and each.own:
            assert {app for name, app in each.checks if name == GATE} <= {APP}


def test_what_is_lost_is_found() -> None:
    full = ruleset(REVIEW, rule(("ci", OTHER), ("lint", 0), strict=True), bypass=(ADMIN,))
    at = seen(full, classic=REVIEWED)
    assert lost(at, at) == ()
    gone = lost(at, seen())
    assert gone == ('ruleset "main": all of it', "protection: all of it")
    less = ruleset(
        {"type": "pull_request", "parameters": {"required_approving_review_count": 1}},
        rule(("ci", 0)),
        bypass=(ADMIN, {**ADMIN, "actor_id": 4}),
        conditions={},
        holds=False,
        enforcement="evaluate",
    )
    weaker = Classic(checks=(("ci", 0),), switches={"allow_force_pushes": True})
    found = " ".join(lost(at, seen(less, classic=weaker)))
    for word in (
        "not hold any more (evaluate)",
        "other branches",
        "more may bypass",
        "up to date",
        "the check ci",
        "the check lint",
        "the rule pull_request",
        "administrators",
        "reviews",
        "who may push",
        "allow_force_pushes",
        "required_linear_history",
    ):
        assert word in found, word
    more = ruleset({"type": "pull_request", "parameters": {**REVIEW["parameters"], "new": 1}}, *full.rules[1:])  # type: ignore[dict-item]  # JSON
    assert lost(seen(full), seen(more)) == ()
