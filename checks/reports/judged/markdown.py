"""What was judged as GitHub's Markdown: the text of a check run, or the summary of a job."""

from collections.abc import Sequence

from checks.model.findings import Finding
from checks.model.judged import Judged
from checks.model.safety import Assessment, Factor, Level
from checks.model.verdicts import State, Tests
from checks.reports.judged.text import counts, facts, points, uncovered
from checks.reports.safe import for_markdown, for_markdown_code, shortened, visible
from checks.reports.text import counted

MOST = 65_535
"""Characters that GitHub takes as the text of a check run."""
ROWS = 20
"""Findings or tests of a kind that are listed."""
CELL = 240
"""Characters of a cell."""


def render(judged: Judged) -> str:
    """Why this level, what fails, the stages, the tests; the evidence folded. At most MOST characters."""
    parts = [
        f"### {judged.assessment.level.value}",
        f"{for_markdown(judged.name)}: {counted(len(judged.files), 'file')}, +{judged.added} −{judged.removed} lines",
        *failing_of(judged),
        *factors(judged.assessment),
        *(tests_of(judged.verdict.tests) if judged.verdict.tests else ()),
        *rules_of(judged),
        folded("Stages", stages_of(judged)),
    ]
    text = ""
    for part in parts:
        if len(text) + len(part) + 80 > MOST:
            return f"{text}\n\nThe rest is too long for GitHub: `selfmod validate --json` has all of it.\n"
        text += f"\n\n{part}" if text else part
    return text + "\n"


def factors(assessment: Assessment) -> list[str]:
    """The table of factors, and the way to a lower level."""
    rows = [[each.name, cell(each.seen), _weight(each, assessment.level)] for each in assessment.factors]
    parts = [
        f"**Why {assessment.level.value}** (score {assessment.score})\n\n" + table(["factor", "seen", "weight"], rows)
    ]
    if not rows:
        parts = [f"**Why {assessment.level.value}**: nothing can behave differently."]
    if assessment.lower:
        parts.append(for_markdown(assessment.lower))
    return parts


def _weight(factor: Factor, level: Level) -> str:
    least = f", at least {level.value}" if factor.floor is level and factor.weight else ""
    return points(factor) + least


def failing_of(judged: Judged) -> list[str]:
    """What fails, with its findings, and tests that fail now; hints, and what a revert brings back, are folded."""
    parts = []
    for stage in judged.verdict.stages:
        if stage.state in (State.FAILED, State.ERROR):
            verb = "failed" if stage.state is State.FAILED else "could not be carried out"
            parts.append(f"**{stage.stage} {verb}**: {cell(stage.reason)}")
        if stage.findings:
            listed = findings_of(stage.findings)
            parts.append(listed if stage.state is State.FAILED else folded(f"{stage.stage}: hints", listed))
        if stage.brought_back:
            parts.append(folded(f"{stage.stage}: brought back by the revert", findings_of(stage.brought_back)))
    tests = judged.verdict.tests
    if tests and tests.newly_failing:
        shown = tests.newly_failing[:ROWS]
        rows = [[for_markdown_code(short(each.id)), cell(each.message)] for each in shown]
        parts.append(table(["fails now, passed on the base", "why"], rows) + more(tests.newly_failing))
    return parts


def findings_of(findings: Sequence[Finding]) -> str:
    """A table of findings, the first ROWS of them."""
    rows = [
        [each.severity.value, for_markdown_code(short(each.place)), for_markdown_code(each.rule), cell(each.message)]
        for each in findings[:ROWS]
    ]
    return table(["severity", "place", "rule", "what is wrong"], rows) + more(findings)


def tests_of(tests: Tests) -> list[str]:
    """The tests of both sides, the coverage of changed lines, and what is odd about tests."""
    rows = [["this change", counts(tests.head), f"{tests.head.seconds:.1f} s"]]
    if tests.base:
        rows.insert(0, ["the base", counts(tests.base), f"{tests.base.seconds:.1f} s"])
    parts = [table(["tests of", "outcome", "time"], rows)]
    covered = sum(len(each.covered) for each in tests.coverage)
    lines = covered + sum(len(each.uncovered) for each in tests.coverage)
    if lines:
        parts.append(f"Changed lines run by tests: {covered} of {lines} ({covered * 100 // lines} %).")
        bare = [f"- {for_markdown_code(short(uncovered(each)))}" for each in tests.coverage if each.uncovered]
        if bare:
            parts.append(folded("Changed lines that no test runs", "\n".join(bare[:ROWS]) + more(bare)))
    named = (
        ("Flaky tests (both outcomes on one tree)", tests.flaky),
        ("Tests that are gone", tests.removed),
        ("Tests that no longer run", tests.skipped_now),
        ("Quarantined tests", tests.quarantined),
    )
    for title, names in named:
        if names:
            listed = "\n".join(f"- {for_markdown_code(short(name))}" for name in names[:ROWS])
            parts.append(folded(f"{title}: {len(names)}", listed + more(names)))
    return parts


def rules_of(judged: Judged) -> list[str]:
    """The repository's own rules that apply, each with what its predicates saw."""
    if not judged.rules:
        return []
    rows = [[cell(name), cell(why)] for name, why in judged.rules]
    body = table(["rule", "why it applies"], rows[:ROWS]) + more(rows)
    return [folded("Rules of this repository that apply", body)]


def stages_of(judged: Judged) -> str:
    """The table of stages."""
    rows = []
    for stage in judged.verdict.stages:
        rows.append([stage.stage, stage.state.value, cell(stage.reason or facts(stage)), f"{stage.seconds:.1f} s"])
    where = [each[:10] for each in (judged.base, judged.head) if each]
    return table(["stage", "outcome", "seen", "time"], rows) + (f"\n\nCommits: {'..'.join(where)}" if where else "")


def table(head: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """A table of cells that are harmless already."""
    lines = [head, ["---"] * len(head), *rows]
    return "\n".join(f"| {' | '.join(cells)} |" for cells in lines)


def folded(summary: str, body: str) -> str:
    """A part that is closed until somebody opens it."""
    return f"<details><summary>{summary}</summary>\n\n{body}\n\n</details>"


def more(values: Sequence[object]) -> str:
    """That there are more than are listed."""
    return f"\n\nand {len(values) - ROWS} more" if len(values) > ROWS else ""


def short(text: str) -> str:
    """Text of the change on one line, cut: not yet harmless."""
    return shortened(visible(text), CELL)


def cell(text: str) -> str:
    """Text of the change as a cell."""
    return for_markdown(shortened(visible(text.strip()), CELL))
