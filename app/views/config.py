"""The check run `selfmod/config`: what a change of the configuration would do, before it does it."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from app.model.forge import Annotation, CheckRun, Conclusion
from app.views.annotations import placeable
from app.views.bounded import joined, line
from checks.configuration.faults import Fault
from checks.reports.judged.markdown import cell, table
from checks.reports.safe import for_markdown, for_markdown_code, shortened, visible
from checks.reports.text import counted
from checks.risk.cases import Ran

NAME = "selfmod/config"
MOST = 50
"""Annotations, rows of a table."""


@dataclass(frozen=True, slots=True)
class Proposed:
    """What a pull request makes of the configuration. `faults` are of its files, each with the file; `before` and
    `after` the settings in force as plain values (`after` None where the files are not valid); `cases` what came of the
    cases, None where there is no file of cases. `place` is the file that is changed."""

    faults: tuple[tuple[str, Fault], ...]
    before: Mapping[str, Any] | None
    after: Mapping[str, Any] | None
    cases: tuple[Ran, ...] | None
    head: str
    key: str


def run(proposed: Proposed) -> CheckRun:
    """A failure where a file is not valid or a case is not as expected."""
    failed = _failed(proposed)
    return CheckRun(
        name=NAME,
        head=proposed.head,
        key=proposed.key,
        title=title(proposed),
        summary=summary(proposed),
        conclusion=Conclusion.FAILURE if proposed.faults or failed else Conclusion.SUCCESS,
        annotations=notes(proposed),
    )


def title(proposed: Proposed) -> str:
    """`valid · 3 values change · 2 cases passed`, or the first fault."""
    if proposed.faults:
        place, fault = proposed.faults[0]
        more = len(proposed.faults) - 1
        return line(f"invalid: {fault.refusal(place).reason}" + (f" (and {more} more)" if more else ""))
    rows = differing(proposed.before or {}, proposed.after or {})
    said = ["valid", f"{counted(len(rows), 'value')} {'changes' if len(rows) == 1 else 'change'}"]
    if proposed.cases is not None:
        failed, count = _failed(proposed), len(proposed.cases)
        said.append(f"{failed} of {counted(count, 'case')} failed" if failed else f"{counted(count, 'case')} passed")
    return line(" · ".join(said))


def summary(proposed: Proposed) -> str:
    """Faults with their remedies, or what would change and what came of the cases."""
    faults = [
        f"- {for_markdown_code(place)}{f', line {fault.line}' if fault.line else ''}: {for_markdown(fault.reason)} "
        f"{for_markdown(fault.hint)}"
        for place, fault in proposed.faults[:MOST]
    ]
    rows = differing(proposed.before or {}, proposed.after or {}) if proposed.after is not None else ()
    cells = [[for_markdown_code(_cut(each)) for each in row] for row in rows[:MOST]]
    return joined(
        (
            "\n".join(faults),
            table(["key", "before", "after"], cells) if cells else "",
            _cases(proposed.cases) if proposed.cases is not None else "",
            "" if faults else "It holds once it is on the target branch: nothing here is judged by it.",
        )
    )


def notes(proposed: Proposed) -> tuple[Annotation, ...]:
    """An annotation a fault, on its line."""
    found = (
        Annotation(
            path=place,
            start_line=max(1, fault.line),
            end_line=max(1, fault.line),
            level="failure",
            message=shortened(visible(f"{fault.reason} {fault.hint}".strip()), 4000),
            title="not valid",
        )
        for place, fault in proposed.faults
    )
    return tuple(each for each in found if placeable(each))[:MOST]


def differing(before: Mapping[str, Any], after: Mapping[str, Any], above: str = "") -> tuple[tuple[str, str, str], ...]:
    """Each value that is another one: its key, and both as JSON. A list is one value."""
    rows: list[tuple[str, str, str]] = []
    for key in dict.fromkeys((*before, *after)):
        old, new = before.get(key), after.get(key)
        path = f"{above}{key}"
        if isinstance(old, Mapping) and isinstance(new, Mapping):
            rows += differing(old, new, f"{path}.")
        elif old != new:
            rows.append((path, _flat(old), _flat(new)))
    return tuple(rows)


def _flat(value: object) -> str:
    return json.dumps(value, ensure_ascii=True)


def _cut(text: str) -> str:
    return shortened(text, 300)


def _failed(proposed: Proposed) -> int:
    return sum(bool(each.faults) for each in proposed.cases or ())


def _cases(cases: tuple[Ran, ...]) -> str:
    rows = [
        ["failed" if each.faults else "passed", cell(each.name), cell("; ".join(each.faults))] for each in cases[:MOST]
    ]
    left = f"\n\nand {len(cases) - MOST} more" if len(cases) > MOST else ""
    return table(["case", "name", "why"], sorted(rows)) + left
