"""Lock files: the distributions that they pin. Names are all that is read, in time linear in the file's size.

Formats: https://docs.astral.sh/uv/concepts/projects/layout/#the-lockfile, https://python-poetry.org/docs/basic-usage/,
https://pdm-project.org/latest/usage/lockfile/, https://packaging.python.org/en/latest/specifications/pylock-toml/,
https://pipenv.pypa.io/en/latest/pipfile.html.
"""

import posixpath
import re
from collections.abc import Iterator

from checks.repository.declarations.files import at, from_json
from checks.repository.declarations.requirement import Requirement, is_private_address, normalised

_TABLE = re.compile(r"\[\[(package|packages)\]\]\s*$")
_OTHER = re.compile(r"\[")
_ENTRY = re.compile(r"(name|source|directory|vcs|archive|index)\s*=\s*(.{0,500})")
_DIRECT = re.compile(r"\b(virtual|editable|directory|path|git|url)\s*=")
_PYLOCK = re.compile(r"pylock(\.[^./]+)?\.toml")


def is_lock(path: str) -> bool:
    """Whether a file's name is that of a lock file that is read here."""
    name = posixpath.basename(path)
    return name in ("uv.lock", "poetry.lock", "pdm.lock", "Pipfile.lock") or _PYLOCK.fullmatch(name) is not None


def of_file(path: str, text: str, indexes: list[str]) -> Iterator[Requirement]:
    """What a lock file pins. Its path is added to `indexes` where something comes from another index than the public
    one. Never raises."""
    if path.endswith("Pipfile.lock"):
        yield from _pipenv(path, text, indexes)
        return
    current: dict[str, str] | None = None
    for line in [*text.split("\n"), "[[package]]"]:
        if _TABLE.match(line):
            if current is not None:
                yield from _package(path, current, indexes)
            current = {}
        elif _OTHER.match(line):
            # `[package.source]` of poetry belongs to the package above
            if current is not None and not line.startswith("[package"):
                yield from _package(path, current, indexes)
                current = None
        elif current is not None:
            entry = _ENTRY.match(line)
            if entry:
                current.setdefault(entry[1], entry[2])
            elif re.match(r"""(type\s*=\s*"(git|directory|url|file)"|editable\s*=\s*true|path\s*=)""", line):
                current["vcs"] = line
            elif re.match(r"url\s*=", line):
                current.setdefault("url", line)


def _package(path: str, entries: dict[str, str], indexes: list[str]) -> Iterator[Requirement]:
    name = re.match(r"""["']([^"']{1,200})["']""", entries.get("name", ""))
    if name is None:
        return
    source = entries.get("source", "")
    direct = _DIRECT.search(source) is not None or any(key in entries for key in ("directory", "vcs", "archive"))
    address = re.search(r"""https?://[^"']+""", source + " " + entries.get("index", "") + " " + entries.get("url", ""))
    if not direct and address and is_private_address(address[0]) and path not in indexes:
        indexes.append(path)
    yield Requirement(normalised(name[1]), "locked", path, name[1], direct)


def _pipenv(path: str, text: str, indexes: list[str]) -> Iterator[Requirement]:
    content = from_json(text)
    for section in ("default", "develop"):
        packages = at(content, section)
        for name, pinned in packages.items() if isinstance(packages, dict) else ():
            direct = isinstance(pinned, dict) and bool({"path", "git", "file", "url"} & pinned.keys())
            yield Requirement(normalised(name), "locked", path, name, direct)
    sources = at(content, "_meta", "sources")
    for source in sources if isinstance(sources, list) else ():
        if is_private_address(at(source, "url")):
            indexes.append(path)
