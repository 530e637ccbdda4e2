"""The pages about validation and risk: stages, dangerous patterns, factors, weights, levels."""

import inspect
import re
from collections.abc import Mapping, Sequence
from itertools import groupby
from types import ModuleType
from typing import Any

from app.cli.documentation.tables import table
from checks.risk.evidence import THRESHOLDS
from checks.risk.weights import Weight
from checks.validation.patterns.table import Pattern

VALIDATION = """\
`selfmod validate` looks at a change in five stages. Each is carried out, observed and timed, whatever the others say:
passed, failed, skipped with a reason, or an error where it could not be carried out. A skipped stage is never a passed
one. The configuration and the tests are those of the base: a change never decides how it is judged.

Exit code 0: every stage passed or was skipped. 1: a stage failed. 2: a stage could not be carried out, or usage.
"""
RISK = """\
The level of a change is the highest that the sum of its weights reaches, or that one of its factors alone demands.
Nothing lowers a level but taking a factor away: the report names the cheapest way. What nobody could look at weighs a
fixed amount, everywhere the same. A change is `SAFE` only with a proof that nothing can behave differently: tests
added, documentation, comments that no tool reads, an equal syntax tree.
"""
LEVELS = (
    ("SAFE", "nothing can behave differently: tests added, comments, an equal syntax tree", "automatic", "automatic"),
    ("LOW_RISK", "validated, changed lines covered by tests, nothing unusual", "automatic, logged", "automatic"),
    ("MEDIUM_RISK", "some risk", "1", "by a person, or automatic after the approval if configured"),
    ("HIGH_RISK", "significant risk", "review by the orchestrator and 2, one of them a code owner", "by a person"),
    (
        "CRITICAL",
        "workflows, CI, security-relevant paths, selfmod's own configuration",
        "review by the orchestrator and 2 of the configured team",
        "by a person, never automatic",
    ),
)
_HEADINGS = ("What it does", "What it sees", "What fails it", "Why it counts", "What to do", "How to lower it")


def sections(module: ModuleType) -> dict[str, str]:
    """The parts of a module's docstring, each by its heading (`What it sees: …` or `## What it does`), and what stands
    before the first one as `summary`."""
    text = inspect.getdoc(module) or ""
    summary, *pieces = re.split(rf"^(?:## )?({'|'.join(_HEADINGS)}):?", text, flags=re.MULTILINE)
    found = {"summary": " ".join(summary.split()).rstrip(".")}
    for heading, body in zip(pieces[::2], pieces[1::2], strict=True):
        found[heading] = " ".join(body.split())
    return found


def stages_table(stages: Sequence[Any]) -> str:
    """One line a stage, for the README."""
    rows = ((each.NAME, re.split(r"(?<=\w)[.;]\s", sections(each)["What fails it"], maxsplit=1)[0]) for each in stages)
    return table(("stage", "what fails it"), rows)


def levels_table() -> str:
    """The levels, for the README and the page about risk."""
    rows = ((f"`{level}`", means, approval, merge) for level, means, approval, merge in LEVELS)
    return table(("level", "means", "approval", "merge"), rows)


def validation_page(stages: Sequence[Any], patterns: Sequence[Pattern], note: str) -> str:
    """docs/validation.md: the stages, and the table of dangerous patterns."""
    parts = [f"{note}\n# Validation\n\n{VALIDATION}"]
    for each in stages:
        said = sections(each)
        said.pop("summary")
        parts.append(f"\n## {each.NAME}\n")
        parts += [f"\n**{heading}.** {body}\n" for heading, body in said.items()]
    rows = (
        (f"`{each.rule}`", each.what, each.danger, each.remedy, each.severity.value, each.fails.value, each.docs)
        for each in patterns
    )
    header = ("pattern", "seen", "what can come of it", "what to do", "severity", "fails", "but")
    parts.append(f"\n## Dangerous patterns\n\n{table(header, rows)}")
    return "".join(parts)


def risk_page(factors: Sequence[Any], weights: Mapping[tuple[str, str], Weight], note: str) -> str:
    """docs/risk.md: the levels, each factor with its weights, and the scores of the levels."""
    parts = [f"{note}\n# Risk\n\n{RISK}\n{levels_table()}\n"]
    scores = ((f"`{level.value}`", str(least)) for level, least in THRESHOLDS.items())
    parts.append("## Scores\n\nThe least score of each level; `risk.thresholds` makes them stricter.\n\n")
    parts.append(table(("level", "least score"), scores))
    by_factor = {name: list(rows) for name, rows in groupby(weights.items(), key=lambda row: row[0][0])}
    for each in factors:
        said = sections(each)
        parts.append(f"\n## {each.NAME}\n\n{said.pop('summary')}.\n")
        parts += [f"\n**{heading}.** {body}\n" for heading, body in said.items()]
        rows = [
            (case, f"+{weight.points}", f"`{weight.floor.value}`" if weight.floor else "", weight.why)
            for (_, case), weight in by_factor.pop(each.NAME, [])
        ]
        if rows:
            parts.append(f"\n{table(('case', 'weight', 'at least', 'why'), rows)}")
    return "".join(parts)
