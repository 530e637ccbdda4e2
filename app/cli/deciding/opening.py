"""The store of a local repository, in its git directory: made, found, and only believed where this account wrote it.

The repository may be anybody's, and so may a store that came with it. So nothing in its place is followed that is a
link, and its audit chain is keyed with a key of this account, which no repository has."""

import os
import secrets
import stat
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from checks.model.errors import Refusal
from checks.repository import git
from checks.repository.history import text

if TYPE_CHECKING:
    from app.store.connect import Store

FOLDER = "selfmod"
"""In the git directory that all work trees of a repository share."""
FILE = "selfmod.db"
KEY = "local.key"
BEGUN = "begun"
"""The kind of a chain's first record."""
MOST = 1_000
"""Entries of the folder that are looked at."""
_INSTALL = "Install them: pip install 'selfmod[server]'"


def root_of(place: Path) -> Path:
    """The root of the repository that a path is in. Raises Refusal where it is in none."""
    git.refuse_outward(place)
    root = git.find_root(place)
    if root is None:
        raise git.outside(place.resolve(), "there is nothing to propose to", "Go into one.")
    return root


def folder_of(root: Path) -> Path:
    """Where the store of a repository lies, also where there is none yet."""
    told = git.output(root, "rev-parse", "--path-format=absolute", "--git-common-dir")
    return Path(text(told.rstrip(b"\n"))) / FOLDER


def is_there(root: Path) -> bool:
    """Whether a store was made, or something is in its place."""
    return os.path.lexists(folder_of(root) / FILE)


@contextmanager
def opened(root: Path, make: bool = False, proved: bool = True) -> "Iterator[Store]":
    """The store, closed afterwards; with `make` a new one where there is none. Raises Refusal where there is none,
    where what is there is not what this account wrote (unless `proved` is False), and where the libraries are
    missing."""
    try:
        from app.store import connect
    except ImportError:
        raise Refusal("the libraries that keep decisions are not installed.", _INSTALL) from None
    from app.model.trouble import Unavailable

    folder = folder_of(root)
    refuse_planted(folder)
    new = not is_there(root)
    if new and not make:
        raise Refusal("nothing was proposed in this repository yet.", "Propose something: selfmod fix --propose")
    store = connect.connect(f"sqlite:///{FILE}", folder, key())  # a relative name is meant from the folder
    try:
        if proved:
            _prove(store, new, folder)
        yield store
    except Unavailable as unavailable:
        raise Refusal(f"{unavailable}.", "Try again.") from None
    finally:
        store.close()


def refuse_planted(folder: Path, deep: bool = True) -> None:
    """Raises Refusal where a link, a device or somebody else's file is in the store's place, or in a folder there."""
    try:
        facts = folder.lstat()
    except FileNotFoundError:
        return
    except OSError as error:
        raise Refusal(f"{folder} cannot be read: {error.strerror}.") from None
    if not stat.S_ISDIR(facts.st_mode) or facts.st_uid != os.geteuid():
        raise _planted(folder, "no folder of yours")
    with os.scandir(folder) as entries:
        for number, each in enumerate(entries):
            found = each.stat(follow_symlinks=False)
            inner = deep and stat.S_ISDIR(found.st_mode)  # of locks, which holds files alone
            plain = inner or (stat.S_ISREG(found.st_mode) and found.st_nlink == 1)
            if not plain or found.st_uid != os.geteuid() or number >= MOST:
                raise _planted(Path(each.path), "no plain file of yours")
            if inner:
                refuse_planted(Path(each.path), deep=False)


def _planted(place: Path, what: str) -> Refusal:
    return Refusal(f"{place} is {what}, so nothing there is believed.", "Look where it came from, and move it away.")


def key() -> bytes:
    """The key of this account for the stores of its repositories, made where there is none. Raises Refusal."""
    from app.settings import state_folder

    place = state_folder() / KEY
    try:
        place.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        if not place.exists():
            _make(place)
        handle = os.open(place, os.O_RDONLY | os.O_NOFOLLOW | os.O_CLOEXEC | os.O_NONBLOCK)
        with os.fdopen(handle, "rb") as file:
            facts = os.fstat(file.fileno())
            found = file.read(1_000).strip()
    except OSError as error:
        raise Refusal(f"{place} cannot be read: {error.strerror}.", "Set HOME to a folder of yours.") from None
    if len(found) < 32 or facts.st_uid != os.geteuid() or facts.st_mode & 0o077:
        raise Refusal(f"{place} is no key of yours alone.", f"Move it away, or: chmod 600 {place}")
    return found


def _make(place: Path) -> None:
    """There whole or not at all; of two processes at once the first one's stands."""
    draft = place.with_name(f".{KEY}-{secrets.token_hex(8)}")
    handle = os.open(draft, os.O_CREAT | os.O_EXCL | os.O_WRONLY | os.O_CLOEXEC, 0o600)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(secrets.token_hex(32).encode())
        try:
            os.link(draft, place)
        except FileExistsError:
            return
    finally:
        draft.unlink(missing_ok=True)


def _prove(store: "Store", new: bool, folder: Path) -> None:
    """Raises Refusal where the chain is not as this account wrote it from its first record on."""
    from app.store import audit

    if not new:
        broken, walk = audit.looked(store)
        if broken is None and walk.count:
            return
        if walk.count or not _empty(store):
            why = f"broken at record {broken.number}: {broken.why}" if broken else "there is no audit trail"
            raise Refusal(
                f"{folder} is not as this account wrote it: {why}.",
                "It may have come with the repository: move it away, and propose anew.",
            )
    audit.append(store, BEGUN, "", "local", {}, once=BEGUN)


def _empty(store: "Store") -> bool:
    """Whether a process ended before it wrote anything into it."""
    from app.store import records
    from app.store.proposed import modifications

    return not modifications.recent(store, most=1) and not records.recent(store, most=1)
