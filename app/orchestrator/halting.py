"""What an emergency stop does to the judgement of one pull request, while it holds and once it is lifted: pure."""

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace

from app.model.approval import Given, Weighed
from app.model.decision import Decision, Merge
from app.model.forge import Pull, Review
from app.model.gate import Standing, Stands
from app.model.stop import Stop
from app.orchestrator.approvals import moment
from app.orchestrator.policy import Policy
from checks.model.safety import Level

BEFORE = "It was decided before the stop that ended since: what was agreed before that does not count."


@dataclass(frozen=True, slots=True)
class Halt:
    """`stop` holds for the pull request now, None where none does; `lifted` is when one was lifted last (seconds since
    the epoch, 0: never), and `early` tells that the pull request was opened before that. `own`: selfmod's own are held
    by their gate. Others' are judged as ever and never held: only selfmod does not merge them."""

    own: bool = False
    stop: Stop | None = None
    lifted: float = 0.0
    early: bool = False

    @property
    def since(self) -> float:
        """From when on approvals of it count (seconds since the epoch, 0: whenever): none that is given meanwhile."""
        if not self.own:
            return 0.0
        return math.inf if self.stop else self.lifted

    def asked(self, policy: Policy) -> Policy:
        """At least one approval, of what would need none."""
        if not (self.own and self.early):
            return policy
        return replace(
            policy,
            require_approval=True,
            approvals={level: max(1, policy.approvals.get(level, 0)) for level in Level},
        )

    def decided(
        self, decision: Decision, weighed: Weighed, reviews: Sequence[Review], given: Sequence[Given]
    ) -> Decision:
        """The decision with what the stop leaves of it: selfmod merges nothing meanwhile, and afterwards nothing of
        before that nobody has agreed to since."""
        if self.stop is not None:
            why = f"Nothing is merged by itself: {self.stop.said}."
        elif self.own and self.early:
            return replace(decision, reasons=(*decision.reasons, BEFORE))
        elif self.early and not _agreed(weighed, reviews, given, self.lifted):
            why = f"{BEFORE} A person merges it, or approves it once more."
        else:
            return decision
        if decision.merge is not Merge.AUTOMATIC:
            return decision
        return replace(decision, merge=Merge.BY_PERSON, reasons=(why, *decision.reasons[1:]))

    def standing(self, stands: Standing) -> Standing:
        """How the gate stands. A stop comes before all else and holds in every mode, for it is about whose it is."""
        if not self.own:
            return stands
        if self.stop is not None:
            return Standing(Stands.STOPPED, self.stop.said, self.stop.remedy, always=True)
        if self.early and stands.stands is Stands.WAITS:
            return replace(stands, remedy=f"{BEFORE} {stands.remedy}".strip())
        return stands


def halt(pull: Pull, stop: Stop | None, lifted: float, *, revert: bool) -> Halt:
    """`revert`: it is one that selfmod made to take something back, as it made it: no stop is for such."""
    if revert:
        return Halt()
    opened = moment(pull.created)
    return Halt(pull.own, stop, lifted, early=bool(lifted) and opened <= lifted)


def _agreed(weighed: Weighed, reviews: Sequence[Review], given: Sequence[Given], since: float) -> bool:
    """Whether one of those whose approval counts gave it after that."""
    fresh = [each.person.login for each in reviews if moment(each.submitted) > since]
    fresh += [each.login for each in given if each.when > since]
    return not {each.casefold() for each in fresh}.isdisjoint(each.casefold() for each in weighed.counted)
