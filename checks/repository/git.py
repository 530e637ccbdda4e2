"""git for repositories that nobody vouches for: nothing in them gets to run a program.

What a repository's own configuration can name, and what meets it:

- hooks: `core.hooksPath`; the hooks that git 2.54 and newer take from `hook.<name>.command` are switched off by name.
- `core.fsmonitor`, `core.worktree`, split indexes, sparse checkouts, attribute and ignore files: overridden.
- filters, diff drivers, `gpg.program`: only commands are used that have no need of them (see HOOKED and callers);
  no caller may use `status`, `add`, `checkout`, `diff` of a work tree or `commit`, nor `log` or `show` with a diff.
  What needs more than that (a merge, writing a work tree) is done in a repository of our own, `reverting/bench.py`.
- `log.showSignature`, by which `log` and `show` have a signature verified by whatever `gpg.program` names: overridden.
- a partial clone that fetches a missing object through `core.sshCommand` or `ext::`: every transport is forbidden.
- an other owner's repository: `GIT_DIR` is named, so `safe.directory` is not asked; the above is why that is harmless.

Variables of the caller that start with `GIT_` are dropped. A pre-commit hook is run with `GIT_INDEX_FILE`: the work
tree is what gets analysed, and the index serves only to list tracked files, so the ordinary index does.
"""

import os
import re
import shlex
import shutil
import signal
import subprocess
import tempfile
import threading
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from checks.model.errors import Refusal

TIME_LIMIT = 60.0
"""Seconds for one git command."""
OUTPUT_LIMIT = 256 * 1024 * 1024
"""Bytes of standard output of one git command."""
HOOKED = frozenset({"apply", "read-tree", "update-index", "update-ref", "write-tree"})
"""Commands of ours that look for hooks."""

_FIXED = {
    "core.hooksPath": "/dev/null",
    "core.fsmonitor": "false",
    "core.attributesFile": "/dev/null",
    "core.excludesFile": "/dev/null",
    "core.untrackedCache": "false",
    "core.splitIndex": "false",
    "core.sparseCheckout": "false",
    "core.pager": "cat",
    "core.sshCommand": "false",
    "core.quotePath": "true",
    "credential.helper": "",
    "diff.external": "",
    "diff.ignoreSubmodules": "all",
    "log.showSignature": "false",
    "protocol.allow": "never",
    "safe.bareRepository": "explicit",
    "submodule.recurse": "false",
    "commit.gpgSign": "false",
}
_OPTIONS = tuple(part for key, value in _FIXED.items() for part in ("-c", f"{key}={value}"))
_BOUNDED = 'ulimit -v "$0" 2>/dev/null; exec "$@"'
"""A limit set from outside, once the process runs, may come too late. Not every system knows this one."""
_SIZED = 'ulimit -f "$0" 2>/dev/null; exec "$@"'
"""The same for the size of a file that is written; in blocks of 512 bytes."""
_SMALL_WINDOWS = ("-c", "core.packedGitWindowSize=16m", "-c", "core.packedGitLimit=128m")
"""Packs are mapped in pieces where address space is bounded: they may be larger than the bound."""


@dataclass(frozen=True, slots=True)
class Ran:
    """What one git command left: exit status, standard output, standard error."""

    status: int
    output: bytes
    error: str


def environment() -> dict[str, str]:
    """The whole environment of a git process: nothing of the caller's but `PATH` without relative folders."""
    folders = os.environ.get("PATH", os.defpath).split(os.pathsep)
    path = os.pathsep.join(folder for folder in folders if Path(folder).is_absolute())
    return {
        "PATH": path,
        "HOME": "/nonexistent",
        "LC_ALL": "C",
        "GIT_CONFIG_NOSYSTEM": "1",
        "GIT_CONFIG_GLOBAL": "/dev/null",
        "GIT_ATTR_NOSYSTEM": "1",
        # An empty list beats any `protocol.<name>.allow` of the repository; the next is for git 2.45 and newer.
        "GIT_ALLOW_PROTOCOL": "",
        "GIT_NO_LAZY_FETCH": "1",
        "GIT_NO_REPLACE_OBJECTS": "1",
        "GIT_OPTIONAL_LOCKS": "0",
        "GIT_LITERAL_PATHSPECS": "1",
        "GIT_TERMINAL_PROMPT": "0",
        "GIT_ASKPASS": "false",
        "GIT_EDITOR": "false",
        "GIT_PAGER": "cat",
    }


def command(root: Path, *arguments: str) -> tuple[list[str], dict[str, str]]:
    """The argument list and the environment of a hardened git in the work tree `root`.

    Raises Refusal where git is not installed."""
    env = environment()
    program = shutil.which("git", path=env["PATH"])
    if program is None:
        raise Refusal("git is not installed.", "Install it: apt-get install git  (or name a folder outside git)")
    top = root.absolute()
    env |= {"GIT_DIR": str(top / ".git"), "GIT_WORK_TREE": str(top)}
    return [program, "--no-pager", *_OPTIONS, *arguments], env


def run(
    root: Path,
    *arguments: str,
    stdin: bytes = b"",
    extra: Mapping[str, str] | None = None,
    timeout: float = TIME_LIMIT,
    limit: int = OUTPUT_LIMIT,
    memory: int | None = None,
    largest: int | None = None,
) -> Ran:
    """Runs git in the work tree `root`. `extra` adds variables; `timeout` is seconds, `limit` bytes of output, `memory`
    bytes of address space, `largest` bytes of any file that it writes.

    Raises Refusal where git is missing, takes too long or says too much; a failure of git is a status."""
    line, env = command(root, *arguments)
    if memory is not None:
        line = ["/bin/sh", "-c", _BOUNDED, str(memory // 1024), line[0], *_SMALL_WINDOWS, *line[1:]]
    if largest is not None:
        line = ["/bin/sh", "-c", _SIZED, str(largest // 512), *line]
    if arguments[0] in HOOKED:
        env |= _hooks_off(root)
    env |= extra or {}
    with tempfile.TemporaryFile() as given, tempfile.TemporaryFile() as errors:
        given.write(stdin)
        given.seek(0)
        output, status, late = _collect(line, env, root, given.fileno(), errors.fileno(), timeout, limit)
        if late:
            raise Refusal(f"git {arguments[0]} took longer than {timeout:g} s in {root}.", "Name fewer files.")
        if len(output) > limit:
            raise Refusal(f"git {arguments[0]} said more than {limit} bytes in {root}.", "Name fewer files.")
        errors.seek(0)
        return Ran(status, output, errors.read(20_000).decode("utf-8", "replace"))


def _collect(
    line: list[str], env: dict[str, str], root: Path, given: int, errors: int, timeout: float, limit: int
) -> tuple[bytes, int, bool]:
    """Standard output up to one byte over the limit, the exit status, whether time ran out."""
    late = threading.Event()
    child = subprocess.Popen(
        line, cwd=root, env=env, stdin=given, stdout=subprocess.PIPE, stderr=errors, start_new_session=True
    )

    def stop() -> None:
        late.set()
        _kill(child)

    timer = threading.Timer(timeout, stop)
    timer.daemon = True
    try:
        timer.start()
        output = child.stdout.read(limit + 1) if child.stdout else b""
        if len(output) > limit:
            _kill(child)
        return output, child.wait(), late.is_set()
    finally:
        timer.cancel()
        timer.join()  # whoever forks after us must find no thread
        _kill(child)
        child.wait()
        if child.stdout is not None:
            child.stdout.close()


def _kill(child: subprocess.Popen[bytes]) -> None:
    """Ends the child with everything that it started; a child that was waited for is left alone."""
    if child.returncode is None:
        with suppress(ProcessLookupError):
            os.killpg(child.pid, signal.SIGKILL)


def _hooks_off(root: Path) -> dict[str, str]:
    """Variables that disable each hook that the repository's configuration names, whatever characters its name has."""
    keys = output(root, "config", "--list", "--name-only", "-z").split(b"\0")
    found = {m[1] for m in (re.fullmatch(rb"hook\.(.*)\.[^.]+", key, re.DOTALL) for key in keys) if m}
    pairs = [(f"hook.{name.decode('utf-8', 'surrogateescape')}.enabled", "false") for name in sorted(found)]
    variables = {"GIT_CONFIG_COUNT": str(len(pairs))}
    for number, (key, value) in enumerate(pairs):
        variables |= {f"GIT_CONFIG_KEY_{number}": key, f"GIT_CONFIG_VALUE_{number}": value}
    return variables


def output(root: Path, *arguments: str, stdin: bytes = b"", extra: Mapping[str, str] | None = None) -> bytes:
    """Standard output of a git command that is expected to succeed.

    Raises Refusal with git's own first line where it does not."""
    ran = run(root, *arguments, stdin=stdin, extra=extra)
    if ran.status != 0:
        said = next((text for text in ran.error.splitlines() if text.strip()), f"exit status {ran.status}")
        raise Refusal(f"git {arguments[0]} failed in {root}: {said}", "Check the repository with: git fsck")
    return ran.output


def find_root(path: Path) -> Path | None:
    """The root of the work tree that contains `path` (absolute, links resolved), or None outside git. Runs nothing."""
    place = path.resolve()
    return next((folder for folder in (place, *place.parents) if _is_root(folder)), None)


def outside(place: Path, what: str, hint: str) -> Refusal:
    """What is said where a path is in no work tree: `what` there is not, and `hint`; a bare repository is named as
    one."""
    there = place.resolve()
    bare = next((folder for folder in (there, *there.parents) if _is_bare(folder)), None)
    if bare is None:
        return Refusal(f"{place} is not in a git repository: {what}.", hint)
    return Refusal(
        f"{place} is in a bare git repository, which has no files to work on: {what}.",
        f"Clone it and go there: git clone {shlex.quote(str(bare))}",
    )


def _is_bare(folder: Path) -> bool:
    return os.path.lexists(folder / "HEAD") and (folder / "objects").is_dir() and (folder / "refs").is_dir()


def _is_root(folder: Path) -> bool:
    mark = folder / ".git"
    try:
        if mark.is_file():
            with mark.open("rb") as opened:
                return opened.read(8) == b"gitdir: "
        return os.path.lexists(mark / "HEAD") and (mark / "objects").is_dir()
    except OSError:
        return False


def refuse_outward(path: Path) -> None:
    """Raises Refusal where the path, as it is written, lies in a work tree, and a link on its way leads out of that:
    whoever made the repository chose the link, and it could name any file of this machine."""
    named, place = Path(os.path.abspath(path)), path.resolve()  # noqa: PTH100  # links are not to be resolved
    for folder in named.parents:
        if _is_root(folder) and not place.is_relative_to(folder.resolve()):
            raise Refusal(f"{path} is reached through a link that leads out of {folder}.", f"Name {place} itself.")
