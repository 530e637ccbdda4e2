"""What `/selfmod fix` names: paths, rules, findings. Pure."""

import difflib
import posixpath
import re
import shlex
from collections.abc import Iterable
from dataclasses import dataclass

from checks.debugging.rules import BY_NAME, RULES
from checks.model.errors import Refusal
from checks.model.findings import Finding
from checks.reports.safe import shortened, visible

MOST = 20
"""Words of one command."""
_CODE = re.compile(r"[A-Z]{1,4}\d{3,4}", re.IGNORECASE)
_FINGERPRINT = re.compile(r"[0-9a-f]{6,32}", re.IGNORECASE)
_PLACE = re.compile(r"[^:]+:\d+")


@dataclass(frozen=True, slots=True)
class Named:
    """Within a kind one of the names must fit, and all kinds must: a rule's findings beneath a folder. Without any name
    everything is meant. `findings` are fingerprints, their beginnings, or `file:line`."""

    rules: tuple[str, ...] = ()
    paths: tuple[str, ...] = ()
    findings: tuple[str, ...] = ()

    def has(self, finding: Finding) -> bool:
        """Whether a finding is meant."""
        return (
            (not self.rules or bool({finding.rule, *finding.aliases} & set(self.rules)))
            and (not self.paths or any(_beneath(finding.file, each) for each in self.paths))
            and (not self.findings or any(_is(finding, each) for each in self.findings))
        )

    def missing(self, files: Iterable[str]) -> str:
        """The first path that no file lies at or beneath, empty where there is none."""
        there = tuple(files)
        return next((each for each in self.paths if not any(_beneath(file, each) for file in there)), "")


def read(words: str) -> Named:
    """The names of a command as it was typed. Raises Refusal for too many, for a path that leaves the repository, and,
    with the nearest one, for what is most likely meant as a rule and is none."""
    try:
        given = shlex.split(words)
    except ValueError:
        given = words.split()
    if len(given) > MOST:
        raise Refusal(f"{len(given)} names are too many: {MOST} at most.")
    rules: list[str] = []
    paths: list[str] = []
    findings: list[str] = []
    for word in given:
        known = _rule(word)
        if known:
            rules += known
        elif _FINGERPRINT.fullmatch(word):
            findings.append(word.casefold())
        elif _PLACE.fullmatch(word):
            path, _, line = word.rpartition(":")
            findings.append(f"{_path(path)}:{line}")
        else:
            paths.append(_path(word))
    return Named(tuple(dict.fromkeys(rules)), tuple(dict.fromkeys(paths)), tuple(dict.fromkeys(findings)))


def _rule(word: str) -> list[str]:
    """The rule of a name, or the code with the rules of ours for the same."""
    if word.casefold() in BY_NAME:
        return [word.casefold()]
    if _CODE.fullmatch(word):
        return [word.upper(), *(each.name for each in RULES if word.upper() in each.aliases)]
    return []


def _path(word: str) -> str:
    """A path from the root. Raises Refusal."""
    if not {"/", "."} & set(word) and (near := difflib.get_close_matches(word.casefold()[:80], BY_NAME, 1, 0.6)):
        raise Refusal(f"there is no rule {visible(shortened(word, 80))!r}.", f"Did you mean {near[0]}?")
    path = posixpath.normpath(word.strip("/") or ".")
    if path == ".." or path.startswith("../") or "\0" in path:
        raise Refusal(f"{visible(shortened(word, 80))!r} does not lie in the repository.")
    return path


def _beneath(file: str, path: str) -> bool:
    return path in (".", file) or file.startswith(f"{path}/")


def _is(finding: Finding, name: str) -> bool:
    return finding.fingerprint.startswith(name) or name in (f"{finding.file}:{finding.line}", finding.place)
