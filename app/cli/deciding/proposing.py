"""`selfmod fix --propose`: each subject becomes a proposal, judged and kept."""

import json
import shlex
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import typer

from app.cli.deciding import opening, shown
from app.cli.deciding.here import Here, here
from app.cli.output import put
from app.cli.progress import steps
from checks.model.errors import Refusal
from checks.reports.safe import for_terminal
from checks.reports.text import counted

if TYPE_CHECKING:
    from app.model.job import Job

_THERE = ("pull request", "reopen it")
_HERE = ("proposal", "selfmod approve opens it again (selfmod status --all names it)")
"""What a note says of a forge, and what stands for it here."""
NOT_HERE = 1
"""The exit code where something was to be proposed and is not: it did not stand up, or a limit holds."""


def propose(
    paths: Sequence[Path],
    rules: Sequence[str],
    findings: Sequence[str],
    python: Path | None,
    no_sandbox: bool,
    as_json: bool,
) -> None:
    """Proposes what can be fixed for sure in the commit that is checked out; work that is not committed has no part in
    it. Raises Refusal."""
    from app.model.job import Kind
    from app.model.modification import BRANCHES

    root = opening.root_of(paths[0])
    words = shlex.join((*rules, *_beneath(root, paths), *findings))
    with here(root, True, python, no_sandbox) as local, local.alone():
        into = local.host.default_branch()
        if into.startswith(BRANCHES):
            raise Refusal(
                f"{into} is a proposal itself, and is checked out.", "Switch to the branch that it goes into."
            )
        with steps("proposing") as began:
            numbers, notes, missed = _proposed(local, local.job(Kind.PROPOSE, reason="keyboard", words=words), began)
            for number in numbers:
                began(f"judging {number} of {len(numbers)}")
                local.standing(local.host.pull(number), judge=True)
        rows = shown.rows(local, numbers)
    if as_json:
        value: dict[str, Any] = {"into": into, "proposals": [shown.document(each) for each in rows], "notes": notes}
        put(json.dumps(value, indent=2))
    else:
        lines = [f" {counted(len(rows), 'proposal')} into {for_terminal(into)}"]
        lines += [line for each in rows for line in shown.lines(each)]
        lines += [f"  not proposed: {for_terminal(note)}" for note in notes]
        put("\n".join(lines))
    raise typer.Exit(NOT_HERE if missed else 0)


def _proposed(local: Here, job: "Job", began: Any) -> tuple[list[int], list[str], bool]:
    """The numbers of the proposals, those that were there already too; what is not proposed and why; and whether some
    of it is so because it did not stand up."""
    from app.workflows.proposing import propose as verb

    following: list[Job] = []
    tools = local.tools_for(job, following)
    state: dict[str, Any] = {}
    before = 0
    for step in verb.STEPS:
        began(step.name)
        if step.name == "open":
            before = len(state.get("notes", ()))
        state |= step.run(tools, job, state)
        if state.get("done"):
            raise Refusal(str(state.get("why") or "nothing was proposed."))
    numbers = [int(number) for number, _ in state.get("opened", ())]
    notes = [str(note) for note in state.get("notes", ())]
    for there, here_ in zip(_THERE, _HERE, strict=True):
        notes = [note.replace(there, here_) for note in notes]
    return numbers, notes, len(notes) > before


def _beneath(root: Path, paths: Sequence[Path]) -> list[str]:
    """The paths from the root, none where all of it is meant. The slash tells a folder from a rule of the same name."""
    found = []
    for path in paths:
        place = path.resolve()
        if not place.is_relative_to(root):
            raise Refusal(f"{path} is not in {root}.", "Name files and folders of one repository.")
        if place == root:
            return []
        found.append(f"{place.relative_to(root).as_posix()}/")
    return found
