"""`selfmod fix`."""

import sys
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from app.cli.deciding import proposing as proposals
from app.cli.fixed import as_json, as_text, difference
from app.cli.group import log_bug, nearest, say
from app.cli.output import colours, put
from app.cli.progress import bar
from app.cli.repository import settings_of
from checks.debugging.cache import Cache
from checks.debugging.rules import BY_NAME, RULES
from checks.debugging.tools.ruff import SAFE_FIXES
from checks.fix import Fixes, Group, Selection
from checks.model.errors import Refusal
from checks.model.verdicts import State
from checks.reports.text import counted
from checks.repository import git
from checks.repository.writing.apply import refuse_stale, write
from checks.repository.writing.branch import Commit, commit_on_branches, refuse_names

if TYPE_CHECKING:
    from checks.propose import Proposed


class Grouping(StrEnum):
    """What belongs to one change."""

    RULE = "rule"
    FILE = "file"
    ALL = "all"


def fix(
    paths: Annotated[list[Path] | None, typer.Argument(metavar="PATH", help="Files and folders.")] = None,
    rule: Annotated[
        list[str] | None,
        typer.Option(
            metavar="RULE",
            help="Only this rule's findings; may be given several times.",
            autocompletion=lambda incomplete: [name for name in fixable_names() if name.startswith(incomplete)],
        ),
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
    propose_each: Annotated[
        bool,
        typer.Option(
            "--propose",
            help="Put each subject on a branch of its own and keep it as a proposal: selfmod status, approve, apply.",
        ),
    ] = False,
    group: Annotated[
        Grouping,
        typer.Option(help="What is one change: each has its own diff, or its own branch, NAME/RULE or NAME/FILE."),
    ] = Grouping.ALL,
    python: Annotated[
        Path | None,
        typer.Option(metavar="PATH", help="The interpreter or virtual environment that the tests run with."),
    ] = None,
    no_sandbox: Annotated[
        bool, typer.Option("--no-sandbox", help="Do not run the tests; the change is then at least MEDIUM_RISK.")
    ] = False,
    json: Annotated[bool, typer.Option("--json", help="The outcome of every finding, for programs.")] = False,
    no_cache: Annotated[bool, typer.Option("--no-cache", help="Analyse every file anew.")] = False,
) -> None:
    """Fix what can be fixed for sure, and say of every finding what became of it.

    A fix is only offered where the result parses, names nothing undefined, keeps every comment, and has the detectors
    silent. All of them then go through the stages of selfmod validate; one that a stage objects to, or that makes a
    test fail in the sandbox, is taken out, and the others go on. Nothing is written without --apply, --branch or
    --propose; what git has not saved is never overwritten.

    With --propose it is the commit that is checked out that is fixed, as on GitHub: each subject (fix.group of the
    configuration) is judged by itself and waits for selfmod approve and selfmod apply; nothing of the working tree
    changes. What is open or was rejected is not proposed again.

    Exit code 0: done, also where nothing could be fixed. 1: some fix was refused, or not proposed. 2: usage or
    environment.

    Examples:

        selfmod fix                             what would be fixed

        selfmod fix --diff src/ | git apply     the same as --apply

        selfmod fix --branch fixes --group rule a branch for each rule

        selfmod fix --propose src/              a proposal for each subject, to be approved and applied
    """
    if sum((diff, apply, branch is not None, propose_each)) > 1:
        raise Refusal("--diff, --apply, --branch and --propose exclude each other.", "Give one of them.")
    if propose_each:
        if group is not Grouping.ALL:
            raise Refusal("--propose groups as the configuration says.", "Leave out --group, and set fix.group.")
        named = tuple(_rule(name) for name in rule or ())
        proposals.propose(tuple(paths or [Path()]), named, tuple(finding or ()), python, no_sandbox, json)
    from checks.judge import ready  # a third of a second that `--help` need not pay
    from checks.propose import propose

    rules = tuple(_rule(name) for name in rule or ())
    places = tuple(paths or [Path()])
    settings = settings_of(places[0])
    if branch is not None:
        _refuse_branch(places[0], branch, group)
    cache = None if no_cache else Cache()
    selection = Selection(
        rules=rules,
        findings=tuple(finding or ()),
        exclude=settings.review.exclude,
        unchanged=settings.fix.exclude,
        disable=settings.review.disable,
        left=settings.fix.disable,
    )
    tested = ready(settings, git.find_root(places[0]) or places[0].resolve(), python)
    with bar("fixing") as progress:
        proposed = propose(
            places,
            selection,
            Group(group),
            settings,
            tested,
            untested="left out: --no-sandbox" if no_sandbox else "",
            cache=cache,
            progress=progress,
            apart=branch is not None,
            broke=log_bug,
        )
    fixes = proposed.fixes
    if apply or branch is not None:
        _refuse_unproven(proposed)
    if cache:
        cache.close()
    written = _carried_out(fixes, branch, group) if apply or branch is not None else ""
    if json:
        put(as_json(proposed, written, diff))
    elif diff:
        for change in fixes.changes:
            if len(fixes.changes) > 1:
                put(f"# {change.name}: {change.change_set.summary}")
            put(difference(change, sys.stdout))
        _told(fixes)
    else:
        put(as_text(proposed, written, colours(sys.stdout)))
    raise typer.Exit(1 if any(outcome.state == "refused" for outcome in fixes.outcomes) else 0)


def _refuse_unproven(proposed: "Proposed") -> None:
    """Raises Refusal where a stage could not be carried out: what nobody tried is not written."""
    if proposed.judged is None:
        return
    for stage in proposed.judged.verdict.stages:
        if stage.state is State.ERROR:
            hint = "Write it untested with --no-sandbox." if stage.stage == "sandbox" else "See selfmod validate."
            raise Refusal(f"nothing written: stage {stage.stage}: {stage.reason}", hint)


def _told(fixes: Fixes) -> None:
    """What became of the findings, beside a diff that may be on its way into git."""
    states = [outcome.state for outcome in fixes.outcomes]
    for outcome in fixes.outcomes:
        if outcome.state == "refused":
            say(f"refused: {outcome.finding.place} {outcome.finding.rule}: {outcome.stage}: {outcome.why}")
    say(f"selfmod: {states.count('fixed')} fixed, {states.count('refused')} refused, {states.count('left')} left")


def fixable_names() -> list[str]:
    """The rules that `--rule` takes."""
    return [*BY_NAME, *sorted(SAFE_FIXES)]


def _rule(name: str) -> str:
    """The rule that is meant by a name, or by another tool's code for it. Raises Refusal for none."""
    if name in BY_NAME or name in SAFE_FIXES:
        return name
    for rule in RULES:
        if name.lower() == rule.name or name.upper() in rule.aliases:
            return rule.name
    if name.upper() in SAFE_FIXES:
        return name.upper()
    near = nearest(name, fixable_names())
    raise Refusal(
        f"there is no rule {name!r} to fix.", f"Did you mean {near}?" if near else "All rules: selfmod explain"
    )


def _refuse_branch(place: Path, branch: str, group: Grouping) -> None:
    """Raises Refusal for a branch that cannot be made, before the work is done."""
    root = git.find_root(place)
    if root is None:
        raise git.outside(place, "there is no branch to make", "Use --apply or --diff.")
    refuse_names(root, [branch if group is Grouping.ALL else f"{branch}/change"])


def _carried_out(fixes: Fixes, branch: str | None, group: Grouping) -> str:
    """Writes the changes; says what was written. Raises Refusal where something would be lost; then nothing is."""
    if not fixes.changes:
        return ""
    if branch is None:
        everything = fixes.together()
        refuse_stale(everything, fixes.root)
        write(everything, fixes.root)
        return f"written: {counted(len(everything.files), 'file')}"
    names = [branch if group is Grouping.ALL else f"{branch}/{change.name}" for change in fixes.changes]
    commits = [
        Commit(change.change_set, name, change.message()) for change, name in zip(fixes.changes, names, strict=True)
    ]
    made = zip(names, commit_on_branches(commits, fixes.root), strict=True)
    return f"committed: {', '.join(f'{name} at {commit[:10]}' for name, commit in made)}"
