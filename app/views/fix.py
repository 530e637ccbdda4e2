"""The pull request with fixes for another one's findings."""

from app.views.bounded import joined
from checks.fix import Change
from checks.model.judged import Judged
from checks.model.verdicts import State
from checks.reports.judged.markdown import cell, folded, stages_of, table
from checks.reports.judged.text import counts
from checks.reports.safe import for_markdown, for_markdown_code
from checks.reports.text import counted

ROWS = 30


def body(change: Change, judged: Judged | None, number: int, head: str, actor: str) -> str:
    """What was wrong, what changes, the evidence, the level and what it needs."""
    rows = [
        [for_markdown_code(f"{each.file}:{each.line}"), for_markdown_code(each.rule), cell(each.message)]
        for each in change.fixed[:ROWS]
    ]
    left = f"\n\nand {len(change.fixed) - ROWS} more" if len(change.fixed) > ROWS else ""
    return joined(
        (
            f"Mends {counted(len(change.fixed), 'finding')} of #{number} at `{head[:10]}`, asked for by "
            f"{for_markdown(f'@{actor}')}. It goes into that pull request's own branch.",
            table(["place", "rule", "what was wrong"], rows) + left,
            *(_evidence(judged) if judged is not None else ()),
            f"Undo: close it, or revert its one commit. Files changed: {len(change.change_set.files)}.",
        )
    )


def _evidence(judged: Judged) -> list[str]:
    tests = judged.verdict.tests
    rows = [["detector", "silent afterwards"]]
    if tests is not None:
        rows += [["tests before", counts(tests.base)]] if tests.base else []
        rows.append(["tests after", counts(tests.head)])
    skipped = judged.verdict.stage("sandbox")
    if tests is None and skipped is not None and skipped.state is State.SKIPPED:
        rows.append(["tests", cell(f"did not run: {skipped.reason}")])
    level = f"Level {judged.assessment.level.value}. {for_markdown(judged.assessment.lower)}".strip()
    return [table(["evidence", "seen"], rows), level, folded("Stages", stages_of(judged))]
