"""The commit that takes a modification back on the branch that is checked out, with its index and working tree.

git writes the working tree, but in a repository of our own (`bench`) that has this index and this working tree: so no
filter, hook or setting of the repository is there to run. What is kept through a filter is refused therefore."""

from pathlib import Path

from checks.model.errors import Refusal
from checks.repository import git, history, scratch
from checks.repository.reverting.bench import bench
from checks.repository.reverting.reverse import Reverted, stored
from checks.repository.writing.person import Person, configured, setting
from checks.repository.writing.uninterrupted import uninterrupted

NAMED = 20
"""Files that a refusal names."""
_STATES = {
    "MERGE_HEAD": ("merge", "git merge"),
    "CHERRY_PICK_HEAD": ("cherry-pick", "git cherry-pick"),
    "REVERT_HEAD": ("revert", "git revert"),
    "rebase-merge": ("rebase", "git rebase"),
    "rebase-apply": ("rebase", "git rebase"),
}
# How this machine keeps files; all else that the configuration says is of no matter to a working tree.
_SETTINGS = {
    "core.autocrlf": ("true", "false", "input"),
    "core.eol": ("lf", "crlf", "native"),
    "core.fileMode": ("true", "false"),
    "core.symlinks": ("true", "false"),
    "core.ignoreCase": ("true", "false"),
    "core.trustctime": ("true", "false"),
    "core.checkStat": ("default", "minimal"),
}


def author(root: Path) -> Person:
    """Who git would commit as here. Raises Refusal where nobody told it."""
    person = configured(root, Person("", ""))
    for value, key, example in ((person.name, "user.name", "Ann"), (person.email, "user.email", "ann@example.org")):
        if not value:
            hint = f'Tell it: git config --global {key} "{example}"'
            raise Refusal(f"git does not know who commits: {key} is not set.", hint)
    return person


def branch(root: Path) -> str:
    """The name of the branch that is checked out, empty where a commit is."""
    ran = git.run(root, "symbolic-ref", "--quiet", "--short", "HEAD")
    return history.text(ran.output).strip() if ran.status == 0 else ""


def refuse_unclean(root: Path) -> None:
    """Raises Refusal where something is not committed, or something is half done; files that git does not track do not
    count."""
    for (what, command), path in zip(_STATES.values(), _paths(root, *_STATES), strict=True):
        if path.exists():
            raise Refusal(f"A {what} is half done in {root}.", f"Finish it, or give it up: {command} --abort")
    options = ("--cached", "--name-only", "-z", "--ignore-submodules=none")
    staged = set(git.output(root, "diff-index", *options, "HEAD").split(b"\0")[:-1])
    with bench(root) as place:
        extra = _here(root, place)
        # a submodule may have another commit checked out: that is not touched
        modified = set(git.output(place, "ls-files", "-z", "--modified", extra=extra).split(b"\0")[:-1])
        modified -= {line.partition(b"\t")[2] for line in _submodules(place, extra)}
    changed = sorted(history.shown(history.text(name)) for name in staged | modified)
    if changed:
        more = f" and {len(changed) - NAMED} more" if len(changed) > NAMED else ""
        raise Refusal(
            f"Nothing was written: not committed yet: {', '.join(changed[:NAMED])}{more}.",
            "Commit it, or put it aside: git stash",
        )


def _paths(root: Path, *names: str) -> list[Path]:
    """Where git keeps things of the work tree."""
    asked = [part for name in names for part in ("--git-path", name)]
    told = git.output(root, "rev-parse", "--path-format=absolute", *asked)
    return [Path(history.text(line)) for line in told.split(b"\n")[: len(names)]]


def commit(root: Path, reverted: Reverted, message: str, person: Person) -> str:
    """Makes the commit on top of what is checked out, moves the branch to it, brings index and working tree along, and
    returns its full name. Not signed; no hook runs.

    Raises Refusal where the branch is not at `reverted.onto`, where work would be lost, and where a file is kept
    through a filter; then nothing is written but objects that nothing names."""
    refuse(root, reverted)
    made = prepared(root, reverted, message, person)
    advance(root, reverted.onto, made, f"revert: {message.partition('\n')[0]}", person)
    return made


def refuse(root: Path, change: Reverted) -> None:
    """Raises Refusal where what is checked out cannot follow a change of it: as `commit` does."""
    if history.head(root) != change.onto:
        raise Refusal("The branch has moved in the meantime.", "Try again.")
    refuse_unclean(root)
    _refuse_filtered(root, change)


def prepared(root: Path, change: Reverted, message: str, person: Person, *merged: str) -> str:
    """The full name of a commit of the changed tree, which nothing names yet. `merged` are its further parents."""
    with scratch.folder() as folder:
        tree = stored(root, change, {"GIT_INDEX_FILE": str(folder / "index")})
    text = message.encode("utf-8", "replace")
    parents = [part for each in (change.onto, *merged) for part in ("-p", each)]
    made = git.output(root, "commit-tree", tree, *parents, "-F", "-", stdin=text, extra=person.variables())
    return made.decode().strip()


def advance(root: Path, old: str, new: str, logged: str, person: Person) -> None:
    """Brings index and working tree from commit `old`, which is checked out, to `new`, and moves the branch there; all
    of it or nothing, whatever is pressed meanwhile. `logged` is said in the reflog. Raises Refusal."""
    with bench(root) as place, uninterrupted():
        extra = _here(root, place)
        # times of files that were touched and not changed; its status says that others were changed
        git.run(place, "update-index", "-q", "--refresh", "--ignore-submodules", extra=extra)
        _moved(place, old, new, extra)
        ran = git.run(root, "update-ref", "-m", logged, "HEAD", new, old, extra=person.variables())
        if ran.status != 0:
            _moved(place, new, old, extra)
            said = next(iter(ran.error.splitlines()), f"exit status {ran.status}")
            raise Refusal(f"Nothing was written: the branch could not be moved: {said}", "Try again.")


def _moved(place: Path, old: str, new: str, extra: dict[str, str]) -> None:
    ran = git.run(place, "read-tree", "-m", "-u", old, new, extra=extra)
    if ran.status != 0:
        lines = [line.strip().removeprefix("error: ") for line in ran.error.splitlines() if line.strip()]
        said = lines[0] if lines else f"exit status {ran.status}"
        raise Refusal(f"Nothing was written: {said}", "Move what is in the way, and try again.")


def _here(root: Path, place: Path) -> dict[str, str]:
    """Variables by which the repository `place` has the index and the working tree of `root`."""
    index, shared = _paths(root, "index", "sharedindex.x")
    for part in shared.parent.glob("sharedindex.*"):
        link = place / ".git" / part.name
        if not link.is_symlink():
            link.symlink_to(part)
    found = {key: value for key, known in _SETTINGS.items() if (value := setting(root, key).lower()) in known}
    variables = {
        "GIT_WORK_TREE": str(root.absolute()),
        "GIT_INDEX_FILE": str(index),
        "GIT_CONFIG_COUNT": str(len(found)),
    }
    for number, (key, value) in enumerate(found.items()):
        variables |= {f"GIT_CONFIG_KEY_{number}": key, f"GIT_CONFIG_VALUE_{number}": value}
    return variables


def _submodules(place: Path, extra: dict[str, str]) -> list[bytes]:
    listed = git.output(place, "ls-files", "-z", "--stage", extra=extra).split(b"\0")
    return [line for line in listed if line.startswith(b"160000 ")]


def _refuse_filtered(root: Path, reverted: Reverted) -> None:
    paths = b"".join(edit.path.encode("utf-8", "surrogateescape") + b"\0" for edit in reverted.edits)
    fields = git.output(root, "check-attr", "-z", "--stdin", "filter", stdin=paths).split(b"\0")
    for path, value in zip(fields[::3], fields[2::3], strict=False):
        if value not in (b"unspecified", b"unset"):
            name = history.shown(history.text(path))
            reason = f"Nothing was written: {name} is kept through the filter {history.shown(history.text(value))!r}."
            raise Refusal(reason, "selfmod runs none: use git revert.")
