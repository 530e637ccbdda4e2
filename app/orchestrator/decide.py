"""What the policy permits for one assessed change: a pure function."""

from app.model.decision import Decision, Merge
from app.orchestrator.policy import LEAST, TEAM, Policy
from checks.configuration.approvals import AutoApply, Mode
from checks.model.safety import Assessment, Level, Proposer
from checks.model.verdicts import State, Verdict

_REVIEWED = (Level.HIGH_RISK, Level.CRITICAL)


def decide(assessment: Assessment, verdict: Verdict, policy: Policy) -> Decision:
    """Who must agree, how it gets in, and whether it may at all.

    The level alone sets the least number of approvals; the policy only adds, except for `solo` and
    `require_approval`, which never reach CRITICAL. A change whose validation failed, or that too few people could
    approve, is blocked."""
    level = assessment.level
    solo = _solo(level, policy)
    approvals = _approvals(level, policy, solo)
    owners = 1 if level is Level.HIGH_RISK and policy.code_owners and not solo else 0
    approvers: tuple[str, ...] = ()
    if level is Level.CRITICAL:
        approvers = policy.critical_approvers or TEAM
    elif solo and approvals:
        approvers = (policy.owner,)
    named = () if solo else policy.named
    blocked = _failed(verdict) or _untried(verdict, policy) or _too_few(level, approvals, owners, solo, policy)
    merge, how = _merge(level, approvals, policy)
    if blocked:
        merge, how = Merge.NEVER, blocked
    reasons = [how]
    if solo and approvals:
        reasons.append(f"One-person repository: {policy.owner} approves what was asked for, and that is recorded.")
    if owners and policy.code_owners:
        reasons.append(f"Code owners here: {', '.join(policy.code_owners)}.")
    if level is Level.HIGH_RISK and policy.code_owners is None and not solo:
        reasons.append("Code owners: unknown here. Where there are any, one of the approvals is theirs.")
    return Decision(
        level,
        merge,
        approvals,
        owners,
        approvers,
        review=level in _REVIEWED,
        reasons=tuple(reasons),
        blocked=blocked,
        named=named,
        why=_why(assessment),
    )


def _solo(level: Level, policy: Policy) -> bool:
    """Whether the owner of a one-person repository approves alone what selfmod proposes at the owner's request."""
    asked = policy.proposer is Proposer.SELFMOD and not policy.from_fork and policy.asked_by_owner
    return policy.solo and asked and bool(policy.owner) and level is not Level.CRITICAL


def _approvals(level: Level, policy: Policy, solo: bool) -> int:
    """At least those of the level, and no fewer than what any lower level asks for."""
    asked = [max(LEAST[each], policy.approvals.get(each, 0)) for each in Level if each.rank <= level.rank]
    if not policy.require_approval and level.rank <= Level.MEDIUM_RISK.rank:
        asked = [0]
    count = min(1, max(asked)) if solo else max(asked)
    return max(count, 1) if policy.named and not solo else count


def _failed(verdict: Verdict) -> str:
    """Why validation does not let it in, empty where it does."""
    bad = [each for each in verdict.stages if each.state in (State.FAILED, State.ERROR)]
    if not bad:
        return ""
    stages = ", ".join(f"{each.stage} ({each.reason})" if each.reason else each.stage for each in bad)
    verb = "failed" if any(each.state is State.FAILED for each in bad) else "could not be carried out"
    return f"Validation {verb}: {stages}. Mend it and push again."


def _untried(verdict: Verdict, policy: Policy) -> str:
    """Why a change whose tests did not run is not let in, empty where that is allowed."""
    sandbox = verdict.stage("sandbox")
    if not policy.sandbox_required or (sandbox is not None and sandbox.state is not State.SKIPPED):
        return ""
    why = sandbox.reason if sandbox is not None else "the stage is missing"
    return f"The tests did not run ({why}), and `sandbox.required` asks for them. Let them run and push again."


def _too_few(level: Level, approvals: int, owners: int, solo: bool, policy: Policy) -> str:
    """Why no set of people can agree, with the remedy; empty where one can, or where nobody knows."""
    if solo or not approvals:
        return ""
    critical = level is Level.CRITICAL
    there = policy.eligible_critical if critical else policy.eligible
    if there is not None and there < approvals:
        who = " or ".join(policy.critical_approvers or TEAM) if critical else "people with write access"
        remedy = "Name more people in `approvals.critical`" if critical else "Give more people write access"
        if not critical and policy.proposer is Proposer.SELFMOD:
            remedy += ", or in a one-person repository set `approvals.solo: true`"
        return (
            f"{approvals} approval{'s' if approvals > 1 else ''} of {who} needed, and only {there} could give one "
            f"(not the requester, the author, the committers or a bot). {remedy}."
        )
    if owners and policy.eligible_owners is not None and policy.eligible_owners < owners:
        listed = ", ".join(policy.code_owners or ())
        return f"A code owner ({listed}) must agree, and none could. Name another one in CODEOWNERS."
    return ""


def _merge(level: Level, approvals: int, policy: Policy) -> tuple[Merge, str]:
    """How it gets in once everybody agreed, and why so."""
    if level.rank > Level.MEDIUM_RISK.rank:
        return Merge.BY_PERSON, f"{level.value} is merged by a person."
    if policy.from_fork or policy.proposer is Proposer.FORK:
        return Merge.BY_PERSON, "What comes from a fork is merged by a person."
    if policy.proposer is not Proposer.SELFMOD and not policy.merge_others:
        return Merge.BY_PERSON, "Pull requests of others are merged by a person."
    if policy.declined:
        return Merge.BY_PERSON, "It was closed before, so a person merges it."
    if policy.mode is not Mode.ENFORCE:
        return Merge.BY_PERSON, f"Nothing is merged by itself in {policy.mode.value} mode."
    if level is Level.MEDIUM_RISK:
        if policy.merge_after_approval and approvals and policy.auto_apply_threshold is not AutoApply.NONE:
            return Merge.AUTOMATIC, "Merged by itself once approved, as configured."
        return Merge.BY_PERSON, f"{level.value} is merged by a person."
    if not policy.auto_apply_threshold.allows(level):
        return Merge.BY_PERSON, f"`auto_apply_threshold` is {policy.auto_apply_threshold.value}."
    if approvals:
        return Merge.AUTOMATIC, "Merged by itself once approved."
    return Merge.AUTOMATIC, f"{level.value} is approved and merged by itself, and recorded."


def _why(assessment: Assessment) -> str:
    heaviest = next((each for each in assessment.factors if each.floor is assessment.level), None)
    heaviest = heaviest or next(iter(assessment.factors), None)
    return f"{assessment.level.value}: {heaviest.name}: {heaviest.seen}." if heaviest else f"{assessment.level.value}."
