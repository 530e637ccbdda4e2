"""`selfmod fix`."""

import sys
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from app.cli.fixed import as_json, as_text
from app.cli.group import nearest, say
from app.cli.output import colours, put
from app.cli.progress import bar
from app.cli.repository import settings_of
from checks.debugging.cache import Cache
from checks.debugging.rules import BY_NAME
from checks.debugging.tools.ruff import SAFE_FIXES
from checks.fix import Fixes, Group, Selection, fix_tree
from checks.model.errors import Refusal
from checks.repository.apply import refuse_stale, write
from checks.repository.branch import commit_on_branch
from checks.repository.patch import as_diff


class Grouping(StrEnum):
    """What belongs to one change."""

    RULE = "rule"
    FILE = "file"
    ALL = "all"


def fix(
    paths: Annotated[list[Path] | None, typer.Argument(metavar="[PATH]...", help="Files and folders.")] = None,
    rule: Annotated[
        list[str] | None, typer.Option(metavar="RULE", help="Only this rule's findings; may be given several times.")
    ] = None,
    finding: Annotated[
        list[str] | None,
        typer.Option(metavar="F", help="Only this finding: its fingerprint (or the beginning of it), or file:line."),
    ] = None,
    diff: Annotated[bool, typer.Option("--diff", help="Print the change as a diff that git apply takes.")] = False,
    apply: Annotated[bool, typer.Option("--apply", help="Write the change to the working tree.")] = False,
    branch: Annotated[
        str | None, typer.Option(metavar="NAME", help="Commit the change on a new branch; the working tree stays.")
    ] = None,
    group: Annotated[
        Grouping,
        typer.Option(help="What is one change: each gets its own branch, NAME/RULE or NAME/FILE, and its own diff."),
    ] = Grouping.ALL,
    json: Annotated[bool, typer.Option("--json", help="The outcome of every finding, for programs.")] = False,
    no_cache: Annotated[bool, typer.Option("--no-cache", help="Analyse every file anew.")] = False,
) -> None:
    """Fix what can be fixed for sure, and say of every finding what became of it.

    A fix is only offered where the result parses, names nothing undefined, keeps every comment, and has the detectors
    silent. Nothing is written without --apply or --branch; what git has not saved is never overwritten.

    Exit code 0: done, also where nothing could be fixed. 1: some fix was refused. 2: usage or environment.

    Examples:

        selfmod fix                             what would be fixed

        selfmod fix --diff src/ | git apply     the same as --apply

        selfmod fix --branch fixes --group rule a branch for each rule
    """
    if sum((diff, apply, branch is not None)) > 1:
        raise Refusal("--diff, --apply and --branch exclude each other.", "Give one of them.")
    for name in rule or ():
        if name not in BY_NAME and name not in SAFE_FIXES:
            near = nearest(name, (*BY_NAME, *sorted(SAFE_FIXES)))
            raise Refusal(
                f"there is no rule {name!r} to fix.", f"Did you mean {near}?" if near else "See selfmod explain"
            )
    places = tuple(paths or [Path()])
    settings = settings_of(places[0])
    cache = None if no_cache else Cache()
    with bar("reviewing") as progress:
        selection = Selection(
            rules=tuple(rule or ()),
            findings=tuple(finding or ()),
            exclude=settings.review.exclude,
            unchanged=settings.fix.exclude,
            disable=settings.review.disable,
            left=settings.fix.disable,
        )
        fixes = fix_tree(places, selection, Group(group), cache, progress)
    if cache:
        cache.close()
    written = _carried_out(fixes, apply, branch) if apply or branch else ""
    if json:
        put(as_json(fixes, written))
    elif diff:
        for change in fixes.changes:
            if len(fixes.changes) > 1:
                put(f"# {change.name}: {change.change_set.summary}")
            put(as_diff(change.change_set, fixes.read))
        if not fixes.changes:
            say("selfmod: nothing to fix for sure.")
    else:
        put(as_text(fixes, written, colours(sys.stdout)))
    raise typer.Exit(1 if any(outcome.state == "refused" for outcome in fixes.outcomes) else 0)


def _carried_out(fixes: Fixes, apply: bool, branch: str | None) -> str:
    """Writes the changes; says what was written. Raises Refusal where something would be lost; then nothing is."""
    if not fixes.changes:
        return ""
    if apply:
        everything = fixes.together()
        refuse_stale(everything, fixes.root)
        write(everything, fixes.root)
        return f"written: {len(everything.files)} file{'s' if len(everything.files) != 1 else ''}"
    names = []
    for change in fixes.changes:
        name = f"{branch}/{change.name}" if len(fixes.changes) > 1 else str(branch)
        commit = commit_on_branch(change.change_set, fixes.root, name, change.message())
        names.append(f"{name} at {commit[:10]}")
    return f"committed: {', '.join(names)}"
