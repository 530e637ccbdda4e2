"""`selfmod demo`."""

import os
import shutil
import sys
import tempfile
from collections.abc import Sequence
from importlib import resources
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from app.cli.fixed import as_text, difference
from app.cli.output import colours, put, width
from app.views import decision as views
from checks.debugging.cache import Cache
from checks.fix import Change as Fix
from checks.fix import Fixes, Group, Selection
from checks.model.errors import Refusal
from checks.model.review import Review
from checks.model.safety import Proposer
from checks.reports import text
from checks.reports.judged import text as judged_text
from checks.repository import git
from checks.repository.change import Change
from checks.repository.changed import of_commits
from checks.repository.snapshot import of_working_tree
from checks.repository.writing.apply import refuse_stale, write
from checks.repository.writing.branch import commit_on_branch
from checks.review import Wish, review_change, review_tree

if TYPE_CHECKING:
    from checks.validation.asked import Tested

SHOWN = 60
"""Lines of the diff that are shown."""


def demo(
    repo: Annotated[
        Path | None,
        typer.Option(metavar="PATH", help="Show it on a copy of this project in place of the sample; yours stays."),
    ] = None,
    python: Annotated[
        Path | None,
        typer.Option(metavar="PATH", help="The interpreter or virtual environment that the project's tests run with."),
    ] = None,
    keep: Annotated[
        Path | None, typer.Option(metavar="DIR", help="Make the copy in this new folder, and leave it there.")
    ] = None,
) -> None:
    """Review and fix a bundled sample project with faults in it. Needs no account, token or network; ends by itself.

    Example: selfmod demo --repo . --keep /tmp/shown
    """
    if keep is not None and os.path.lexists(keep):
        raise Refusal(f"{keep} exists already.", "Name a folder that does not.")
    folder = Path(tempfile.mkdtemp(prefix="selfmod-demo-"))
    try:
        place = keep or folder / "project"
        _copied(repo, place)
        _committed(place)
        _line(place, python)
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    if keep is not None:
        put(f"\nthe project is in {keep}: its fixes are in the working tree, and on the branch selfmod/fixes")


def _line(place: Path, python: Path | None) -> None:
    """Review, what would be fixed and what validation says of it, the diff, the fix on a branch, and how risky the
    branch is, with who must agree."""
    from checks.judge import ready  # a third of a second that `--help` need not pay
    from checks.propose import propose
    from checks.settings import Settings

    _says("selfmod review --all")
    _shown(review_tree(place, Wish(cache=Cache(place / ".git"))))
    _says("selfmod fix")
    settings = Settings()
    tested = ready(settings, place.resolve(), python)
    if tested.sandbox is None:
        raise Refusal(tested.missing.split("  ")[0], "Show it untested: selfmod review and selfmod fix --no-sandbox")
    proposed = propose([place], Selection(), Group.ALL, settings, tested)
    fixes = proposed.fixes
    put(as_text(proposed, "", colours(sys.stdout)))
    if not fixes.changes:
        return
    _says("selfmod fix --diff")
    _difference(fixes)
    _says("selfmod fix --branch selfmod/fixes")
    change = fixes.changes[0]
    commit = commit_on_branch(change.change_set, fixes.root, "selfmod/fixes", change.message())
    put(f" {change.change_set.summary}\n committed: selfmod/fixes at {commit[:10]}; the working tree is as it was")
    _says("selfmod validate --base main --head selfmod/fixes --proposer selfmod")
    _judged(of_commits(place, "HEAD", "selfmod/fixes"), tested, change)
    _says("selfmod fix --apply && selfmod review --base HEAD")
    everything = fixes.together()
    refuse_stale(everything, fixes.root)
    write(everything, fixes.root)
    after = review_change(place, "HEAD", Wish())
    put(f" the change introduces {text.counted(len(after.failing), 'finding')} of {after.threshold} severity or above")


def _judged(change: Change, tested: "Tested", fixed: Fix) -> None:
    """The five stages on the branch, the level with its reasons, and who must agree."""
    from app.orchestrator.configured import decided
    from checks.judge import Who, judge
    from checks.settings import Settings

    rules = tuple(sorted({finding.rule for finding in fixed.fixed}))
    judged = judge(change, Settings(), Who(Proposer.SELFMOD, fixes=rules), tested)
    put(judged_text.render(judged, colour=colours(sys.stdout)))
    put("\n".join(views.lines(decided(judged, Settings(), Proposer.SELFMOD))))


def _copied(repo: Path | None, place: Path) -> None:
    """The sample, or the files of a project that selfmod would read, in a new folder."""
    snapshot = of_working_tree(repo) if repo is not None else None
    try:
        place.mkdir(parents=True)
    except OSError as error:
        raise Refusal(f"{place} cannot be made: {error.strerror}.", "Name a folder that can.") from None
    if snapshot is not None:
        for entry in snapshot.files:
            target = place / entry.path
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_bytes(snapshot.read(entry.path))
        return
    with resources.as_file(resources.files("app.cli") / "sample") as sample:
        for source in sorted(sample.rglob("*.txt")):
            target = place / source.relative_to(sample).with_suffix("")
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(source, target)


def _committed(place: Path) -> None:
    """A repository of its own around the copy, so that there is something to compare with."""
    root = place.resolve()
    names = {"GIT_AUTHOR_NAME": "demo", "GIT_AUTHOR_EMAIL": "demo@localhost"}
    names |= {"GIT_COMMITTER_NAME": "demo", "GIT_COMMITTER_EMAIL": "demo@localhost"}
    for arguments in (
        ("init", "--quiet"),
        ("add", "--all"),
        ("commit", "--quiet", "--allow-empty", "--message", "the project as it was"),
    ):
        git.output(root, *arguments, extra=names)


def _shown(review: Review, everything: bool = True) -> None:
    put(text.render(review, colour=colours(sys.stdout), everything=everything, width=width(sys.stdout)))


def _difference(fixes: Fixes) -> None:
    lines: Sequence[str] = difference(fixes.changes[0], sys.stdout).splitlines()
    put("\n".join(lines[:SHOWN]))
    if len(lines) > SHOWN:
        put(f"… and {len(lines) - SHOWN} more lines")


def _says(command: str) -> None:
    put(f"\n\033[1m$ {command}\033[0m" if colours(sys.stdout) else f"\n$ {command}")
