"""What is imported from the distributions of an environment, read from their metadata. What happens to be installed is
not declared by that: this only tells names.

Format: https://packaging.python.org/en/latest/specifications/recording-installed-packages/.
"""

import csv
import os
import re
from collections.abc import Iterable, Mapping
from pathlib import Path

from checks.repository.declarations.requirement import normalised

MOST = 3_000
"""Distributions that are looked at."""
SIZE_LIMIT = 4 * 1024 * 1024
"""Bytes of one metadata file."""


def tops(folders: Iterable[Path]) -> Mapping[str, frozenset[str]]:
    """For each distribution (normalised) in these folders the top-level names that it brings. Never raises: what cannot
    be read brings nothing."""
    found: dict[str, frozenset[str]] = {}
    for folder in folders:
        try:
            with os.scandir(folder) as entries:
                names = sorted(entry.name for entry in entries if entry.name.endswith((".dist-info", ".egg-info")))
        except OSError:
            continue
        for name in names[: MOST - len(found)]:
            distribution = normalised(re.split(r"-\d|\.(?:dist|egg)-info", name)[0])
            brought = _listed(folder / name) | _recorded(folder / name)
            if brought:
                found[distribution] = found.get(distribution, frozenset()) | brought
    return found


def _read(path: Path) -> str:
    try:
        if path.is_symlink() or not path.is_file() or path.stat().st_size > SIZE_LIMIT:
            return ""
        return path.read_bytes()[:SIZE_LIMIT].decode("utf-8", "replace")
    except OSError:
        return ""


def _listed(metadata: Path) -> frozenset[str]:
    lines = _read(metadata / "top_level.txt").split()
    return frozenset(line.rpartition("/")[2] for line in lines if re.fullmatch(r"[\w/]+", line))


def _recorded(metadata: Path) -> frozenset[str]:
    """Top-level modules and packages among the files of a wheel."""
    names = set()
    try:
        for row in csv.reader(_read(metadata / "RECORD").splitlines()):
            parts = (row or [""])[0].split("/")
            module = re.fullmatch(r"(\w+)(\.[\w.-]+)?\.(py|so|pyd)", parts[0]) if len(parts) == 1 else None
            if module:
                names.add(module[1])
            elif (
                len(parts) > 1
                and re.fullmatch(r"[A-Za-z_]\w*", parts[0])
                and parts[-1].endswith((".py", ".so", ".pyd"))
            ):
                names.add(parts[0])
    except csv.Error:
        return frozenset()
    return frozenset(names - {"__pycache__"})
