from dataclasses import replace
from itertools import product
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.model.decision import Decision, Merge
from app.orchestrator.decide import decide
from app.orchestrator.policy import LEAST, TEAM, Policy
from checks.configuration.approvals import AutoApply, Mode
from checks.model.safety import Assessment, Factor, Level, Proposer
from checks.model.verdicts import StageResult, State, Verdict

SAFE, LOW, MEDIUM, HIGH, CRITICAL = Level
GOOD = Verdict((StageResult("syntax", State.PASSED), StageResult("sandbox", State.PASSED)))
BAD = Verdict((StageResult("syntax", State.PASSED), StageResult("sandbox", State.FAILED, "2 tests fail")))
OWN = Policy(proposer=Proposer.SELFMOD, mode=Mode.ENFORCE, code_owners=())


def decided(level: Level, policy: Policy = OWN, verdict: Verdict = GOOD) -> Decision:
    return decide(Assessment(level, 1, (Factor("size", "3 lines", 1),)), verdict, policy)


@pytest.mark.parametrize(
    ("level", "approvals", "owners", "approvers", "review", "merge"),
    [
        (SAFE, 0, 0, (), False, Merge.AUTOMATIC),
        (LOW, 0, 0, (), False, Merge.AUTOMATIC),
        (MEDIUM, 1, 0, (), False, Merge.BY_PERSON),
        (HIGH, 2, 1, (), True, Merge.BY_PERSON),
        (CRITICAL, 2, 0, TEAM, True, Merge.BY_PERSON),
    ],
)
def test_the_table(
    level: Level, approvals: int, owners: int, approvers: tuple[str, ...], review: bool, merge: Merge
) -> None:
    found = decided(level, replace(OWN, code_owners=("@ann",)))
    assert (found.approvals, found.code_owners, found.approvers) == (approvals, owners, approvers)
    assert (found.review, found.merge, found.blocked) == (review, merge, "")


OTHERS = [Proposer.PERSON, Proposer.DEPENDENCY_BOT, Proposer.FORK]


@pytest.mark.parametrize("level", Level)
@pytest.mark.parametrize("proposer", Proposer)
def test_every_level_proposer_and_setting(level: Level, proposer: Proposer) -> None:
    yes_no = (False, True)
    for fork, mode, threshold, after, others in product(yes_no, Mode, AutoApply, yes_no, yes_no):
        policy = Policy(
            proposer, fork, mode, threshold, merge_after_approval=after, merge_others=others, code_owners=()
        )
        found = decided(level, policy)
        ours = proposer is Proposer.SELFMOD or (others and proposer is not Proposer.FORK)
        reached = {
            SAFE: threshold in (AutoApply.SAFE, AutoApply.LOW_RISK),
            LOW: threshold is AutoApply.LOW_RISK,
            MEDIUM: after and threshold is not AutoApply.NONE,
            HIGH: False,
            CRITICAL: False,
        }[level]
        automatic = ours and not fork and mode is Mode.ENFORCE and reached
        assert found.merge is (Merge.AUTOMATIC if automatic else Merge.BY_PERSON), policy
        assert found.approvals == LEAST[level]
        assert not found.blocked
        declined = decided(level, replace(policy, declined=True))
        assert (declined.merge, declined.approvals) == (Merge.BY_PERSON, LEAST[level])


@pytest.mark.parametrize("level", Level)
@pytest.mark.parametrize("proposer", Proposer)
@pytest.mark.parametrize("state", [State.FAILED, State.ERROR])
def test_failed_validation_blocks_everything(level: Level, proposer: Proposer, state: State) -> None:
    verdict = Verdict((StageResult("sandbox", state, "2 tests fail"),))
    found = decided(level, replace(OWN, proposer=proposer), verdict)
    assert found.merge is Merge.NEVER
    assert "sandbox (2 tests fail)" in found.blocked
    assert found.reasons[0] == found.blocked


def test_a_skipped_stage_does_not_block() -> None:
    assert not decided(MEDIUM, verdict=Verdict((StageResult("sandbox", State.SKIPPED, "no tests"),))).blocked


@pytest.mark.parametrize(
    ("level", "changes", "words"),
    [
        (MEDIUM, {"eligible": 1}, ""),
        (MEDIUM, {"eligible": None}, ""),
        (MEDIUM, {"eligible": 0}, "approvals.solo"),
        (HIGH, {"eligible": 1}, "only 1 could give one"),
        (HIGH, {"eligible": 2}, ""),
        (HIGH, {"eligible": 9, "code_owners": ("@ann",), "eligible_owners": 0}, "CODEOWNERS"),
        (HIGH, {"eligible": 9, "code_owners": ("@ann",), "eligible_owners": 1}, ""),
        (HIGH, {"eligible": 9, "code_owners": (), "eligible_owners": 0}, ""),
        (CRITICAL, {"eligible": 9, "eligible_critical": 1}, "approvals.critical"),
        (CRITICAL, {"eligible": 0, "eligible_critical": 2}, ""),
        (CRITICAL, {"eligible_critical": 1, "critical_approvers": ("@acme/sec",)}, "of @acme/sec needed"),
        (SAFE, {"eligible": 0}, ""),
        (LOW, {"eligible": 0}, ""),
        (LOW, {"eligible": 0, "named": ("@ann",)}, "only 0 could give one"),
        (MEDIUM, {"eligible": 0, "require_approval": False}, ""),
        (HIGH, {"eligible": 1, "require_approval": False}, "only 1 could give one"),
    ],
)
def test_too_few_people_block_with_the_remedy(level: Level, changes: dict[str, Any], words: str) -> None:
    found = decided(level, replace(OWN, **changes))
    assert words in found.blocked
    assert bool(found.blocked) is bool(words)
    assert (found.merge is Merge.NEVER) is bool(words)


SOLO = replace(OWN, solo=True, owner="@ann", asked_by_owner=True, eligible=0, eligible_critical=0)


@pytest.mark.parametrize(
    ("level", "approvals", "approvers", "blocked"),
    [
        (SAFE, 0, (), False),
        (LOW, 0, (), False),
        (MEDIUM, 1, ("@ann",), False),
        (HIGH, 1, ("@ann",), False),
        (CRITICAL, 2, TEAM, True),
    ],
)
def test_the_only_person_approves_alone_but_nothing_critical(
    level: Level, approvals: int, approvers: tuple[str, ...], blocked: bool
) -> None:
    found = decided(level, SOLO)
    assert (found.approvals, found.approvers, bool(found.blocked)) == (approvals, approvers, blocked)


@pytest.mark.parametrize(
    "changes",
    [
        {"solo": False},
        {"owner": ""},
        {"asked_by_owner": False},
        {"from_fork": True},
        *({"proposer": each} for each in OTHERS),
    ],
)
def test_solo_is_for_what_selfmod_proposes_at_the_owners_request(changes: dict[str, Any]) -> None:
    found = decided(HIGH, replace(SOLO, **changes))
    assert found.approvals == 2
    assert found.blocked


def test_more_approvals_may_be_asked_for_and_never_fewer() -> None:
    assert decided(MEDIUM, replace(OWN, approvals={MEDIUM: 3})).approvals == 3
    assert decided(HIGH, replace(OWN, approvals={MEDIUM: 3})).approvals == 3
    assert decided(CRITICAL, replace(OWN, approvals={CRITICAL: 0})).approvals == 2
    assert decided(SAFE, replace(OWN, approvals={SAFE: 1})).approvals == 1


def test_no_required_approval_frees_medium_at_most_and_merges_nothing_by_itself() -> None:
    free = replace(OWN, require_approval=False, merge_after_approval=True)
    assert (decided(MEDIUM, free).approvals, decided(MEDIUM, free).merge) == (0, Merge.BY_PERSON)
    assert decided(HIGH, free).approvals == 2
    assert decided(CRITICAL, free).approvals == 2


def test_who_the_policy_names_must_be_among_them() -> None:
    found = decided(LOW, replace(OWN, named=("@acme/db",)))
    assert (found.approvals, found.named, found.merge) == (1, ("@acme/db",), Merge.AUTOMATIC)
    assert found.reasons[0] == "Merged by itself once approved."
    critical = decided(CRITICAL, replace(OWN, named=("@acme/db",), critical_approvers=("@acme/sec",)))
    assert (critical.approvers, critical.named) == (("@acme/sec",), ("@acme/db",))


def test_unknown_code_owners_are_said_to_be() -> None:
    assert any("unknown here" in each for each in decided(HIGH, replace(OWN, code_owners=None)).reasons)
    assert not any("unknown here" in each for each in decided(HIGH).reasons)


def test_reasons_say_what_no_other_field_does() -> None:
    found = decided(HIGH, replace(OWN, code_owners=("@ann",)))
    assert found.why == "HIGH_RISK: size: 3 lines."
    assert found.reasons == ("HIGH_RISK is merged by a person.", "Code owners here: @ann.")


PEOPLE = st.one_of(st.none(), st.integers(0, 4))
POLICIES = st.builds(
    Policy,
    st.sampled_from(Proposer),
    st.booleans(),
    st.sampled_from(Mode),
    st.sampled_from(AutoApply),
    st.dictionaries(st.sampled_from(Level), st.integers(-1, 5)),
    st.booleans(),
    st.sampled_from([(), TEAM, ("@acme/sec",)]),
    st.sampled_from([None, (), ("@ann",)]),
    st.sampled_from([(), ("@acme/db",)]),
    PEOPLE,
    PEOPLE,
    PEOPLE,
    st.booleans(),
    st.sampled_from(["", "@ann"]),
    st.booleans(),
    st.booleans(),
    st.booleans(),
)


@given(st.sampled_from(Level), POLICIES, st.sampled_from([GOOD, BAD]))
def test_nothing_above_low_risk_is_merged_without_approval(level: Level, policy: Policy, verdict: Verdict) -> None:
    found = decided(level, policy, verdict)
    if found.merge is Merge.AUTOMATIC:
        assert level.rank <= MEDIUM.rank
        assert level is not MEDIUM or found.approvals >= 1
        assert verdict is GOOD
        assert not policy.from_fork
        assert policy.proposer is not Proposer.FORK
        assert policy.mode is Mode.ENFORCE
        assert policy.auto_apply_threshold is not AutoApply.NONE
    assert (found.merge is Merge.NEVER) is bool(found.blocked)


@given(st.sampled_from(Level), POLICIES)
def test_approvals_are_never_fewer_than_the_levels(level: Level, policy: Policy) -> None:
    found = decided(level, policy)
    if policy.solo and level is not CRITICAL:
        assert found.approvals >= min(1, LEAST[level]) or not policy.require_approval
    elif policy.require_approval or level.rank > MEDIUM.rank:
        assert found.approvals >= LEAST[level]
    if level is CRITICAL:
        assert found.approvals >= 2
        assert found.approvers
    assert found.review is (level.rank >= HIGH.rank)


@given(POLICIES)
def test_a_higher_level_never_asks_for_fewer_approvals(policy: Policy) -> None:
    counts = [decided(level, policy).approvals for level in Level]
    assert counts == sorted(counts)


@given(POLICIES)
def test_a_higher_level_is_never_merged_more_freely(policy: Policy) -> None:
    free = [decided(level, policy) for level in (SAFE, LOW)]
    assert not (free[0].merge is Merge.BY_PERSON and free[1].merge is Merge.AUTOMATIC)
    assert all(decided(level, policy).merge is not Merge.AUTOMATIC for level in (HIGH, CRITICAL))
