"""The work folder: made where nobody else may enter, and taken away whatever was made in it."""

import fcntl
import itertools
import os
import secrets
import stat
import tempfile
import time
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

_FOLDER = os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW | os.O_CLOEXEC
_PREFIX = "selfmod-run-"
_OLD = 3600.0
"""Seconds after which a folder that nobody holds is one of a run that was killed together with its keeper."""


def make(above: str) -> tuple[str, int]:
    """A new folder, all links resolved, and the descriptor that holds it. Raises OSError."""
    sweep(above)
    folder = os.path.realpath(tempfile.mkdtemp(prefix=_PREFIX, dir=above))
    held = os.open(folder, _FOLDER)
    fcntl.flock(held, fcntl.LOCK_EX)
    return folder, held


def sweep(above: str) -> None:
    """Removes what runs left behind that were killed together with their keeper."""
    for place in Path(above).glob(_PREFIX + "*"):
        with suppress(OSError):
            facts = place.lstat()
            if facts.st_uid != os.geteuid() or time.time() - facts.st_mtime < _OLD:
                continue
            opened = os.open(place, _FOLDER)
            try:
                fcntl.flock(opened, fcntl.LOCK_EX | fcntl.LOCK_NB)
                remove(str(place))
            finally:
                os.close(opened)


def remove(folder: str) -> None:
    """Takes the folder away with all that is in it, however deep, closed or long its paths are. Nothing runs in it any
    more. What is not there is no error."""
    try:
        Path(folder).chmod(0o700)
        top = os.open(folder, _FOLDER)
    except FileNotFoundError:
        return
    try:
        names = (f".{secrets.token_hex(8)}-{number}" for number in itertools.count())
        while there := _listed(top):
            for name in there:
                _empty(top, name, names)
    finally:
        os.close(top)
    os.rmdir(folder)  # noqa: PTH106  # a plain call, as its neighbours


def _listed(folder: int) -> list[str]:
    with os.scandir(folder) as listing:
        return [entry.name for entry in listing]


def _empty(top: int, name: str, names: Iterator[str]) -> None:
    """Removes one entry of the folder; what folders it holds are moved up beside it under one of `names`, so that depth
    is no matter."""
    if not stat.S_ISDIR(os.lstat(name, dir_fd=top).st_mode):
        os.unlink(name, dir_fd=top)
        return
    _open_up(top, name)
    here = os.open(name, _FOLDER, dir_fd=top)
    try:
        for inner in _listed(here):
            if stat.S_ISDIR(os.lstat(inner, dir_fd=here).st_mode):
                _open_up(here, inner)
                os.rename(inner, next(names), src_dir_fd=here, dst_dir_fd=top)
            else:
                os.unlink(inner, dir_fd=here)
    finally:
        os.close(here)
    os.rmdir(name, dir_fd=top)


def _open_up(parent: int, name: str) -> None:
    """Gives the owner all rights to a folder: without them it can be neither listed nor moved."""
    os.chmod(name, 0o700, dir_fd=parent)
