"""The body of a pull request with fixes: what was wrong, what changes, the evidence, the level, and how to undo it."""

from collections.abc import Sequence
from dataclasses import dataclass
from urllib.parse import quote

from app.views.bounded import joined
from checks.debugging.rules import BY_NAME
from checks.fix import Change
from checks.model.findings import Finding
from checks.model.judged import Judged
from checks.model.verdicts import State, Tests
from checks.reports.judged.markdown import cell, factors, folded, stages_of, table
from checks.reports.judged.text import counts
from checks.reports.safe import for_markdown, for_markdown_code
from checks.reports.text import counted

SHOWN = 2
"""Findings that are told at once; the others are folded."""
ROWS = 100


@dataclass(frozen=True, slots=True)
class Proposal:
    """`id` is the modification's, `number` the pull request whose findings are mended (0: a branch's), `requester` who
    asked (empty: the schedule), `needs` who must agree in words. `tree` is the address that the paths of the base lie
    under, empty for none."""

    id: str
    change: Change
    judged: Judged
    needs: str
    requester: str = ""
    number: int = 0
    tree: str = ""


def body(proposal: Proposal) -> str:
    """The Markdown."""
    fixed, judged = proposal.change.fixed, proposal.judged
    return joined(
        (
            "\n".join(f"- {_place(each, proposal.tree)}: {cell(each.message)}" for each in fixed[:SHOWN]),
            f"Changes {counted(len(judged.files), 'file')}, +{judged.added} −{judged.removed} lines: mends "
            f"{counted(len(fixed), 'finding')}{_of(proposal)}. {_asked(proposal)}",
            table(["evidence", "seen"], _evidence(judged)),
            _level(proposal),
            f"Undo: `/selfmod rollback {proposal.id}` once it is merged, or close it: it is not proposed again.",
            _listed(fixed, proposal.tree),
            *(_reason(rule) for rule in sorted({each.rule for each in fixed})[:5]),
            folded("Why this level", "\n\n".join(factors(judged.assessment))),
            folded("Stages", stages_of(judged)),
        )
    )


def _of(proposal: Proposal) -> str:
    return f" of #{proposal.number}, in that pull request's own branch" if proposal.number else ""


def _asked(proposal: Proposal) -> str:
    who = proposal.requester
    return f"Asked for by {for_markdown(f'@{who}')}." if who else "Proposed by the repository's schedule."


def _place(finding: Finding, tree: str) -> str:
    """The line, linked."""
    shown = for_markdown_code(f"{finding.file}:{finding.line}")
    if not tree:
        return shown
    path = quote(finding.file.encode("utf-8", "surrogateescape"))
    return f"[{shown}]({tree}/{path}#L{finding.line})"


def _evidence(judged: Judged) -> list[list[str]]:
    rows = [["detectors", "silent afterwards"]]
    tests = judged.verdict.tests
    if tests is not None:
        rows += [["tests before", counts(tests.base)]] if tests.base else []
        rows += [["tests after", counts(tests.head)], ["changed lines that tests run", covered(tests)]]
    stage = judged.verdict.stage("sandbox")
    if tests is None and stage is not None and stage.state is State.SKIPPED:
        rows.append(["tests", cell(f"did not run: {stage.reason}")])
    return rows


def covered(tests: Tests) -> str:
    """`4 of 5 (80 %)`, or that it is not known."""
    ran = sum(len(each.covered) for each in tests.coverage)
    lines = ran + sum(len(each.uncovered) for each in tests.coverage)
    return f"{ran} of {lines} ({ran * 100 // lines} %)" if lines else "no line that can run"


def _level(proposal: Proposal) -> str:
    assessment = proposal.judged.assessment
    needs = f"Needs: {for_markdown(proposal.needs)}." if proposal.needs != "none" else "No approval is needed."
    lower = f" {for_markdown(assessment.lower)}" if assessment.lower else ""
    return f"Level **{assessment.level.value}**. {needs}{lower}"


def _listed(fixed: Sequence[Finding], tree: str) -> str:
    if len(fixed) <= SHOWN:
        return ""
    rows = [[_place(each, tree), for_markdown_code(each.rule), cell(each.message)] for each in fixed[:ROWS]]
    left = f"\n\nand {len(fixed) - ROWS} more" if len(fixed) > ROWS else ""
    return folded(f"All {len(fixed)} findings", table(["place", "rule", "what was wrong"], rows) + left)


def _reason(rule: str) -> str:
    """The rule's own words on why."""
    known = BY_NAME.get(rule)
    if known is None:
        return ""
    _, _, rest = known.documentation.partition("Why it is bad")
    why = rest.partition("## ")[0].strip()
    return folded(f"Why {rule}", why) if why else ""
