"""What changed between a base and another commit, or the working tree, found without running the tree's filters."""

import os
import shutil
import stat
import tempfile
from dataclasses import dataclass
from pathlib import Path

from checks.repository import beneath, git, history, listing, objects
from checks.repository.history import Changed

COMPARED = 2 * 1024 * 1024
"""Bytes up to which a changed file of the working tree takes part in the search for renames."""


def changed_files(root: Path, base: str, head: str | None = None) -> tuple[Changed, ...]:
    """The files that differ from `base` to `head`, or to the working tree with its new files that git does not ignore
    where that is None; sorted by path. Links and submodules do not count as files. Raises Refusal for an unknown
    revision. Callers who mean "since the branch was cut" pass `history.merge_base` as `base`."""
    old = history.resolve(root, base)
    if head is not None:
        return history.between(root, old, history.resolve(root, head))
    return _to_working_tree(root, old)


def _to_working_tree(root: Path, base: str) -> tuple[Changed, ...]:
    """Changed files are stored in a temporary object folder, and git compares the base with a tree made of them there:
    renames are found by git's own measure, nothing is written to the repository."""
    entries = objects.tree(root, base)
    modes_count = git.run(root, "config", "--type=bool", "core.fileMode").output.strip() != b"false"
    scratch = Path(tempfile.mkdtemp(prefix="selfmod-"))
    try:
        store = scratch / "objects"
        store.mkdir()
        lines, large, present = [], [], set()
        with beneath.Folders(root) as folders:
            for path in listing.named(root):
                old = entries.get(path)
                found = _look(folders, path, old, base)
                if found is None:
                    continue
                present.add(path)
                mode = ("100755" if found.executable else "100644") if modes_count or old is None else old.mode
                was_file = old is not None and old.mode in history.MODES
                if old is not None and was_file and found.unchanged:
                    if mode != old.mode:
                        lines.append((mode, old.name, path))
                elif found.content is None:
                    large.append(Changed(path, None, "modified" if was_file else "added"))
                else:
                    mode = mode if mode in history.MODES else "100644"
                    lines.append((mode, objects.write_loose(store, found.content, base), path))
        gone = [path for path, old in entries.items() if old.mode != "160000" and path not in present]
        return tuple(sorted([*_compare(root, base, scratch, lines, gone), *large], key=lambda c: c.path))
    finally:
        shutil.rmtree(scratch, ignore_errors=True)


@dataclass(frozen=True, slots=True)
class _Found:
    """A regular file of the working tree; `content` is None where it is too large to compare."""

    executable: bool
    content: bytes | None
    unchanged: bool


def _look(folders: beneath.Folders, path: str, old: objects.Blob | None, like: str) -> _Found | None:
    """What stands under a path, None where that is no regular file. `like` is any object name of the repository."""
    parts, name = beneath.split(path)
    parent = folders.get(parts)
    if parent is None:
        return None
    try:
        with beneath.opened_in(parent, name) as (descriptor, facts):
            executable = bool(facts.st_mode & stat.S_IXUSR)
            if facts.st_size > COMPARED:
                same = old is not None and old.size == facts.st_size
                same = same and old is not None and objects.name_of_open(descriptor, old.size, like) == old.name
                return _Found(executable, None, same)
        content = beneath.read_in(parent, name, COMPARED)[0]
    except OSError:
        # Unreadable, or gone since it was listed: the review of the file itself says so.
        return None
    return _Found(executable, content, old is not None and objects.same_blob(content, old.name))


def _compare(
    root: Path, base: str, scratch: Path, lines: list[tuple[str, str, str]], gone: list[str]
) -> tuple[Changed, ...]:
    if not lines and not gone:
        return ()
    common = git.output(root, "rev-parse", "--path-format=absolute", "--git-path", "objects").rstrip(b"\n")
    extra = {
        "GIT_INDEX_FILE": str(scratch / "index"),
        "GIT_OBJECT_DIRECTORY": str(scratch / "objects"),
        "GIT_ALTERNATE_OBJECT_DIRECTORIES": _quoted(os.fsdecode(common)),
    }
    zero = "0" * len(base)
    # Removals first: a folder may have taken a file's place.
    records = [f"0 {zero}\t{path}" for path in gone] + [f"{mode} {name}\t{path}" for mode, name, path in lines]
    git.output(root, "read-tree", base, extra=extra)
    given = "".join(record + "\0" for record in records).encode("utf-8", "surrogateescape")
    git.output(root, "update-index", "-z", "--index-info", stdin=given, extra=extra)
    made = git.output(root, "write-tree", "--missing-ok", extra=extra).decode().strip()
    return history.between(root, base, made, extra)


def _quoted(folder: str) -> str:
    """The folder as the variable of alternates takes it: quoted, because `:` separates."""
    return '"' + folder.replace("\\", "\\\\").replace('"', '\\"') + '"'
