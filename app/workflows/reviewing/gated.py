"""How the gate of one pull request stands now: from the stored record and what people said since. Nothing is run."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from app.model.approval import Given, Weighed
from app.model.decision import Decision, Merge
from app.model.forge import Pull, Review
from app.model.gate import Standing, Stands
from app.model.protection import GATE
from app.orchestrator.approvals import weigh
from app.orchestrator.configured import policy_of
from app.orchestrator.decide import decide
from app.orchestrator.landing import Way, way
from app.orchestrator.people import People, alone, known
from app.orchestrator.protected import Hold, hold
from app.orchestrator.standing import standing
from app.store import grants, records
from app.store.naming import accounts
from app.store.proposed import modifications
from app.store.records import Record
from app.views.gate import Gate, unheld
from app.views.links import details_url
from app.views.oversight import plain
from app.views.oversight.plain import KIND
from app.workflows.proposing.agreed import declined
from app.workflows.reviewing.configured import InForce, in_force
from app.workflows.reviewing.judging import WAITS
from app.workflows.reviewing.people import gather
from app.workflows.reviewing.proposing import proposer_of, pushers
from app.workflows.steps import Tools
from app.workflows.stopping.halted import halted
from checks.configuration.approvals import Mode
from checks.model.errors import Refusal
from checks.model.judged import Judged
from checks.model.safety import Proposer
from checks.model.verdicts import State
from checks.reports.judged import reading
from checks.repository import git, owners
from checks.settings import PLACE

MERGING = ", merging"
"""How the title of the gate ends where it goes in by itself."""


@dataclass(frozen=True, slots=True)
class Gated:
    """`gate` is all that the check run shows; the rest is what else the reports need."""

    gate: Gate
    pull: Pull
    force: InForce
    people: People
    root: Path
    goes: bool = False
    """Whether it is merged by itself now."""

    @property
    def fixable(self) -> bool:
        """Whether some finding of the change can be mended for sure."""
        return any(finding.fixable for stage in self.gate.judged.verdict.stages for finding in stage.findings)


def evaluate(tools: Tools, pull: Pull, record: Record, base_ref: str) -> Gated:
    """Weighs everything anew. Raises Refusal where the configuration cannot be read any more."""
    host = tools.host
    judged = reading.judged(record.document)
    root = host.local(record.base, record.head, record.configuration)
    force = in_force(host, root, record.configuration, base_ref)
    # the record tells of the commit that the change left from, and code owners may have come since
    owned = judged.owned or any(entry.path in owners.PLACES and entry.size for entry in force.tree.files)
    policy = policy_of(replace(judged, owned=owned), force.settings, proposer_of(tools, pull, force.settings))
    halt = halted(tools.store, pull)
    policy = replace(halt.asked(policy), declined=declined(tools, pull))
    first = decide(judged.assessment, judged.verdict, policy)
    # asked where it decides something: never of others' pull requests
    if pull.own and first.merge is Merge.AUTOMATIC and tools.reopened(pull):
        policy = replace(policy, declined=True)
        first = decide(judged.assessment, judged.verdict, policy)
    reviews = host.reviews(pull.number)
    given = _given(tools, pull, record)
    people = gather(host, pull, force, judged, first, reviews, given, root, pushers(tools, pull), _asked(tools, pull))
    people = replace(people, known_as=_known_as(tools, reviews, given, people))
    policy = known(policy, people) if first.approvals else replace(policy, code_owners=policy.code_owners or ())
    decision = decide(judged.assessment, judged.verdict, policy)
    weighed = weigh(decision, people, record.head, reviews, given, alone(policy, decision), halt.since)
    decision = halt.decided(decision, weighed, reviews, given)
    mode = force.settings.mode
    stands = standing(
        judged,
        decision,
        weighed,
        mode,
        untried=untried(judged),
        sibling=_sibling(tools, pull, mode),
        reviewed=KIND in record.document,
    )
    stands = replace(halt.standing(stands), withheld=_withheld(tools, pull))
    landing = _way(tools, pull, decision, stands, mode)
    unheld = _unheld(tools, pull, mode)
    if landing.goes:
        stands = replace(stands, said=stands.said + MERGING)
    elif landing.why and not unheld:
        stands = replace(stands, remedy=landing.why)
    gate = Gate(
        judged=judged,
        decision=decision,
        weighed=weighed,
        standing=stands,
        mode=mode,
        head=record.head,
        configuration=force.shown(),
        record=record.id,
        details=details_url(tools.settings, record.id),
        fork=pull.from_fork,
        unheld=unheld,
        review=plain.reading(record.document[KIND]) if KIND in record.document else None,
    )
    return Gated(gate, pull, force, people, root, landing.goes)


def of_group(tools: Tools, record: Record, base_ref: str) -> Gate:
    """The gate of a merge group: its pull requests had their approvals, so only what is broken counts."""
    judged = reading.judged(record.document)
    root = tools.host.local(record.base, record.head, record.configuration)
    force = in_force(tools.host, root, record.configuration, base_ref)
    decision = replace(
        decide(judged.assessment, judged.verdict, policy_of(judged, force.settings, Proposer.PERSON)), approvals=0
    )
    weighed, mode = Weighed(0), force.settings.mode
    stands = standing(judged, replace(decision, code_owners=0, named=()), weighed, mode)
    return Gate(
        judged, decision, weighed, stands, mode, record.head, force.shown(), record.id,
        details_url(tools.settings, record.id),
    )  # fmt: skip


def untried(judged: Judged) -> str:
    """Whom the tests wait for, in words, empty where they ran or were left out for another reason."""
    stage = judged.verdict.stage("sandbox")
    if stage is None or stage.state is not State.SKIPPED or not stage.reason.startswith(WAITS):
        return ""
    return stage.reason.removeprefix(WAITS)


def _given(tools: Tools, pull: Pull, record: Record) -> tuple[Given, ...]:
    found = grants.approvals(tools.store, pull.repository, pull.number, record.head)
    return tuple(Given(each.login, each.head, each.when) for each in found)


def _known_as(
    tools: Tools, reviews: Sequence[Review], given: Sequence[Given], people: People
) -> dict[str, frozenset[str]]:
    """The logins that who agreed or objected had before: renaming an account makes nobody somebody else."""
    numbers = {each.login: 0 for each in given} | {each.person.login: each.person.id for each in reviews}
    found = {}
    for login, number in numbers.items():
        own = {number} if number else accounts.numbers(tools.store, login)
        asked = {name for account, name in people.asking if account in own}
        found[login.casefold()] = accounts.names(tools.store, login, number) | asked
    return found


def _sibling(tools: Tools, pull: Pull, mode: Mode) -> int:
    """Another open pull request with the same commit whose target is protected: this gate would be its gate too. What
    may not be read counts as protected. Where nothing is held here it is only about targets that hold: else anybody who
    can push a branch with a configuration of its own could let in what waits elsewhere."""
    for other in tools.host.pulls_of(pull.head):
        if other.number != pull.number and other.open:
            required = tools.host.required(other.base_ref)
            if (required.protected or not required.known) and (
                mode is Mode.ENFORCE or _enforces(tools, other.base_ref)
            ):
                return other.number
    return 0


def _withheld(tools: Tools, pull: Pull) -> str:
    """Why success is not said though nothing is held, in words; empty where it is. Where another branch than the target
    holds merges, success here would be the commit's there too: of the default branch, if nothing protects the target
    (whoever can push such a branch chooses its configuration and what lies in it), and of a branch whose merge queue
    has this very commit."""
    host = tools.host
    for queue in host.queues(pull.head):
        if queue != pull.base_ref and _enforces(tools, queue):
            return f"the merge queue of {queue} has the same commit"
    default = host.default_branch()
    if pull.base_ref == default:
        return ""
    required = host.required(pull.base_ref)
    held = required.known and not required.protected and _enforces(tools, default)
    return f"this branch is not protected, {default} is held" if held else ""


def _asked(tools: Tools, pull: Pull) -> tuple[str, ...]:
    """Who asked for a proposal, also where no commit of it says so: GitHub makes reverts by itself."""
    made = modifications.of_pull(tools.store, pull.repository, pull.number)
    return (made.requester,) if made is not None and made.requester else ()


def _way(tools: Tools, pull: Pull, decision: Decision, stands: Standing, mode: Mode) -> Way:
    if decision.merge is not Merge.AUTOMATIC or stands.stands is not Stands.PASSES:
        return Way()  # spares the forge the question
    required = tools.host.required(pull.base_ref)
    gate = (GATE, tools.host.app_id)
    return way(decision, stands, mode, required, gate, pull.base_ref, pull.draft, tools.shared)


def _unheld(tools: Tools, pull: Pull, mode: Mode) -> str:
    """What the gate says where it is to hold merges, and the branch does not require it of this App."""
    if mode is not Mode.ENFORCE:
        return ""
    found = hold(tools.host.required(pull.base_ref), tools.host.app_id)
    if found in (Hold.HELD, Hold.UNKNOWN):
        return ""
    return unheld(pull.repository, pull.base_ref, pull.base_ref == tools.host.default_branch())


def _enforces(tools: Tools, branch: str) -> bool:
    """Whether a branch holds merges; one whose configuration is not valid does."""
    tip = tools.host.branch(branch)
    if tip is None:
        return False
    try:
        force = in_force(tools.host, tools.host.local(tip), tip, branch)
    except Refusal:
        return True
    return force.settings.mode is Mode.ENFORCE


def outdated(tools: Tools, pull: Pull, record: Record, tip: str | None = None) -> bool:
    """Whether a record says nothing about the branch that the pull request goes into now: it is of another branch, or
    the configuration or the code owners are others since. `tip` is that branch's, where it is known already."""
    tip = tip or tools.host.branch(pull.base_ref)
    if tip is None or tip == record.configuration:
        return False
    root = tools.host.local(tip, record.configuration)
    if git.run(root, "merge-base", "--is-ancestor", record.configuration, tip).status != 0:
        return True
    return (
        git.run(root, "diff-tree", "--quiet", "-r", record.configuration, tip, "--", PLACE, *owners.PLACES).status != 0
    )


def record_of(tools: Tools, pull: Pull) -> Record | None:
    """The newest record of this pull request's head, None where it was not judged yet."""
    found = records.of_head(tools.store, pull.repository, pull.head)
    return next((each for each in found if each.number == pull.number), None)
