"""Writing a change set into a working tree: a stale or dirty one is never overwritten, and it is all or nothing."""

import errno
import os
import secrets
import stat
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from checks.model.changes import ChangeSet, FileChange, digest
from checks.model.errors import Refusal
from checks.repository import beneath, git, history, objects, paths
from checks.repository.writing.uninterrupted import uninterrupted

READ_LIMIT = 64 * 1024 * 1024
"""Bytes of a file that a change may replace."""


def refuse_stale(change_set: ChangeSet, root: Path) -> None:
    """Raises Refusal naming each file that is not what the change was made for, and in git each whose present content
    is saved neither in the index nor in HEAD: applying would lose it. Outside git only the first is asked."""
    paths.check(change_set)
    present = {change.path: _present(root, change.path) for change in change_set.files}
    stale = [c.path for c in change_set.files if _digest(present[c.path]) != c.before]
    if stale:
        raise _stale(*stale)
    top = git.find_root(root)
    if top is None:
        return
    prefix = "".join(f"{part}/" for part in root.resolve().relative_to(top).parts)
    names = {prefix + path: content for path, content in present.items() if content is not None}
    if not names:
        return
    commit = history.head(top)
    kept = [objects.index(top, tuple(names)), objects.tree(top, commit, tuple(names)) if commit else {}]
    lost = [
        name.removeprefix(prefix)
        for name, content in names.items()
        if not any(name in known and objects.same_blob(content, known[name].name) for known in kept)
    ]
    if lost:
        raise Refusal(
            f"Nothing was written: work that is saved nowhere would be lost in {_list(lost)}.",
            "Save it first (git add or git commit), or see the change with --diff.",
        )


def _list(names: list[str]) -> str:
    shown = [history.shown(name) for name in names]
    return ", ".join(shown[:20]) + (f" and {len(shown) - 20} more" if len(shown) > 20 else "")


def _present(root: Path, path: str) -> bytes | None:
    """The bytes that are there now, None where nothing is. Raises Refusal for what is no regular file."""
    try:
        return beneath.read(root, path, READ_LIMIT)[0]
    except FileNotFoundError:
        return None
    except OSError as error:
        raise _refusal(path, error) from error


def _digest(content: bytes | None) -> str | None:
    return None if content is None else digest(content)


def _refusal(path: str, error: OSError) -> Refusal:
    why = "a link or a file is in the way" if error.errno in (errno.ELOOP, errno.ENOTDIR) else error.strerror or error
    return Refusal(f"{history.shown(path)} cannot be changed: {why}.", "Nothing was written.")


@dataclass(slots=True)
class _Step:
    """One file on its way: `temporary` holds what it shall become, `backup` what it was; both in its own folder."""

    change: FileChange
    temporary: str
    backup: str
    old: os.stat_result | None = None
    made: tuple[int, int] | None = None
    """Device and inode of the temporary file."""


def write(change_set: ChangeSet, root: Path) -> None:
    """Writes all files of the change set beneath `root`, or none: on a failure or an interrupt what was renamed is put
    back and no temporary file stays. No link is followed; the mode of a file that was there is kept.

    Raises Refusal where a path is not plain, a file is not what the change was made for, or writing fails."""
    paths.check(change_set)
    steps: list[_Step] = []
    folders: list[str] = []
    committed = False
    try:
        top = os.open(root, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    except OSError as error:
        raise _refusal(str(root), error) from error
    try:
        for change in change_set.files:
            token = secrets.token_hex(8)
            steps.append(_Step(change, f".selfmod-{token}.new", f".selfmod-{token}.old"))
            _guarded(_prepare, top, steps[-1], folders)
        for step in steps:
            _guarded(_exchange, top, step, folders)
        with uninterrupted():
            committed = True
            _tidy(top, steps)
    except BaseException:
        with uninterrupted():
            if not committed:
                _undo(top, steps, folders)
        raise
    finally:
        os.close(top)


def _guarded(act: Callable[[int, _Step, list[str]], None], top: int, step: _Step, folders: list[str]) -> None:
    try:
        act(top, step, folders)
    except OSError as error:
        raise _refusal(step.change.path, error) from error


def _prepare(top: int, step: _Step, folders: list[str]) -> None:
    """Checks that the file is as expected, and writes its new content beside it."""
    change = step.change
    parts, name = beneath.split(change.path)
    new = change.before is None
    with beneath.folder(top, parts, make=folders if new and change.after is not None else None) as parent:
        if new:
            if _facts(parent, name) is not None:
                raise _stale(change.path)
        else:
            try:
                content, step.old = beneath.read_in(parent, name, READ_LIMIT)
            except FileNotFoundError:
                raise _stale(change.path) from None
            if digest(content) != change.before:
                raise _stale(change.path)
        if change.after is not None:
            mode = 0o777 if change.executable else 0o666
            _fill(parent, step, change.after, mode)


def _stale(*names: str) -> Refusal:
    reason = f"Nothing was written: changed since the fix was made: {_list(list(names))}."
    return Refusal(reason, "Run the fix again on what is there.")


def _fill(parent: int, step: _Step, content: bytes, mode: int) -> None:
    flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW | os.O_CLOEXEC
    opened = os.open(step.temporary, flags, mode if step.old is None else 0o600, dir_fd=parent)
    try:
        facts = os.fstat(opened)
        step.made = facts.st_dev, facts.st_ino
        rest = memoryview(content)
        while rest:
            rest = rest[os.write(opened, rest) :]
        if step.old is not None:
            if (facts.st_uid, facts.st_gid) != (step.old.st_uid, step.old.st_gid):
                with suppress(PermissionError):
                    os.fchown(opened, step.old.st_uid, step.old.st_gid)
            os.fchmod(opened, stat.S_IMODE(step.old.st_mode) & 0o777)
        os.fsync(opened)
    finally:
        os.close(opened)


def _exchange(top: int, step: _Step, _: list[str]) -> None:
    """Puts the new content in the file's place; the old one stays as a backup beside it."""
    parts, name = beneath.split(step.change.path)
    with beneath.folder(top, parts) as parent:
        now = _facts(parent, name)
        if _identity(now) != _identity(step.old):
            raise _stale(step.change.path)
        if step.change.after is None:
            if now is not None:
                os.rename(name, step.backup, src_dir_fd=parent, dst_dir_fd=parent)
        elif step.old is None:
            # A link, unlike a rename, never replaces what appeared in the meantime.
            if not _linked(parent, step.temporary, name):
                os.rename(step.temporary, name, src_dir_fd=parent, dst_dir_fd=parent)
        else:
            if not _linked(parent, name, step.backup):
                os.rename(name, step.backup, src_dir_fd=parent, dst_dir_fd=parent)
            os.rename(step.temporary, name, src_dir_fd=parent, dst_dir_fd=parent)


def _linked(parent: int, name: str, other: str) -> bool:
    """Gives a file a second name in its folder; False where the file system has no hard links."""
    try:
        os.link(name, other, src_dir_fd=parent, dst_dir_fd=parent, follow_symlinks=False)
    except OSError as error:
        if error.errno in (errno.EPERM, errno.ENOTSUP, errno.ENOSYS, errno.EMLINK):
            return False
        raise
    return True


def _facts(parent: int, name: str) -> os.stat_result | None:
    try:
        return os.stat(name, dir_fd=parent, follow_symlinks=False)
    except FileNotFoundError:
        return None


def _identity(facts: os.stat_result | None) -> tuple[int, ...] | None:
    return None if facts is None else (facts.st_dev, facts.st_ino, facts.st_size, facts.st_mtime_ns)


def _tidy(top: int, steps: list[_Step]) -> None:
    """Removes backups and leftovers, and has the folders' entries stored."""
    for step in steps:
        with suppress(OSError), beneath.folder(top, beneath.split(step.change.path)[0]) as parent:
            _remove(parent, step)
            os.fsync(parent)


def _remove(parent: int, step: _Step) -> None:
    for name in (step.temporary, step.backup):
        with suppress(FileNotFoundError):
            os.unlink(name, dir_fd=parent)


def _undo(top: int, steps: list[_Step], folders: list[str]) -> None:
    for step in reversed(steps):
        parts, name = beneath.split(step.change.path)
        with suppress(OSError), beneath.folder(top, parts) as parent:
            now = _facts(parent, name)
            if step.change.before is None and now is not None and (now.st_dev, now.st_ino) == step.made:
                os.unlink(name, dir_fd=parent)
            elif _facts(parent, step.backup) is not None:
                os.replace(step.backup, name, src_dir_fd=parent, dst_dir_fd=parent)
            # Renaming one of two links of a file onto the other does nothing, so the backup may still be there.
            _remove(parent, step)
    for made in reversed(folders):
        parts, name = beneath.split(made)
        with suppress(OSError), beneath.folder(top, parts) as parent:
            os.rmdir(name, dir_fd=parent)
