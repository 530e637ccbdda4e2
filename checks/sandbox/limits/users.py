"""A user of its own for each sandbox that root starts, so that the kernel counts its processes apart."""

import fcntl
import os
import stat
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from checks.model.errors import Refusal

FIRST = 1_900_000_000
"""The first of our users. Nothing is allocated from 1879048192 to 2147483647 (systemd's UIDS-GIDS)."""
MOST = 4096
FOLDER = Path("/run/selfmod")


def private(folder: Path) -> Path:
    """Makes the folder where it is missing; raises Refusal unless it is a folder of ours that nobody else may enter."""
    try:
        folder.mkdir(mode=0o700, exist_ok=True)
        seen = folder.lstat()
    except OSError as error:
        raise Refusal(f"no sandbox: {folder} cannot be made: {error.strerror}.", f"Make {folder} writable.") from error
    if not stat.S_ISDIR(seen.st_mode) or seen.st_uid != os.geteuid() or seen.st_mode & 0o077:
        raise Refusal(f"no sandbox: {folder} is open to others.", f"Remove it: rm -r {folder}")
    return folder


@contextmanager
def user(folder: Path = FOLDER) -> Iterator[int]:
    """Gives the number of a user and group that no other sandbox on this host has now.

    The lock is the file's, so it falls with the process whatever ends it; the files stay, one for each sandbox that
    ever ran at the same time. Raises Refusal where the folder is not private or all users are taken."""
    place = private(folder)
    for number in range(MOST):
        descriptor = os.open(place / f"user-{number}", os.O_RDWR | os.O_CREAT | os.O_NOFOLLOW | os.O_CLOEXEC, 0o600)
        try:
            try:
                fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                continue
            yield FIRST + number
            return
        finally:
            os.close(descriptor)
    raise Refusal(f"no sandbox: {MOST} of them run already.", "Wait until one has ended.")
