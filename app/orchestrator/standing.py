"""How the gate stands, from everything that is known: pure, and in one place for reviews, approvals and groups."""

from app.model.approval import Weighed
from app.model.decision import Decision
from app.model.gate import Standing, Stands
from checks.configuration.approvals import Mode
from checks.model.judged import Judged
from checks.model.verdicts import StageResult, State


def standing(
    judged: Judged,
    decision: Decision,
    weighed: Weighed,
    mode: Mode,
    *,
    untried: str = "",
    sibling: int = 0,
    reviewed: bool = True,
) -> Standing:
    """`untried` is whom the tests wait for, in words, empty where they do not; `sibling` the number of another open
    pull request with the same commit that would get in by this gate, 0 for none; `reviewed` whether the orchestrator's
    review was made, where the decision asks for one.

    What is broken comes first, then what nobody can approve yet, then people. Where nothing is held a sibling comes
    before all: what is broken would pass too."""
    if sibling and mode is not Mode.ENFORCE:
        return _shared(sibling, always=True)
    bad = [each for each in judged.verdict.stages if each.state in (State.FAILED, State.ERROR)]
    if bad:
        return Standing(Stands.FAILS, _broken(bad), "Mend it and push again.")
    if untried:
        return Standing(Stands.WAITS, untried, "The tests of a fork run once somebody with write access says so.")
    if decision.blocked:
        # tests that did not run although they are required are a fault of the change's surroundings, not of people
        untested = "`sandbox.required`" in decision.blocked
        return Standing(Stands.FAILS if untested else Stands.BLOCKED, _within(decision.blocked))
    if sibling:
        return _shared(sibling)
    if decision.review and not reviewed:
        return Standing(Stands.WAITS, "the orchestrator's review", "It is made with the next look: press Re-run.")
    if weighed.blocking:
        who = " and ".join(f"@{each}" for each in weighed.blocking)
        return Standing(
            Stands.WAITS, f"{who}, who asked for changes", "The review is dismissed, or becomes an approval."
        )
    if weighed.missing:
        return Standing(Stands.WAITS, _waiting(weighed, mode), " ".join(weighed.faults))
    if weighed.counted and weighed.needed:
        return Standing(Stands.PASSES, f"approved by {' and '.join(f'@{each}' for each in weighed.counted)}")
    return Standing(Stands.PASSES, "no approval needed")


def _shared(sibling: int, *, always: bool = False) -> Standing:
    return Standing(
        Stands.WAITS,
        f"#{sibling} to be closed: it has the same commit",
        f"A check run belongs to a commit: passing here would let #{sibling} in as well. Close one of them, or push a "
        "commit to one.",
        always,
    )


def _waiting(weighed: Weighed, mode: Mode) -> str:
    """`1 of 2 approvals: @acme/security`; where nothing is held, the number that would be missing."""
    total = max(weighed.needed, weighed.missing)
    if mode is Mode.ENFORCE:
        return f"{weighed.missing} of {total} {_approvals(total)}: {weighed.whom}"
    return f"{weighed.missing} {_approvals(weighed.missing)}: {weighed.whom}"


def _approvals(count: int) -> str:
    return "approval" if count == 1 else "approvals"


def _broken(bad: list[StageResult]) -> str:
    first = bad[0]
    failed = next((each for each in bad if each.state is State.FAILED), None)
    first = failed or first
    said = first.reason or f"stage {first.stage}"
    said = said if first.state is State.FAILED else f"{first.stage} could not be carried out: {said}"
    more = len(bad) - 1
    return said + (f" (and {more} more stage{'s' if more > 1 else ''})" if more else "")


def _within(sentence: str) -> str:
    """A sentence as the end of another: only its first letter changes."""
    return sentence[:1].lower() + sentence[1:]
