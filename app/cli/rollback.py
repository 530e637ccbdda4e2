"""`selfmod rollback`."""

import json
import sys
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from app.cli.deciding import taken
from app.cli.output import put
from checks.model import trailers
from checks.model.errors import Refusal
from checks.reports.safe import for_terminal, lines_for_terminal
from checks.reports.text import counted
from checks.repository import git

if TYPE_CHECKING:
    from checks.repository.reverting.message import Message
    from checks.repository.reverting.named import Named
    from checks.repository.reverting.reverse import Conflict, Reverted


def rollback(
    identifier: Annotated[
        str,
        typer.Argument(
            metavar="ID", help="A commit, a branch that was merged, a range BASE..HEAD, or a modification (mod_…)."
        ),
    ],
    why: Annotated[str, typer.Option("--why", "-m", metavar="WHY", help="The reason, for the commit message.")] = "",
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Print the change as a diff that git apply takes; write nothing.")
    ] = False,
    as_json: Annotated[bool, typer.Option("--json", help="For programs.")] = False,
) -> None:
    """Take a modification back: a commit on your branch after which the files are as if it had never come.

    What came later stays. Where later commits build on the modification, nothing is written and the files are named.
    A merge commit stands for all that it merged; a branch is found again as it was merged, squashed or rebased. The
    working tree must be clean, and follows. No hook runs, and nothing is signed. A rollback can be rolled back.

    Exit code 0: done, or there was nothing left to take back. 1: later commits stand in the way. 2: usage or
    environment.

    Examples:

        selfmod rollback 3f9c2e1 -m "breaks logins"

        selfmod rollback fix-timeouts --dry-run         what taking back that branch would change

        selfmod rollback main~3..main                   the last three commits
    """
    # a few hundredths of a second that `--help` need not pay
    from checks.repository.reverting import reverse
    from checks.repository.reverting import rollback as local
    from checks.repository.reverting.message import message

    place = Path()
    git.refuse_outward(place)
    root = git.find_root(place)
    if root is None:
        raise git.outside(place.resolve(), "there is nothing to roll back", "Go into one.")
    identifier = taken.whole(root, identifier)
    found = _named(root, identifier)
    reverted = reverse.reverse(root, found.commits, "HEAD")
    if isinstance(reverted, reverse.Conflict):
        put(_conflict(root, reverted, as_json))
        raise typer.Exit(1)
    text = message(root, found.commits, found.call, why)
    if dry_run:
        diff = reverse.difference(root, reverted).decode("utf-8", "surrogateescape")
        if as_json:
            put(_done("planned", reverted, text, diff=diff))
        elif not reverted.gone:
            put(lines_for_terminal(diff) if sys.stdout.isatty() else diff)
        else:
            put(_gone(identifier))
        return
    if reverted.gone:
        put(_done("gone", reverted, text) if as_json else _gone(identifier))
        return
    branch = local.branch(root)
    made = local.commit(root, reverted, text.text, local.author(root))
    taken.keep(
        root, found.commits, text.modifications or ((identifier,) if found.call == identifier else ()), made, why
    )
    if as_json:
        put(_done("rolled back", reverted, text, commit=made, branch=branch))
    else:
        put(_text(identifier, reverted, text, made, branch))


def _named(root: Path, identifier: str) -> "Named":
    """By git, and where that knows no such modification, by what was proposed here and merged by hand."""
    from checks.repository.reverting import named

    if not trailers.IDENTIFIER.fullmatch(identifier):
        return named.named(root, identifier)
    commit = taken.commit_of(root, identifier)
    try:
        return named.named(root, identifier)
    except Refusal:
        if commit == identifier:
            raise
        return replace(named.named(root, commit), call=identifier)


def _gone(identifier: str) -> str:
    return f" {for_terminal(identifier)}: nothing of it is left, so nothing was written"


def _text(identifier: str, reverted: "Reverted", message: "Message", made: str, branch: str) -> str:
    """For people: what became of each file, the commit, and how to go back."""
    lines = [f"  {_what(edit.was, edit.mode):8}  {for_terminal(edit.path)}" for edit in reverted.edits]
    return "\n".join(
        [
            f" {for_terminal(identifier)} taken back   {counted(len(reverted.edits), 'file')}",
            *lines,
            f" committed: {for_terminal(branch) or 'HEAD'} at {made[:10]}  {for_terminal(message.subject)}",
            f" to have it again: selfmod rollback {made[:10]}",
        ]
    )


def _what(was: str | None, mode: str | None) -> str:
    return "removed" if mode is None else "restored" if was is None else "changed"


def _done(state: str, reverted: "Reverted", message: "Message", **more: str) -> str:
    """Keys: `state` (`rolled back`, `planned`, `gone`), `onto`, `reverts` (the last commit of each stretch),
    `modifications`, `message`, `files` (path, change, mode), `commit` and `branch` where one was made, `diff` with
    --dry-run."""
    files = [
        {"path": edit.path, "change": _what(edit.was, edit.mode), "mode": edit.mode}
        for edit in sorted(reverted.edits, key=lambda edit: edit.path)
    ]
    value: dict[str, Any] = {"state": state, "onto": reverted.onto, "reverts": list(reverted.commits)}
    value |= {"modifications": list(message.modifications), "message": message.text, "files": files}
    return json.dumps(value | more, indent=2)


def _conflict(root: Path, conflict: "Conflict", as_json: bool) -> str:
    if as_json:
        files = [{"path": each.path, "reason": each.reason} for each in conflict.files]
        value = {"state": "conflict", "onto": conflict.onto, "commit": conflict.commit, "files": files}
        return json.dumps(value, indent=2)
    merge = len(git.output(root, "rev-list", "--max-count=1", "--parents", conflict.commit).split()) > 2
    width = max(len(for_terminal(each.path)) for each in conflict.files)
    return "\n".join(
        [
            f" nothing was written: later commits stand in the way in {counted(len(conflict.files), 'file')}",
            *(f"  {for_terminal(each.path):{min(width, 60)}}  {each.reason}" for each in conflict.files),
            f" Roll back the later commits first (git log {conflict.commit[:10]}.. -- FILE), or settle it by hand: "
            f"git revert {'-m 1 ' if merge else ''}{conflict.commit[:10]}",
        ]
    )
