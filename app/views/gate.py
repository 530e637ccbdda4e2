"""The check run `selfmod/gate`: what holds a merge, why, and who can let it go."""

import shlex
from dataclasses import dataclass

from app.model.approval import Weighed
from app.model.decision import Decision
from app.model.forge import Button, CheckRun, Conclusion
from app.model.gate import Standing, Stands
from app.model.oversight import Oversight
from app.model.protection import GATE
from app.views import decision as decisions
from app.views.bounded import joined, line
from app.views.oversight import shown as oversight
from checks.configuration.approvals import Mode
from checks.model.judged import Judged
from checks.model.safety import Level
from checks.reports.judged.markdown import (
    cell,
    factors,
    failing_of,
    folded,
    rules_of,
    stages_of,
    table,
    tests_of,
)
from checks.reports.safe import for_markdown, for_markdown_code

NAME = GATE
FIX = Button("Fix", "Open a pull request with the sure fixes", "fix")
RERUN = Button("Re-run", "Validate this commit once more", "rerun")
APPROVE = Button("Approve", "Approve this commit", "approve")
ROLLBACK = Button("Rollback", "Open the pull request that undoes it", "rollback")
MOST_SEEN = 50
"""Approvals that are listed."""


@dataclass(frozen=True, slots=True)
class Gate:
    """Everything that the check run shows. `configuration` names where the settings in force come from
    (`main@a81d…`), `record` the stored record, `details` its page (empty: there is none)."""

    judged: Judged
    decision: Decision
    weighed: Weighed
    standing: Standing
    mode: Mode
    head: str
    configuration: str
    record: str
    details: str = ""
    fork: bool = False
    unheld: str = ""
    """Markdown that says that no merge is held by it, empty where one is, or where that is not known."""
    told: tuple[str, ...] = ()
    """Answers to who pressed a button, a sentence each."""
    review: Oversight | None = None
    """The orchestrator's, where there is one."""


def run(gate: Gate, key: str, *, fixable: bool = False) -> CheckRun:
    """The check run as it is to be. `key` identifies the work; `fixable`: the button *Fix* has something to do."""
    return CheckRun(
        name=NAME,
        head=gate.head,
        key=key,
        title=title(gate.judged.assessment.level, gate.standing, gate.mode),
        summary=summary(gate),
        text=text(gate),
        conclusion=conclusion(gate.standing, gate.mode),
        buttons=buttons(gate, fixable),
        url=gate.details,
    )


def conclusion(standing: Standing, mode: Mode) -> Conclusion | None:
    """None while it waits. Only `enforce` holds a merge (`Standing.always` apart); only what is broken is a failure.
    Success belongs to a commit, so it is not said for a branch that nothing protects while another one holds merges:
    the same commit may be opened, reopened or retargeted there a moment later."""
    if not standing.holds(mode) or standing.stands is Stands.PASSES:
        return Conclusion.CANCELLED if standing.withheld else Conclusion.SUCCESS
    acts = (Stands.BLOCKED, Stands.STOPPED)
    return (
        Conclusion.FAILURE
        if standing.stands is Stands.FAILS
        else Conclusion.ACTION_REQUIRED
        if standing.stands in acts
        else None
    )


def title(level: Level, standing: Standing, mode: Mode) -> str:
    """What GitHub shows in one line: `MEDIUM_RISK · waiting for 1 of 1 approval: anybody with write access`."""
    if standing.stands is Stands.STOPPED:
        return line(standing.said)
    held = standing.holds(mode)
    said = {
        Stands.PASSES: standing.said,
        Stands.WAITS: f"{'waiting' if held else 'would wait'} for {standing.said}",
        Stands.BLOCKED: f"{'blocked' if held else 'would be blocked'}: {standing.said}",
        Stands.FAILS: f"{'failed' if held else 'would fail'}: {standing.said}",
    }[standing.stands]
    if standing.withheld and conclusion(standing, mode) is Conclusion.CANCELLED:
        said += f" · for information: {standing.withheld}"
    return line(f"{level.value} · {said}")


def buttons(gate: Gate, fixable: bool) -> tuple[Button, ...]:
    """At most three, as the state allows. Nothing is fixed or approved where nothing but reports is written."""
    found = [RERUN]
    if gate.standing.stands is Stands.STOPPED:
        return tuple(found)
    if fixable and gate.mode is not Mode.OBSERVE and not gate.fork:
        found.insert(0, FIX)
    if gate.mode is Mode.ENFORCE and gate.weighed.missing and gate.standing.stands is not Stands.FAILS:
        found.append(APPROVE)
    return tuple(found)


def summary(gate: Gate) -> str:
    """Why this level, what would lower it, who may approve, who did and what of it counts; first what is broken."""
    return joined(
        (
            *map(for_markdown, gate.told),
            *((f"{for_markdown(gate.standing.remedy)}",) if gate.standing.remedy else ()),
            gate.unheld,
            *(failing_of(gate.judged) if gate.standing.stands is Stands.FAILS else ()),
            *factors(gate.judged.assessment),
            oversight.markdown(gate.review) if gate.review else "",
            *_who(gate),
            _seen(gate.weighed),
            _mode(gate.mode),
            f"[All of it]({gate.details})" if gate.details else "",
        ),
        "`selfmod validate` shows all of it.",
    )


def text(gate: Gate) -> str:
    """The folded evidence: rules, stages, tests, the decision, where the configuration comes from, the record."""
    tests = gate.judged.verdict.tests
    facts = [f"configuration: {for_markdown(gate.configuration)}", f"record: `{gate.record}`"]
    return joined(
        (
            *rules_of(gate.judged),
            folded("Stages", stages_of(gate.judged)),
            folded("Tests", "\n\n".join(tests_of(tests))) if tests else "",
            folded("Decision", decisions.markdown(gate.decision)),
            folded("Origin", "\n".join(f"- {each}" for each in facts)),
        ),
        f"The record has it: `{gate.record}`",
    )


@dataclass(frozen=True, slots=True)
class Merged:
    """A merged pull request of selfmod's own. `key` is that of the check run, `commit` what brought it, `modification`
    its identifier; `passed` whether the gate had said success, `judged` None where the record is gone; `undone`: it was
    taken back. `told` are answers to who pressed the button."""

    key: str
    head: str
    commit: str
    modification: str
    passed: bool
    judged: Judged | None = None
    details: str = ""
    undone: bool = False
    told: tuple[str, ...] = ()


def merged(found: Merged) -> CheckRun:
    """The check run once it is merged: how it is undone, and why it had its level."""
    level = f"{found.judged.assessment.level.value} · " if found.judged else ""
    undo = (
        f"Merged as `{found.commit[:10]}`. To take it back press Rollback, or comment `{undoing(found.modification)}`."
    )
    summary = joined(
        (
            *map(for_markdown, found.told),
            "It was merged, and taken back since." if found.undone else undo,
            *(factors(found.judged.assessment) if found.judged else ()),
            f"[All of it]({found.details})" if found.details else "",
        ),
    )
    return CheckRun(
        name=NAME,
        head=found.head,
        key=found.key,
        title=line(f"{level}merged{' and taken back' if found.undone else ''}"),
        summary=summary,
        conclusion=Conclusion.SUCCESS if found.passed else Conclusion.CANCELLED,
        buttons=() if found.undone else (ROLLBACK,),
        url=found.details,
    )


def undoing(modification: str) -> str:
    """The command that takes it back, as it is pasted into a comment."""
    return f"/selfmod rollback {modification}"


def _who(gate: Gate) -> list[str]:
    decision, weighed = gate.decision, gate.weighed
    if not decision.approvals:
        return ["**Who may approve** nobody has to."]
    whom = " or ".join(decision.approvers) or "anybody with write access"
    excluded = ", ".join(f"@{login} ({why})" for login, why in weighed.excluded)
    said = [f"**Who may approve** {for_markdown(whom + (f', except {excluded}' if excluded else ''))}."]
    if decision.named:
        said.append(for_markdown(f"Among them must be {' and '.join(decision.named)}."))
    if decision.code_owners:
        said.append("One of them must be a code owner.")
    said.append(f"An approval counts for `{gate.head[:10]}` only.")
    return [" ".join(said), *(for_markdown(each) for each in weighed.faults if each not in gate.standing.remedy)]


def _seen(weighed: Weighed) -> str:
    if not weighed.seen:
        return ""
    rows = [
        [
            cell(f"@{each.login}"),
            each.how,
            f"`{each.commit[:10]}`" if each.commit.isalnum() else "",
            _counts(each.counts),
            cell(each.why),
        ]
        for each in weighed.seen[:MOST_SEEN]
    ]
    left = len(weighed.seen) - len(rows)
    return table(["who", "how", "commit", "counts", "why"], rows) + (f"\n\nand {left} more" if left else "")


def _counts(counts: bool) -> str:
    return "yes" if counts else "no"


def _mode(mode: Mode) -> str:
    if mode is Mode.ENFORCE:
        return ""
    return f"The mode is `{mode.value}`: nothing is held. With `mode: enforce` this gate holds merges."


def command(repository: str, branch: str = "") -> str:
    """What a person runs; `branch` is empty for the default one. A name is quoted as a shell wants it."""
    return shlex.join(["selfmod", "protect", "--repo", repository, *(["--branch", branch] if branch else [])])


def unheld(repository: str, branch: str, default: bool) -> str:
    """Markdown for the gate of a branch that does not require it."""
    said = f"Nothing holds a merge here: {for_markdown(branch)} does not require {GATE} of this App."
    return f"{said} {for_markdown_code(command(repository, '' if default else branch))} writes it."
