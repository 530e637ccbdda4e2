"""git's objects: names of blobs, the entries of trees and of the index, and reading blobs through one process."""

import hashlib
import os
import selectors
import subprocess
import threading
import time
import weakref
import zlib
from dataclasses import dataclass, replace
from pathlib import Path

from checks.model.errors import Refusal
from checks.repository import git
from checks.repository.history import text

READ_LIMIT = 30.0
"""Seconds for one blob."""


@dataclass(frozen=True, slots=True)
class Blob:
    """An entry of a tree or of the index: mode as git writes it, object name, size in bytes (-1 where not known)."""

    mode: str
    name: str
    size: int


def blob_name(content: bytes, like: str) -> str:
    """The object name of a blob, made as git makes it; SHA-256 where `like`, a name of the repository, is as long."""
    made = hashlib.sha256() if len(like) == 64 else hashlib.sha1(usedforsecurity=False)
    made.update(b"blob %d\0" % len(content))
    made.update(content)
    return made.hexdigest()


def name_of_open(descriptor: int, size: int, like: str) -> str:
    """As `blob_name`, of `size` bytes of an open file, in pieces."""
    made = hashlib.sha256() if len(like) == 64 else hashlib.sha1(usedforsecurity=False)
    made.update(b"blob %d\0" % size)
    while piece := os.read(descriptor, 1 << 20):
        made.update(piece)
    return made.hexdigest()


def same_blob(content: bytes, name: str) -> bool:
    """Whether git has this content as blob `name`: as it is, or with LF where it has CRLF, as `text=auto` stores it."""
    if blob_name(content, name) == name:
        return True
    return b"\r\n" in content and blob_name(content.replace(b"\r\n", b"\n"), name) == name


def write_loose(folder: Path, content: bytes, like: str) -> str:
    """Stores a blob in the object folder `folder`, which is a temporary one of ours, and returns its name."""
    name = blob_name(content, like)
    place = folder / name[:2]
    place.mkdir(exist_ok=True)
    (place / name[2:]).write_bytes(zlib.compress(b"blob %d\0" % len(content) + content, 1))
    return name


def tree(root: Path, commit: str, paths: tuple[str, ...] = ()) -> dict[str, Blob]:
    """All entries of a commit's tree, by path; submodules are among them with mode 160000. `paths` restrict."""
    options = ("-r", "-z", "--full-tree", commit, "--", *few(paths))
    ran = git.run(root, "ls-tree", "-l", *options)
    # A partial clone lacks blobs, and git gives up where it is asked for the size of one.
    listing = ran.output if ran.status == 0 else git.output(root, "ls-tree", *options)
    found = {}
    for line in listing.split(b"\0")[:-1]:
        facts, _, path = line.partition(b"\t")
        mode, _, name, *size = facts.decode().split()
        found[text(path)] = Blob(mode, name, int(size[0]) if size and size[0].isdigit() else -1)
    return found if ran.status == 0 else _with_sizes(root, found)


def _with_sizes(root: Path, entries: dict[str, Blob]) -> dict[str, Blob]:
    """The entries with the sizes of those blobs that are there: all objects are listed, for asking for one that is
    missing ends git too."""
    listing = git.output(root, "cat-file", "--batch-all-objects", "--unordered", "--batch-check").decode()
    answers = [line.split() for line in listing.splitlines()]
    sizes = {words[0]: int(words[2]) for words in answers if len(words) == 3 and words[1] == "blob"}
    return {path: replace(blob, size=sizes.get(blob.name, -1)) for path, blob in entries.items()}


def index(root: Path, paths: tuple[str, ...] = ()) -> dict[str, Blob]:
    """All entries of the index, by path; of a path with a merge conflict the last one. `paths` restrict."""
    found = {}
    for line in git.output(root, "ls-files", "-z", "--stage", "--", *few(paths)).split(b"\0")[:-1]:
        facts, _, path = line.partition(b"\t")
        mode, name, _ = facts.split()
        found[text(path)] = Blob(mode.decode(), name.decode(), -1)
    return found


class Blobs:
    """Blobs of one repository, read through one `git cat-file --batch` that starts with the first read."""

    def __init__(self, root: Path) -> None:
        self._root = root
        self._child: subprocess.Popen[bytes] | None = None
        self._owner = os.getpid()
        self._lock = threading.Lock()

    def __reduce__(self) -> tuple[type["Blobs"], tuple[Path]]:
        return Blobs, (self._root,)

    def read(self, name: str, limit: int) -> bytes:
        """The content of blob `name`, a full object name. Raises OSError where it is missing, larger than `limit` bytes
        or does not come within READ_LIMIT seconds; Refusal where git is not installed."""
        with self._lock:
            try:
                return self._read(name, limit)
            except BaseException:
                # What is left in the pipe belongs to an answer that nobody reads any more.
                self._stop()
                raise

    def close(self) -> None:
        """Ends the process; a later read starts another."""
        with self._lock:
            self._stop()

    def _stop(self) -> None:
        child, self._child = self._child, None
        if child is not None:
            _end(child, self._owner)

    def _read(self, name: str, limit: int) -> bytes:
        if self._owner != os.getpid():
            # After a fork two readers of one pipe would get each other's answers.
            self._stop()
        child = self._child or self._start()
        if child.stdin is None or child.stdout is None:
            raise OSError("git has no pipes")
        os.write(child.stdin.fileno(), name.encode() + b"\n")
        with selectors.DefaultSelector() as ready:
            ready.register(child.stdout, selectors.EVENT_READ)
            stop = time.monotonic() + READ_LIMIT
            received = b""
            while b"\n" not in received:
                received += _some(ready, child.stdout.fileno(), 65_536, stop)
            header, _, rest = received.partition(b"\n")
            words = header.split()
            if len(words) != 3 or words[1] != b"blob":
                raise OSError(f"git has no blob {name}")
            size = int(words[2])
            if size > limit:
                raise OSError(f"larger than {limit} bytes")
            pieces, length = [rest], len(rest)
            while length < size + 1:
                pieces.append(_some(ready, child.stdout.fileno(), size + 1 - length, stop))
                length += len(pieces[-1])
        return b"".join(pieces)[:size]

    def _start(self) -> subprocess.Popen[bytes]:
        line, env = git.command(self._root, "cat-file", "--batch")
        self._child = subprocess.Popen(
            line,
            cwd=self._root,
            env=env,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            bufsize=0,
            start_new_session=True,
        )
        self._owner = os.getpid()
        weakref.finalize(self, _end, self._child, self._owner)
        return self._child


def _some(ready: selectors.BaseSelector, descriptor: int, most: int, stop: float) -> bytes:
    """The next bytes from the process, at least one. Raises OSError at its end or after the moment `stop`."""
    if not ready.select(max(0.0, stop - time.monotonic())):
        raise OSError("git did not answer in time")
    piece = os.read(descriptor, most)
    if not piece:
        raise OSError("git ended: is the repository whole?")
    return piece


def _end(child: subprocess.Popen[bytes], owner: int) -> None:
    """Ends the child where this process started it, and closes its pipes."""
    if owner == os.getpid():
        if child.poll() is None:
            child.kill()
        child.wait()
    for pipe in (child.stdin, child.stdout):
        if pipe is not None:
            pipe.close()


def few(paths: tuple[str, ...]) -> tuple[str, ...]:
    """The paths where they are few enough for a command line; none, which means all, where they are not."""
    return paths if len(paths) <= 500 else ()


def content(root: Path, name: str) -> bytes:
    """One blob by its full object name. Raises Refusal where it is missing."""
    ran = git.run(root, "cat-file", "blob", name)
    if ran.status != 0:
        raise Refusal(f"{root} has no blob {name}.", "Fetch what is missing: git fetch")
    return ran.output
