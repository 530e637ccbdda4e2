"""Real bare repositories, and git over HTTP. The one file of the stand-in that starts processes.

Functions of a `Bare` take and give commits as full hexadecimal names. Nothing of the machine's own git configuration
is read. Needs git 2.38 or newer (`merge-tree --write-tree`)."""

import os
import re
import subprocess
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

ZERO = "0" * 40
SHA = re.compile(r"[0-9a-f]{40}")
Files = Mapping[str, str | bytes | None]
"""Content by path; None removes the file."""


_SETTINGS = """[uploadpack]
	allowAnySHA1InWant = true
	allowFilter = true
[http]
	receivepack = true
[receive]
	hideRefs = refs/pull
	denyDeleteCurrent = refuse
[gc]
	auto = 0
[core]
	logAllRefUpdates = false
"""


class GitFailed(Exception):
    """git ended with an error; the text is what it said."""


@dataclass(frozen=True)
class Ident:
    """Who made a commit, and when (seconds since the epoch, in UTC)."""

    name: str
    email: str
    when: float


@dataclass(frozen=True)
class Commit:
    sha: str
    tree: str
    parents: tuple[str, ...]
    author: Ident
    committer: Ident
    message: str


@dataclass(frozen=True)
class Entry:
    """One line of a tree. `size` in bytes, None for what is no blob."""

    mode: str
    kind: str
    sha: str
    path: str
    size: int | None


@dataclass(frozen=True)
class Changed:
    """One file of a difference. `status` as GitHub names it; `patch` None for binary files."""

    path: str
    previous: str | None
    status: str
    additions: int
    deletions: int
    sha: str
    patch: str | None


@dataclass(frozen=True)
class Bare:
    """A bare repository in this folder."""

    path: Path

    @cached_property
    def _env(self) -> dict[str, str]:
        return {
            "PATH": os.environ.get("PATH", os.defpath),
            "GIT_DIR": str(self.path),
            "HOME": str(self.path),
            "GIT_CONFIG_NOSYSTEM": "1",
            "GIT_CONFIG_GLOBAL": os.devnull,
            "GIT_TERMINAL_PROMPT": "0",
            "GIT_NO_REPLACE_OBJECTS": "1",
            "LC_ALL": "C.UTF-8",
        }

    @cached_property
    def _known(self) -> dict[tuple[str, ...], Any]:
        """What was asked of commits before: objects never change."""
        return {}

    def run(self, *arguments: str, data: bytes = b"", env: Mapping[str, str] | None = None) -> bytes:
        """What git printed. Raises GitFailed where it ends with an error."""
        done = subprocess.run(
            ("git", *arguments), input=data, env=self._env | dict(env or {}), capture_output=True, timeout=60
        )
        if done.returncode:
            raise GitFailed(f"git {arguments[0]}: {done.stderr.decode('utf-8', 'replace').strip()}")
        return done.stdout

    def text(self, *arguments: str, data: bytes = b"") -> str:
        return self.run(*arguments, data=data).decode("utf-8", "surrogateescape").strip()

    @classmethod
    def make(cls, path: Path, branch: str) -> "Bare":
        """A new one whose HEAD is this branch. What GitHub's servers allow is set: any commit may be fetched, and
        refs/pull is hidden from pushes."""
        path.mkdir(parents=True)
        bare = cls(path)
        bare.run("init", "--quiet", "--bare", "--template=", f"--initial-branch={branch}", str(path))
        with (path / "config").open("a") as config:
            config.write(_SETTINGS)
        return bare

    # ── refs ──

    def refs(self, prefix: str = "refs/") -> dict[str, str]:
        """The commit of every ref under this prefix."""
        lines = self.text("for-each-ref", "--format=%(objectname) %(refname)", prefix).splitlines()
        return {name: sha for sha, _, name in (line.partition(" ") for line in lines)}

    def resolve(self, name: str) -> str | None:
        """The commit that a branch, tag or (abbreviated) commit names; None for what is none."""
        if not name or name.startswith("-") or any(c in name for c in "\0\n ^~:?*[\\") or ".." in name or "@{" in name:
            return None
        if SHA.fullmatch(name):
            return self._commit_at(name)
        refs = self.refs()
        for ref in (name, f"refs/heads/{name}", f"refs/tags/{name}", f"refs/{name}"):
            if ref in refs:
                return self._commit_at(refs[ref])
        return self._commit_at(name) if re.fullmatch(r"[0-9a-f]{4,39}|HEAD", name) else None

    def _commit_at(self, name: str) -> str | None:
        """The commit of an object (a tag may point to it)."""
        if ("commit", name) in self._known:
            return name
        try:
            return self.text("rev-parse", "--quiet", "--verify", "--end-of-options", f"{name}^{{commit}}")
        except GitFailed:
            return None

    def tip(self, branch: str) -> str | None:
        return self.refs(f"refs/heads/{branch}").get(f"refs/heads/{branch}")

    def set_ref(self, name: str, sha: str, old: str | None = None) -> None:
        """`old` None: whatever it was; `ZERO`: it must not be there."""
        self.run("update-ref", name, sha, *(() if old is None else (old,)))

    def delete_ref(self, name: str) -> None:
        self.run("update-ref", "-d", name)

    def is_valid_ref(self, name: str) -> bool:
        try:
            self.run("check-ref-format", name)
        except GitFailed:
            return False
        return not name.startswith("-")

    def fetch(self, other: "Bare", sha: str, ref: str) -> None:
        """Brings a commit of another repository here, under this ref."""
        if not self.has(sha):
            self.run("fetch", "--quiet", "--no-tags", "--no-write-fetch-head", str(other.path), sha)
        self.set_ref(ref, sha)

    # ── history ──

    def has(self, sha: str) -> bool:
        try:
            self.run("cat-file", "-e", sha)
        except GitFailed:
            return False
        return True

    def kind(self, sha: str) -> str | None:
        try:
            return self.text("cat-file", "-t", sha)
        except GitFailed:
            return None

    def is_ancestor(self, old: str, new: str) -> bool:
        return self.merge_base(old, new) == old

    def merge_base(self, one: str, other: str) -> str | None:
        key = ("merge-base", one, other)
        if key not in self._known:
            try:
                self._known[key] = self.text("merge-base", one, other)
            except GitFailed:
                return None
        return str(self._known[key])

    def commit(self, sha: str) -> Commit:
        key = ("commit", sha)
        if key not in self._known:
            self._known[key] = parse_commit(sha, self.run("cat-file", "commit", sha).decode("utf-8", "replace"))
        found: Commit = self._known[key]
        return found

    def log(self, include: str, exclude: str | None = None, path: str = "", most: int = 250) -> list[str]:
        """Commits, the newest first."""
        rest = ("--", path) if path else ("--",)
        without = (f"^{exclude}",) if exclude else ()
        return self.text("rev-list", "--topo-order", f"--max-count={most}", include, *without, *rest).split()

    def counts(self, base: str, head: str) -> tuple[int, int]:
        """How many commits `head` is behind and ahead of `base`."""
        key = ("counts", base, head)
        if key not in self._known:
            self._known[key] = self.text("rev-list", "--left-right", "--count", f"{base}...{head}").split()
        behind, ahead = self._known[key]
        return int(behind), int(ahead)

    # ── content ──

    def blob(self, sha: str) -> bytes:
        return self.run("cat-file", "blob", sha)

    def tree(self, sha: str, recursive: bool = False) -> list[Entry]:
        out = self.run("ls-tree", "-z", "-l", *(("-r", "-t") if recursive else ()), sha).decode("utf-8", "replace")
        entries = []
        for line in filter(None, out.split("\0")):
            facts, _, path = line.partition("\t")
            mode, kind, name, size = facts.split()
            entries.append(Entry(mode, kind, name, path, int(size) if size.isdecimal() else None))
        return entries

    def entry(self, commit: str, path: str) -> Entry | None:
        """What lies at this path; for the root an entry of the tree itself."""
        path = path.strip("/")
        if not path:
            return Entry("040000", "tree", self.text("rev-parse", f"{commit}^{{tree}}"), "", None)
        out = self.run("--literal-pathspecs", "ls-tree", "-z", "-l", commit, "--", path).decode("utf-8", "replace")
        for line in filter(None, out.split("\0")):
            facts, _, name = line.partition("\t")
            mode, kind, sha, size = facts.split()
            if name == path:
                return Entry(mode, kind, sha, name, int(size) if size.isdecimal() else None)
        return None

    def write_blob(self, content: bytes) -> str:
        return self.text("hash-object", "-w", "--stdin", data=content)

    def write_tree(self, base: str | None, lines: Sequence[tuple[str, str | None, str]]) -> str:
        """A tree like `base` with these (path, blob or None to remove, mode)."""
        index = {"GIT_INDEX_FILE": str(self.path / f"index-{os.urandom(8).hex()}")}
        try:
            self.run("read-tree", *((base,) if base else ("--empty",)), env=index)
            told = "".join(f"{mode if sha else '0'} {sha or ZERO}\t{path}\0" for path, sha, mode in lines)
            self.run("update-index", "-z", "--index-info", data=told.encode("utf-8", "surrogateescape"), env=index)
            return self.run("write-tree", env=index).decode().strip()
        finally:
            Path(index["GIT_INDEX_FILE"]).unlink(missing_ok=True)

    def write_files(self, base: str | None, files: Files) -> str:
        """A tree like that of the commit `base` with these files; a mode of a file that is there stays."""
        modes = {entry.path: entry.mode for entry in self.tree(base, recursive=True)} if base else {}
        lines: list[tuple[str, str | None, str]] = []
        for path, content in files.items():
            data = content.encode() if isinstance(content, str) else content
            sha = None if data is None else self.write_blob(data)
            lines.append((path, sha, modes.get(path, "100644")))
        return self.write_tree(base, lines)

    def write_commit(
        self, tree: str, parents: Sequence[str], message: str, author: Ident, committer: Ident | None = None
    ) -> str:
        made = committer or author
        env = {
            "GIT_AUTHOR_NAME": author.name,
            "GIT_AUTHOR_EMAIL": author.email,
            "GIT_AUTHOR_DATE": f"{int(author.when)} +0000",
            "GIT_COMMITTER_NAME": made.name,
            "GIT_COMMITTER_EMAIL": made.email,
            "GIT_COMMITTER_DATE": f"{int(made.when)} +0000",
        }
        arguments = [part for parent in parents for part in ("-p", parent)]
        return self.run("commit-tree", tree, *arguments, "-F", "-", data=message.encode(), env=env).decode().strip()

    def merge_tree(self, base: str, head: str) -> str | None:
        """The tree of a merge of both; None where they conflict or share no history."""
        try:
            return self.text("merge-tree", "--write-tree", base, head).splitlines()[0]
        except GitFailed:
            return None

    def diff(self, old: str, new: str) -> list[Changed]:
        """The files that differ between two commits or trees, with their patches as GitHub shows them."""
        key = ("diff", old, new)
        if key not in self._known:
            names = self._names(old, new)
            stats = self._stats(old, new)
            patches = self._patches(old, new, len(names))
            self._known[key] = [
                Changed(path, previous, status, *stats.get(path, (0, 0)), sha, patch)
                for (status, previous, path, sha), patch in zip(names, patches, strict=True)
            ]
        return list(self._known[key])

    def _names(self, old: str, new: str) -> list[tuple[str, str | None, str, str]]:
        parts = self.run("diff-tree", "-r", "-z", "--raw", "--no-abbrev", "-M", old, new).decode("utf-8", "replace")
        words, found = {"A": "added", "D": "removed", "M": "modified", "T": "changed", "R": "renamed"}, []
        fields = parts.split("\0")
        while len(fields) > 1:
            facts = fields.pop(0).lstrip(":").split()
            path, previous = fields.pop(0), None
            if facts[4][0] in "RC":
                previous, path = path, fields.pop(0)
            sha = facts[2] if facts[4][0] == "D" else facts[3]
            found.append((words.get(facts[4][0], "changed"), previous, path, sha))
        return found

    def _stats(self, old: str, new: str) -> dict[str, tuple[int, int]]:
        fields = self.run("diff-tree", "-r", "-z", "--numstat", "-M", old, new).decode("utf-8", "replace").split("\0")
        found = {}
        while len(fields) > 1:
            added, removed, path = fields.pop(0).split("\t")
            if not path:
                fields.pop(0)
                path = fields.pop(0)
            found[path] = (int(added) if added.isdecimal() else 0, int(removed) if removed.isdecimal() else 0)
        return found

    def _patches(self, old: str, new: str, count: int) -> list[str | None]:
        text = self.run("diff-tree", "-r", "-p", "-M", "--no-color", old, new).decode("utf-8", "replace")
        pieces = re.split(r"^diff --git .*\n", text, flags=re.MULTILINE)[1:]
        if len(pieces) != count:
            return [None] * count
        found: list[str | None] = []
        for piece in pieces:
            at = re.search(r"^@@ ", piece, flags=re.MULTILINE)
            found.append(piece[at.start() :].rstrip("\n") if at else None)
        return found

    # ── git over HTTP ──

    def http(self, environ: Mapping[str, str], body: bytes) -> tuple[int, list[tuple[str, str]], bytes]:
        """Answers one request of git's smart protocol with `git http-backend`: status, headers, body."""
        env = self._env | {"GIT_HTTP_EXPORT_ALL": "1", "CONTENT_LENGTH": str(len(body))} | dict(environ)
        env.pop("GIT_DIR")
        env |= {"GIT_PROJECT_ROOT": str(self.path)}
        done = subprocess.run(("git", "http-backend"), input=body, env=env, capture_output=True, timeout=120)
        head, _, rest = done.stdout.partition(b"\r\n\r\n")
        if not head:
            return 500, [], done.stderr
        headers = [(name, value) for name, _, value in (line.partition(": ") for line in head.decode().split("\r\n"))]
        status = next((int(value.split()[0]) for name, value in headers if name.casefold() == "status"), 200)
        return status, [(name, value) for name, value in headers if name.casefold() != "status"], rest


def parse_commit(sha: str, text: str) -> Commit:
    """A commit object as git stores it."""
    head, _, message = text.partition("\n\n")
    lines = [line.partition(" ") for line in head.splitlines() if not line.startswith(" ")]
    facts = {key: value for key, _, value in lines}
    parents = tuple(value for key, _, value in lines if key == "parent")
    return Commit(
        sha, facts["tree"], parents, _ident(facts["author"]), _ident(facts["committer"]), message.rstrip("\n")
    )


def _ident(line: str) -> Ident:
    found = re.fullmatch(r"(.*?) ?<(.*)> (\d+) [+-]\d{4}", line)
    return Ident(found[1], found[2], float(found[3])) if found else Ident(line, "", 0.0)
