"""Which processes there are beneath one, and what their folder takes, as far as somebody outside sees it.

Source: https://docs.kernel.org/filesystems/proc.html (children, fd).
"""

import itertools
import os
import stat
from collections.abc import Iterator
from contextlib import ExitStack, suppress
from pathlib import Path

_ITSELF = os.O_PATH | os.O_DIRECTORY | os.O_NOFOLLOW | os.O_CLOEXEC
_OWN = "/proc/self/fd/"
ENTRY = 512
"""Bytes that every name in the folder is counted for: a million empty files are not free either."""


def descendants(root: int) -> tuple[int, ...]:
    """All processes beneath a process. One that starts or ends meanwhile may be missed."""
    found: list[int] = []
    waiting = [root]
    while waiting:
        for child in _children(waiting.pop()):
            found.append(child)
            waiting.append(child)
    return tuple(found)


def _children(process: int) -> Iterator[int]:
    with suppress(OSError):
        for thread in Path(f"/proc/{process}/task").iterdir():
            with suppress(OSError):
                yield from map(int, (thread / "children").read_bytes().split())


def hides(process: int) -> bool:
    """Whether what a process has open cannot be seen, though it lives."""
    try:
        os.scandir(f"/proc/{process}/fd").close()
    except PermissionError:
        try:
            state = Path(f"/proc/{process}/stat").read_bytes().rpartition(b")")[2].split()[0]
        except (OSError, IndexError):
            return False
        return state not in (b"Z", b"X")
    except OSError:
        return False
    return False


def disk(folder: str, processes: tuple[int, ...], limit: int) -> int:
    """Bytes that the folder takes, with the files in it that were deleted and are still open in one of the processes.
    Ends early above `limit`; what cannot be counted, such as a path that is too long to be opened, is above it."""
    try:
        return _counted(folder, processes, limit)
    except OSError:
        return limit + 1


def _counted(folder: str, processes: tuple[int, ...], limit: int) -> int:
    total = 0
    seen: set[int] = set()
    device = os.lstat(folder).st_dev
    for facts in itertools.chain(_beneath(folder), _deleted(processes, device)):
        if facts.st_nlink != 1:
            if not stat.S_ISDIR(facts.st_mode) and facts.st_ino in seen:
                continue
            seen.add(facts.st_ino)
        total += facts.st_blocks * 512 + ENTRY
        if total > limit:
            break
    return total


def _beneath(folder: str) -> Iterator[os.stat_result]:
    """The facts of everything beneath a folder, links as links. Raises OSError for a folder that cannot be listed."""
    waiting = [folder]
    with ExitStack() as held:
        while waiting:
            for facts, deeper in _listed(waiting.pop(), folder, held):
                yield facts
                if deeper:
                    waiting.append(deeper)


def _listed(place: str, folder: str, held: ExitStack) -> list[tuple[os.stat_result, str]]:
    """What a folder holds, nothing where it is gone: facts, and for a folder a path to it. One that its owner closed is
    opened for the moment, and what lies in it is then reached by descriptors, which `held` closes."""
    try:
        with os.scandir(place) as listing:
            found = []
            for entry in listing:
                with suppress(FileNotFoundError):
                    facts = entry.stat(follow_symlinks=False)
                    found.append((facts, entry.path if stat.S_ISDIR(facts.st_mode) else ""))
            return found
    except (FileNotFoundError, NotADirectoryError):
        return []
    except PermissionError:
        # a descriptor of ours is a link, too, which is not to be followed twice
        own = place.removeprefix(_OWN)
        opened = os.dup(int(own)) if own != place else os.open(place, _ITSELF)
    held.callback(os.close, opened)
    itself = Path(f"{_OWN}{opened}")
    # a link may have come into the way meanwhile
    if not str(itself.readlink()).startswith(folder + "/"):
        return []
    mode = stat.S_IMODE(os.fstat(opened).st_mode)
    itself.chmod(mode | 0o700)
    try:
        found = []
        with os.scandir(itself) as listing:
            for entry in listing:
                with suppress(FileNotFoundError, NotADirectoryError):
                    facts = entry.stat(follow_symlinks=False)
                    deeper = ""
                    if stat.S_ISDIR(facts.st_mode):
                        inner = os.open(entry.path, _ITSELF)
                        held.callback(os.close, inner)
                        deeper = f"{_OWN}{inner}"
                    found.append((facts, deeper))
        return found
    finally:
        itself.chmod(mode)


def _deleted(processes: tuple[int, ...], device: int) -> Iterator[os.stat_result]:
    for process in processes:
        with suppress(OSError), os.scandir(f"/proc/{process}/fd") as listing:
            for entry in listing:
                with suppress(OSError):
                    facts = entry.stat()
                    if facts.st_nlink == 0 and facts.st_dev == device and stat.S_ISREG(facts.st_mode):
                        yield facts
