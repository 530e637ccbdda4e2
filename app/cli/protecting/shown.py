"""What `selfmod protect` prints."""

import json
from collections.abc import Iterator
from dataclasses import dataclass

from app.cli.protecting.difference import beside, difference
from app.model.protection import GATE, Classic, Plan, Ruleset, Seen
from app.orchestrator.protected import Hold
from checks.reports.safe import for_terminal


@dataclass(frozen=True, slots=True)
class State:
    """`hold` is how it stands now, after what was written; `missing` are sentences about what a write did not do."""

    seen: Seen
    plan: Plan
    app: int
    hold: Hold
    apply: bool
    missing: tuple[str, ...]

    @property
    def code(self) -> int:
        """The exit code: 0 where nothing is left to do."""
        open_ = self.missing or (self.plan.changes and not self.apply)
        return 1 if open_ or self.hold is not Hold.HELD else 0


def changes(plan: Plan, seen: Seen, app: int) -> str:
    """The difference for a terminal, empty where there is none."""
    return "\n".join(for_terminal(line) for line in difference(plan, seen, app))


def text(state: State) -> str:
    """For a terminal: how it stands, what weakens it, what is next."""
    return "\n".join(for_terminal(line) for line in _lines(state))


def _lines(state: State) -> Iterator[str]:
    seen = state.seen
    yield f" {seen.repository}, {seen.branch}: {_said(state.hold)}"
    for each in state.missing:
        yield f"  failed    {each}"
    for each in state.plan.warnings:
        yield f"  warning   {each}"
    for each in beside(state.plan, seen):
        yield f"  not asked {each}"
    if not state.plan.changes:
        yield " nothing to do"
    elif not state.apply:
        yield " nothing written yet: --apply"
    else:
        yield " written"


def _said(hold: Hold) -> str:
    if hold is Hold.HELD:
        return f"{GATE} of this App is required"
    if hold is Hold.NOT:
        return f"{GATE} is not required: nothing holds a merge"
    if hold is Hold.UNKNOWN:
        return f"whether {GATE} is required cannot be read"
    return f"{GATE} is required {hold.value}"


def document(state: State) -> str:
    """The same as JSON. `state` is `held`, `anybody`, `other`, `unknown` or `not`."""
    seen = state.seen
    return json.dumps(
        {
            "repository": seen.repository,
            "branch": seen.branch,
            "app": state.app,
            "state": state.hold.name.lower(),
            "changes": [
                {"form": _form(each.after), "name": _name(each.after, seen), "new": each.before is None}
                for each in state.plan.changes
            ],
            "difference": difference(state.plan, seen, state.app),
            "written": state.apply and bool(state.plan.changes),
            "missing": list(state.missing),
            "warnings": list(state.plan.warnings),
            "not_asked": [each.value for each in state.plan.beside],
        },
        indent=2,
    )


def _form(after: Ruleset | Classic) -> str:
    return "classic" if isinstance(after, Classic) else "ruleset"


def _name(after: Ruleset | Classic, seen: Seen) -> str:
    return seen.branch if isinstance(after, Classic) else after.name
