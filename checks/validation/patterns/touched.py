"""What is dangerous in which paths a change touches, in their modes, and in where links lead."""

import posixpath
import re
from collections.abc import Iterator

from pathspec import GitIgnoreSpec

from checks.model.findings import Severity
from checks.model.safety import Proposer
from checks.repository import paths as plain
from checks.repository.change import Change, Touched
from checks.repository.changed import link_target
from checks.repository.history import shown
from checks.risk import kinds
from checks.risk.paths import Kind, of_touched
from checks.validation.patterns.rows import Row, row
from checks.validation.patterns.table import BY_RULE, Fails, sentence

_STARTUP = re.compile(r"\.pth$|(^|/)(site|user)customize\.py$")
_OWN = re.compile(r"(^|/)(\.github/)?\.?selfmod(\.|/|$)")
_CI = re.compile(
    r"(^|/)(\.github|\.gitlab|\.circleci|\.buildkite|\.woodpecker|\.ci|\.teamcity|\.azure-pipelines|\.tekton)(/|$)|"
    r"(^|/)(codeowners|jenkinsfile[^/]*|wercker\.yml|buildspec\.yml|cloudbuild\.ya?ml|action\.ya?ml|azure-pipelines[^/]*|"
    r"bitbucket-pipelines\.yml|\.?appveyor\.yml|\.travis\.yml|\.drone\.\w+|\.cirrus\.\w+|\.gitlab-ci\.ya?ml)$"
)
OUTSIDE = "outside-folders"
_INSTRUCTIONS = re.compile(r"copilot|instructions|prompt|agents?\.md|skill\.md|/(agents|skills)/")


def look(change: Change, proposer: Proposer, folders: GitIgnoreSpec | None) -> Iterator[tuple[str, Row]]:
    """The rows of all paths, each with its path. `folders` are where the proposer may write, None for anywhere."""
    yield from _collisions(change)
    for each in change.touched:
        seen = set[str]()
        for path, rule, what in (*_named(each), *_links(change, each)):
            if rule not in seen:
                seen.add(rule)
                yield path, _row(rule, what, proposer)
        if folders is not None:
            for path in dict.fromkeys((each.path, each.was)):
                if not folders.match_file(path):
                    yield path, _row(OUTSIDE, "it is touched", proposer)


def _named(each: Touched) -> Iterator[tuple[str, str, str]]:
    """Path, pattern, and what was seen."""
    did = each.status if each.status != "modified" else "edited"
    if each.status != "deleted" and _is_odd(each.path):
        yield each.path, "dangerous-path", f"the path {shown(each.path)!r} is no plain one"
    for path, kind in of_touched(each):
        if kind is Kind.CRITICAL:
            yield path, _critical(kinds.normal(path)), f"{shown(path)} is {did}"
        elif kind is Kind.BUILD:
            yield path, "dangerous-build-file", f"{shown(path)} is {did}"
        elif kind is Kind.COMPILED:
            yield path, "dangerous-binary", f"{shown(path)} is {did}"
        elif kind is Kind.EXECUTABLE and each.new_mode == "100755":
            yield path, "dangerous-mode", f"{shown(path)} can be executed now"
        elif kind is Kind.LINK and "160000" in (each.old_mode, each.new_mode):
            yield path, "dangerous-submodule", f"the submodule {shown(path)} is {did}"


def _critical(normal: str) -> str:
    if _STARTUP.search(normal):
        return "dangerous-startup-file"
    if _OWN.search(normal):
        return "dangerous-own-configuration"
    if _INSTRUCTIONS.search(normal) or not _CI.search(normal):
        return "dangerous-agent-instructions"
    return "dangerous-workflow"


def _is_odd(path: str) -> bool:
    """Whether a file system or git could take the path for one of git's own, or for one elsewhere."""
    parts = path.split("/")
    return any(part in ("", ".", "..") or plain.is_git(part) for part in parts) or "\\" in path


def _links(change: Change, each: Touched) -> Iterator[tuple[str, str, str]]:
    if each.new_mode != "120000":
        return
    target = link_target(change.head, each.path)
    if target is None:
        yield each.path, "dangerous-link", "a link whose target is not known"
    elif leads_out(each.path, target):
        yield each.path, "dangerous-link", f"the link leads to {shown(target)[:200]!r}"


def leads_out(path: str, target: str) -> bool:
    """Whether a link at `path` may lead out of the tree, or into git's folder. A `..` after the name of a folder
    counts: that folder may be a link itself."""
    if target.startswith("/") or "\\" in target or re.match(r"[A-Za-z]:", target) or not target:
        return True
    parts = [part for part in target.split("/") if part not in ("", ".")]
    ups = 0
    while ups < len(parts) and parts[ups] == "..":
        ups += 1
    if ".." in parts[ups:] or any(plain.is_git(part) for part in parts):
        return True
    return ups > len(posixpath.dirname(path).split("/") if "/" in path else [])


def _collisions(change: Change) -> Iterator[tuple[str, Row]]:
    """New paths that a lenient file system takes for another one. Where one of them is a link, a checkout there writes
    through it (CVE-2021-21300)."""
    new = {each.path for each in change.touched if each.status in ("added", "renamed")}
    if not new:
        return
    links = {note.file for note in change.head.skipped if note.reason.startswith("symbolic link")}
    known: dict[str, list[str]] = {}
    for path in (*(entry.path for entry in change.head.files), *links):
        known.setdefault(kinds.normal(path), []).append(path)
    beneath = {kinds.normal(link): link for link in links}
    for same in known.values() if beneath else ():
        folders = kinds.normal(same[0]).split("/")[:-1]
        for count in range(1, len(folders) + 1):
            link = beneath.get("/".join(folders[:count]))
            if link is not None and not new.isdisjoint((link, *same)):
                known[kinds.normal(link)].append(same[0])
    pattern = BY_RULE["dangerous-path"]
    for paths in known.values():
        mine = sorted(new.intersection(paths))
        if len(paths) > 1 and mine:
            what = f"{' and '.join(sorted(map(repr, paths))[:3])} are one file where letters have no case"
            grave = not links.isdisjoint(paths)
            severity, fails = (pattern.severity, pattern.fails) if grave else (Severity.LOW, Fails.NEVER)
            yield mine[0], row(pattern.rule, (1, 1, 1, 1), severity, fails, sentence(pattern, what), text=what)


def _row(rule: str, what: str, proposer: Proposer) -> Row:
    pattern = BY_RULE[rule]
    severity = pattern.severity
    if rule == "dangerous-build-file" and proposer in (Proposer.SELFMOD, Proposer.FORK):
        severity = Severity.MEDIUM
    return row(rule, (1, 1, 1, 1), severity, pattern.fails, sentence(pattern, what), text=what)
