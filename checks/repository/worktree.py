"""What changed between a base and another commit, or the working tree, found without running the tree's filters."""

import os
import stat
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

from checks.repository import beneath, git, history, listing, objects
from checks.repository.history import Changed, text
from checks.repository.scratch import folder as temporary

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
    with temporary() as scratch:
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
    extra = beside(root, scratch)
    return history.between(root, base, tree_with(root, base, lines, gone, extra), extra)


def beside(root: Path, scratch: Path) -> dict[str, str]:
    """Variables with which git has an index and an object folder (`objects`, which must exist) in our folder `scratch`,
    and reads the repository's own objects beside them: nothing is written to the repository."""
    common = git.output(root, "rev-parse", "--path-format=absolute", "--git-path", "objects").rstrip(b"\n")
    return {
        "GIT_INDEX_FILE": str(scratch / "index"),
        "GIT_OBJECT_DIRECTORY": str(scratch / "objects"),
        "GIT_ALTERNATE_OBJECT_DIRECTORIES": quoted(os.fsdecode(common)),
    }


def tree_with(root: Path, base: str, lines: list[tuple[str, str, str]], gone: list[str], extra: dict[str, str]) -> str:
    """The name of the tree that commit or tree `base` becomes with some entries (mode, object name, path) and without
    the paths `gone`. `extra` are the variables of `beside`; objects may be missing."""
    zero = "0" * len(base)
    # Removals first: a folder may have taken a file's place.
    records = [f"0 {zero}\t{path}" for path in gone] + [f"{mode} {name}\t{path}" for mode, name, path in lines]
    git.output(root, "read-tree", base, extra=extra)
    given = "".join(record + "\0" for record in records).encode("utf-8", "surrogateescape")
    git.output(root, "update-index", "-z", "--index-info", stdin=given, extra=extra)
    return git.output(root, "write-tree", "--missing-ok", extra=extra).decode().strip()


def quoted(folder: str) -> str:
    """The folder as the variable of alternates takes it: quoted, because `:` separates."""
    return '"' + folder.replace("\\", "\\\\").replace('"', '\\"') + '"'


@dataclass(slots=True)
class _Recording:
    """Entries of a tree in the making. Contents are stored in `store` while `left` bytes remain; `like` is any object
    name of the repository."""

    store: Path
    like: str
    left: int
    modes_count: bool
    lines: list[tuple[str, str, str]] = field(default_factory=list)
    present: set[str] = field(default_factory=set)

    def add(
        self, path: str, parent: int, facts: os.stat_result, old: objects.Blob | None, known: objects.Blob | None
    ) -> None:
        """Takes one path as it stands in the open folder; `old` is its entry in the base, `known` in the index. Raises
        OSError."""
        name = path.rpartition("/")[2]
        if stat.S_ISLNK(facts.st_mode):
            target = os.readlink(name, dir_fd=parent)
            self._put("120000", os.fsencode(target), path, old)
            return
        mode = "100755" if facts.st_mode & stat.S_IXUSR else "100644"
        before = old or known
        if not self.modes_count and before is not None and before.mode in history.MODES:
            mode = before.mode
        if facts.st_size <= self.left:
            self._put(mode, beneath.read_in(parent, name, self.left)[0], path, old)
            return
        with beneath.opened_in(parent, name) as (descriptor, opened):
            self.lines.append((mode, objects.name_of_open(descriptor, opened.st_size, self.like), path))

    def _put(self, mode: str, content: bytes, path: str, old: objects.Blob | None) -> None:
        if old is not None and objects.same_blob(content, old.name):
            if old.mode != mode:
                self.lines.append((mode, old.name, path))
            return
        self.left -= len(content)
        self.lines.append((mode, objects.write_loose(self.store, content, self.like), path))


def stored_tree(root: Path, base: str, store: Path, extra: dict[str, str], most: int) -> str:
    """The name of the tree that the working tree is: files, links, and submodules as the index has them, of everything
    that git tracks or would track. Contents that differ from commit `base` are stored in the object folder `store` as
    long as they are `most` bytes together; of the others the tree has the name alone. `extra` are those of `beside`.

    A file that cannot be read counts as unchanged. A repository of its own that git does not track is left out."""
    entries, staged = objects.tree(root, base), objects.index(root)
    away = {text(line[2:]) for line in _tagged(root) if line[:2] == b"S "}
    modes_count = git.run(root, "config", "--type=bool", "core.fileMode").output.strip() != b"false"
    made = _Recording(store, base, most, modes_count)
    with beneath.Folders(root) as folders:
        for path in listing.named(root):
            known = staged.get(path)
            found = _stands(folders, path)
            if known is not None and (known.mode == "160000" or (found is None and path in away)):
                made.lines.append((known.mode, known.name, path))
                made.present.add(path)
            elif found is not None and (stat.S_ISREG(found[1].st_mode) or stat.S_ISLNK(found[1].st_mode)):
                with suppress(OSError):
                    made.add(path, *found, entries.get(path), known)
                made.present.add(path)
    return tree_with(root, base, made.lines, [path for path in entries if path not in made.present], extra)


def _tagged(root: Path) -> list[bytes]:
    """Tracked paths with git's letter before them: `S` is one that is left out of the working tree on purpose."""
    return git.output(root, "ls-files", "-z", "-t", "--cached").split(b"\0")


def _stands(folders: beneath.Folders, path: str) -> tuple[int, os.stat_result] | None:
    """The open folder, and what is there; None where nothing is."""
    parts, name = beneath.split(path)
    parent = folders.get(parts)
    if parent is None:
        return None
    try:
        return parent, os.stat(name, dir_fd=parent, follow_symlinks=False)
    except (OSError, ValueError):
        return None
