"""Local copies of repositories: git objects without any checked-out file, fetched commit by commit over HTTPS.

A token is only in the environment of the one git that fetches. What is fetched is hostile: nothing is checked out, no
hook, filter, submodule or other host of its choosing is followed (see `checks.repository.git`), and its commits are
named below `refs/selfmod`, so that nothing is pruned that a job still needs. One process fetches at a time. Copies that
nobody used for long are removed where all of them together are too large (`app.operations.holding`).

*Unverified* against github.com: that commits are given by their name alone, those of forks' pull requests too. git's
protocol version 2 has it so.
"""

import base64
import fcntl
import os
import re
import shutil
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

from app.model.call import Call
from app.model.trouble import Gone, Unavailable
from checks.model.errors import Refusal
from checks.reports.safe import visible
from checks.repository import git

FOLDER = "repositories"
"""In the data folder: one folder for each repository."""
FETCH_TIME = 600.0
"""Seconds for one fetch."""
LARGEST = 4 * 1024**3
"""Bytes of a repository, as GitHub tells its size, that are still fetched; also of one fetched pack."""
KEPT = 1_000
"""Commits that are kept by name; beyond them the oldest half is let go."""
PACKS = 40
"""Packs (one for each fetch) before they are made one."""
SPARE = 256 * 1024**2
"""Bytes of the disk that no fetch takes: what a fork pushed must not stop the databases beside the copies."""
_WAIT = 900.0
"""Seconds to wait for another process that fetches."""
_HELD = 60.0
"""Seconds after which a lock of git's is a dead process's."""
_COMMIT = re.compile(r"[0-9a-f]{40}|[0-9a-f]{64}")
_LATER = re.compile(
    r"returned error: (?:429|5\d\d)|Could not resolve|Failed to connect|Connection (?:refused|reset|timed out)"
    r"|early EOF|timed out|RPC failed|remote end hung up|unexpected disconnect|Couldn't connect"
    r"|\.lock': File exists|too slow"
    r"|Recv failure|SSL|TLS|certificate|proxy",
    re.IGNORECASE,
)
_MISSING = re.compile(r"not our ref|couldn't find remote ref|unadvertised object|bad object", re.IGNORECASE)
_DENIED = re.compile(r"Authentication failed|returned error: 40[13]|could not read Username", re.IGNORECASE)
_NO_REPOSITORY = re.compile(r"returned error: (?:404|410|451)|repository .*not found", re.IGNORECASE)
# how git reaches the network: as its environment says, which it does not get as a whole
_PASSED = ("HTTPS_PROXY", "https_proxy", "ALL_PROXY", "all_proxy", "NO_PROXY", "no_proxy", "http_proxy")


@dataclass(frozen=True, slots=True)
class Source:
    """Where a repository comes from: `url` is git's, `folder` its local root, `repository` is `owner/name`, `size` in
    bytes as GitHub says. `token` gives one that may read the contents; True asks for a new one."""

    url: str
    folder: Path
    repository: str
    token: Callable[[bool], str]
    size: int = 0


def place(data_dir: Path, github_url: str, id: int) -> Path:
    """The folder of a repository: by host and number, because a name can come to mean another one."""
    parts = urlsplit(github_url)
    host = re.sub(r"[^a-z0-9.-]", "_", f"{parts.hostname or ''}-{parts.port or ''}".rstrip("-").lower())
    return data_dir / FOLDER / f"{host.lstrip('.')}-{int(id)}"


def local(source: Source, commits: Sequence[str], told: Callable[[Call], object] = lambda call: None) -> Path:
    """The root of a local repository that holds these commits with their history.

    Raises Gone for what is not there, Refusal for what is too large, Unavailable for what may go better later."""
    for each in commits:
        if not _COMMIT.fullmatch(each):
            raise Gone(f"{each[:80]!r} is no commit")
    if not _lacking(source.folder, commits):
        return source.folder
    with _alone(source.folder):
        _made(source.folder)
        _freed(source.folder)
        if lacking := _lacking(source.folder, commits):
            most = _room(source)
            started, outcome = time.monotonic(), "failed"
            try:
                _fetched(source, lacking, most)
                outcome = "ok"
            finally:
                seconds = time.monotonic() - started
                told(Call("contents", "git fetch", source.repository, outcome, 0, seconds))
            if still := _lacking(source.folder, lacking):
                raise Gone(f"{source.repository} does not have the commit {still[0]}")
            _tidied(source.folder, commits)
    return source.folder


def _name(commit: str) -> str:
    return f"refs/selfmod/commits/{commit}"


def _lacking(folder: Path, commits: Sequence[str]) -> list[str]:
    """Those that are not kept by name yet."""
    if not (folder / ".git" / "HEAD").is_file():
        return list(dict.fromkeys(commits))
    asked = "".join(f"{_name(each)}^{{commit}}\n" for each in commits)
    answered = git.output(folder, "cat-file", "--batch-check=%(objectname)", stdin=asked.encode()).decode().splitlines()
    return [each for each, found in zip(commits, answered, strict=True) if found != each]


@contextmanager
def _alone(folder: Path) -> Iterator[None]:
    """Freed when the process dies, whatever kills it."""
    folder.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    handle = os.open(folder.with_name(folder.name + ".lock"), os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    try:
        end = time.monotonic() + _WAIT
        while True:
            try:
                fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
                break
            except BlockingIOError:
                if time.monotonic() > end:
                    raise Unavailable("another job fetches this repository.", 60.0) from None
                time.sleep(0.05)
        yield
    finally:
        os.close(handle)


def _made(folder: Path) -> None:
    """Made beside its place and moved there whole: others look without the lock, and a kill may come at any time."""
    if (folder / ".git" / "HEAD").is_file():
        return
    fresh = folder.with_name(folder.name + ".new")
    for each in (folder, fresh):
        shutil.rmtree(each, ignore_errors=True)
    fresh.mkdir(parents=True, mode=0o700)
    git.output(fresh, "init", "--quiet", "--template=", "--initial-branch=selfmod")
    for key, value in (("gc.auto", "0"), ("maintenance.auto", "false"), ("core.bare", "false")):
        git.output(fresh, "config", key, value)
    fresh.rename(folder)


def _freed(folder: Path, now: float | None = None) -> None:
    """Removes what a fetch left that was killed: locks that git holds for moments only, and unfinished packs."""
    top, now = folder / ".git", time.time() if now is None else now
    locks = [*top.glob("*.lock"), *(top / "refs").rglob("*.lock")]
    packs = [*(top / "objects" / "pack").glob("tmp_*"), *(top / "objects" / "pack").glob(".tmp-*")]
    for age, found in ((_HELD, locks), (_HELD + FETCH_TIME, packs)):
        for each in found:
            with suppress(OSError):
                if each.stat().st_mtime < now - age:
                    each.unlink()


def _room(source: Source) -> int:
    """Bytes that one fetch may write: the size that GitHub tells does not have what forks pushed."""
    free = shutil.disk_usage(source.folder).free
    if source.size > LARGEST:
        raise Refusal(
            f"{source.repository} has {source.size / 1024**3:.1f} GiB.", f"At most {LARGEST / 1024**3:.0f} are fetched."
        )
    if free < source.size + SPARE:
        raise Refusal(
            f"there is no room for {source.repository}: {free // 1024**2} MiB are free.",
            "Make room in SELFMOD_DATA_DIR.",
        )
    return min(LARGEST, free - SPARE)


def _fetched(source: Source, commits: Sequence[str], most: int) -> None:
    wanted = [f"+{each}:{_name(each)}" for each in commits]
    line = (
        "fetch",
        "--quiet",
        "--no-tags",
        "--no-write-fetch-head",
        "--no-recurse-submodules",
        "--no-auto-maintenance",
    )
    for fresh in (False, True):
        token = source.token(fresh)
        try:
            ran = git.run(
                source.folder,
                *line,
                source.url,
                *wanted,
                extra=environment(source.url, token),
                timeout=FETCH_TIME,
                largest=most,
            )
        except Refusal as refusal:
            if "took longer" not in refusal.reason:
                raise
            raise Refusal(
                f"{source.repository} could not be fetched within {FETCH_TIME:.0f} s.", "Is the network that slow?"
            ) from None
        if ran.status == 0:
            return
        said = redacted(ran.error, token)
        if fresh or not _DENIED.search(said):
            raise _fault(source.repository, said)


def _fault(repository: str, said: str) -> Exception:
    lines = [each for each in said.splitlines() if each.startswith(("fatal:", "error:", "remote:"))]
    shown = visible("; ".join(lines) or said)[:300]
    if re.search(r"invalid index-pack output|died of signal|File too large|No space left", said):
        return Refusal(
            f"{repository} cannot be kept: it is larger than {LARGEST // 1024**3} GiB, or the disk is full.",
            "Make room in SELFMOD_DATA_DIR, or leave this repository out.",
        )
    if _MISSING.search(said) or _NO_REPOSITORY.search(said):
        return Gone(f"{repository}: {shown}")
    if _LATER.search(said):
        return Unavailable(f"{repository} cannot be fetched now: {shown}")
    return Refusal(f"{repository} cannot be fetched: {shown}", "Look whether the App may read its contents.")


def environment(url: str, token: str, environ: Mapping[str, str] = os.environ) -> dict[str, str]:
    """What git gets beside its usual environment: the one protocol of this address, the token for this host only, and
    the proxy and certificates of this process. Raises Refusal for plain http to another machine."""
    parts = urlsplit(url)
    if parts.scheme != "https" and not (parts.scheme == "http" and is_loopback(parts.hostname or "")):
        raise Refusal(
            f"{parts.scheme}://{parts.hostname} is not fetched from.", "Set SELFMOD_GITHUB_URL to an https one."
        )
    origin = f"{parts.scheme}://{parts.netloc}/"
    pairs = {
        "http.followRedirects": "false",
        "fetch.recurseSubmodules": "false",
        # always a pack, whose size is bounded, and never loose objects, whose number is not
        "fetch.unpackLimit": "1",
        # one that stalls ends by itself, also when the process that started it is gone
        "http.lowSpeedLimit": "1000",
        "http.lowSpeedTime": "60",
    }
    if token:
        pairs[f"http.{origin}.extraHeader"] = f"Authorization: Basic {_basic(token)}"
    variables = {"GIT_ALLOW_PROTOCOL": parts.scheme, "GIT_CONFIG_COUNT": str(len(pairs))}
    for number, (key, value) in enumerate(pairs.items()):
        variables |= {f"GIT_CONFIG_KEY_{number}": key, f"GIT_CONFIG_VALUE_{number}": value}
    variables |= {name: environ[name] for name in _PASSED if environ.get(name)}
    if bundle := environ.get("SSL_CERT_FILE") or environ.get("REQUESTS_CA_BUNDLE"):
        variables["GIT_SSL_CAINFO"] = bundle
    return variables


def is_loopback(host: str) -> bool:
    """Whether this name of a host is this machine's own."""
    return host in ("localhost", "::1") or re.fullmatch(r"127(?:\.\d{1,3}){3}", host) is not None


def _basic(token: str) -> str:
    return base64.b64encode(f"x-access-token:{token}".encode()).decode()


def redacted(said: str, token: str) -> str:
    """The text without the token, in either form that was sent."""
    for secret in (token, _basic(token)) if token else ():
        said = said.replace(secret, "***")
    return said


def _tidied(folder: Path, needed: Sequence[str]) -> None:
    """Lets old names go and makes many packs one. Only ever done by who holds the lock."""
    names = git.output(folder, "for-each-ref", "--sort=-creatordate", "--format=%(objectname)", "refs/selfmod/commits")
    kept = names.decode().split()
    if len(kept) > KEPT:
        old = [each for each in kept[KEPT // 2 :] if each not in needed]
        git.output(folder, "update-ref", "--stdin", stdin="".join(f"delete {_name(each)}\n" for each in old).encode())
    packs = sum(1 for _ in (folder / ".git" / "objects" / "pack").glob("*.pack"))
    if packs > PACKS or len(kept) > KEPT:
        # two weeks, as git's own: a job that reads what was just let go is long over by then
        git.run(folder, "gc", "--quiet", "--prune=2.weeks.ago", timeout=FETCH_TIME)
