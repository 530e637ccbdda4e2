"""How a proposal stands, for a terminal and for programs."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from app.cli.deciding.here import Here
from checks.model.errors import Refusal
from checks.reports.safe import for_terminal

if TYPE_CHECKING:
    from app.model.forge import Pull
    from app.model.modification import Modification, Status
    from app.model.stop import Stop
    from app.workflows.reviewing.gated import Gated

ALONE = (
    "Here the person at the keyboard is alone: push the branch and open a pull request where others can agree, or "
    "merge it with git yourself."
)


@dataclass(frozen=True, slots=True)
class Row:
    """A proposal as it stands now: `gated` None where its head is not judged, or `why` its gate cannot be weighed.
    `behind`: its branch went on since it was judged."""

    made: "Modification"
    pull: "Pull"
    gated: "Gated | None"
    why: str = ""
    behind: bool = False

    @property
    def status(self) -> "Status":
        """Where it stands: what may be applied is approved, whether or not somebody had to agree."""
        from app.model.gate import Stands
        from app.model.modification import Status

        if not self.pull.open:
            return self.made.status
        passes = self.gated is not None and self.gated.gate.standing.stands is Stands.PASSES
        return Status.APPROVED if passes else Status.PENDING_APPROVAL

    @property
    def said(self) -> str:
        """In words."""
        if not self.pull.open:
            return self.made.reason
        if self.gated is None:
            return self.why or "its head is not judged yet"
        from app.model.gate import Stands

        stands = self.gated.gate.standing
        prefix = "waits for " if stands.stands is Stands.WAITS else ""
        return f"{prefix}{stands.said}"

    @property
    def following(self) -> str:
        """The command that comes next, empty where there is none."""
        from app.model.gate import Stands
        from app.model.modification import Status

        name = self.made.id
        if not self.pull.open:
            return f"selfmod rollback {name}" if self.made.status is Status.APPLIED else ""
        if self.gated is None or self.gated.gate.standing.stands is Stands.WAITS:
            return f"selfmod approve {name}"
        if self.gated.gate.standing.stands is Stands.PASSES:
            return f"selfmod apply {name}"
        if self.gated.gate.standing.said.startswith("stopped by "):
            return "selfmod resume --local --why TEXT"
        return f"selfmod reject {name} -m WHY"


def row(local: Here, made: "Modification", pull: "Pull") -> Row:
    """One of them. Nothing is run."""
    why, gated = "", None
    if pull.open:
        try:
            gated = local.standing(pull)
        except Refusal as refusal:
            why = str(refusal)
    behind = gated is not None and local.host.branch(pull.base_ref) != gated.gate.judged.base
    return Row(made, pull, gated, why, behind)


def rows(local: Here, numbers: Iterable[int]) -> list[Row]:
    """Those of some numbers, in their order."""
    from app.local.host import REPOSITORY
    from app.store.proposed import modifications

    found = [modifications.of_pull(local.store, REPOSITORY, number) for number in numbers]
    return [row(local, *local.seen(made)) for made in found if made is not None]


def lines(each: Row) -> list[str]:
    """Two lines, and one more for what comes next."""
    level = each.gated.gate.judged.assessment.level.value if each.gated else "not judged" if each.pull.open else ""
    made = each.made
    told = [
        f"  {made.id}  {each.status.value:16}  {level:11}  {for_terminal(made.title)}",
        f"    {for_terminal(made.branch)} into {for_terminal(made.base_ref)}"
        + (f"   {for_terminal(each.said)}" if each.said else ""),
    ]
    if each.behind:
        told.append(f"    {for_terminal(made.base_ref)} went on since: the merge is tried before it is made")
    if each.following:
        told.append(f"    next: {each.following}")
    return told


def details(each: Row) -> list[str]:
    """All that is to be said of one."""
    from app.model.gate import Stands
    from app.views import decision as decisions
    from app.views.oversight import shown as oversight

    told = lines(each)
    if each.gated is None:
        return told
    gate = each.gated.gate
    told += [f"  {stage.state.value:8} {stage.stage:10} {for_terminal(stage.reason)}".rstrip() for stage in
             gate.judged.verdict.stages]  # fmt: skip
    told += [
        f"     {f'{factor.weight:+d}'}  {for_terminal(factor.name)}  {for_terminal(factor.seen)}"
        for factor in gate.judged.assessment.factors
        if factor.weight or factor.floor
    ]
    told.append(f" needs {for_terminal(decisions.needs(gate.decision))}")
    told += [f"  {for_terminal(reason)}" for reason in gate.decision.reasons[1:]]  # the first: how a forge merges it
    told += oversight.lines(gate.review) if gate.review else []
    told += [
        f"  {_word(seen.login)} agreed" + ("" if seen.counts else f", and does not count: {for_terminal(seen.why)}")
        for seen in gate.weighed.seen
    ]
    told += [
        f"  {_word(login)} does not count: {for_terminal(why)}"
        for login, why in gate.weighed.excluded
        if gate.weighed.missing and login != each.pull.author.login
    ]
    if gate.standing.stands is Stands.BLOCKED:
        told.append(f"  {ALONE}")
    told.append(f"  files: {', '.join(for_terminal(path) for path in gate.judged.files)}")
    told.append(f"  the change: git diff {each.pull.base_sha[:10]}...{each.pull.head[:10]}")
    return told


def _word(login: str) -> str:
    return f"@{for_terminal(login)}"


def document(each: Row) -> dict[str, Any]:
    """As plain values; times are seconds since the epoch. `level`, `decision` and `approved_by` are null or empty where
    the head is not judged."""
    from app.views import decision as decisions

    made, gate = each.made, each.gated.gate if each.gated else None
    return {
        "modification_id": made.id,
        "status": each.status.value,
        "sort": made.sort.value,
        "title": made.title,
        "branch": made.branch,
        "into": made.base_ref,
        "number": made.number,
        "base": made.base,
        "head": each.pull.head,
        "merged": made.merged,
        "requester": made.requester,
        "created": made.created,
        "changed": made.changed,
        "reason": made.reason,
        "level": gate.judged.assessment.level.value if gate else None,
        "stands": gate.standing.stands.value if gate else None,
        "said": each.said,
        "behind": each.behind,
        "decision": decisions.document(gate.decision) if gate else None,
        "approved_by": list(gate.weighed.counted) if gate else [],
        "files": list(gate.judged.files) if gate else [],
        "can_apply": each.following.startswith("selfmod apply"),
        "next": each.following,
    }


def stops(found: Sequence["Stop"]) -> list[str]:
    """What is stopped, a line each."""
    from app.cli.stopping import reach

    return [f"  {reach.line(each)}" for each in found]
