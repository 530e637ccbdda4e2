"""The changes that can be looked at: of commits, of the working tree, of a patch file, of a change set of ours."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from checks.model.changes import ChangeSet, digest
from checks.model.errors import Refusal
from checks.model.trees import File
from checks.repository import beneath, contents, git, history, lines, listing, objects, paths, worktree
from checks.repository.change import Change, Touched
from checks.repository.scratch import folder as temporary
from checks.repository.snapshot import Overlay, Snapshot, of_commit, overlaid

HELD = 64 * 1024 * 1024
"""Bytes of changed files that are held in memory for what is not committed."""
PATCH_LIMIT = 64 * 1024 * 1024
"""Bytes of a patch."""
APPLY_MEMORY = 2 * 1024 * 1024 * 1024
"""Address space of the git that applies one, in bytes: a small binary patch can claim to become terabytes."""


def of_commits(path: Path, base_rev: str, head_rev: str) -> Change:
    """What `head_rev` has changed since it left `base_rev`. Raises Refusal outside git, and where one is not there or
    they have no common history."""
    root = _root(path)
    base, head = history.merge_base(root, base_rev, head_rev), history.resolve(root, head_rev)
    touched = _touched(history.differing(root, base, head))
    name = f"{base_rev}..{head_rev}"
    return Change(of_commit(root, base), of_commit(root, head), touched, root, base, head, name)


def of_working_tree(path: Path, base_rev: str | None = None) -> Change:
    """What the working tree has changed since HEAD, or since it left `base_rev`; new files that git does not ignore are
    part of it, and a submodule is what the index says. Raises Refusal outside git and without a commit."""
    root = _root(path)
    base = _commit(root, "HEAD") if base_rev is None else history.merge_base(root, base_rev, "HEAD")
    with _scratch(root) as scratch:
        tree = worktree.stored_tree(root, base, scratch.store, scratch.extra, HELD)
        return _uncommitted(root, base, tree, scratch, "the working tree")


def of_patch(path: Path, patch: bytes, name: str, base_rev: str = "HEAD") -> Change:
    """What a patch, as `git diff` or `git format-patch` writes it, makes of `base_rev`. Neither the working tree nor
    the repository changes. Raises Refusal with the place where it does not apply."""
    root = _root(path)
    base = _commit(root, base_rev)
    if len(patch) > PATCH_LIMIT:
        raise Refusal(f"{name} is larger than {PATCH_LIMIT // 1024**2} MiB.", "Split it.")
    if not patch.strip():  # what could not be made is empty too: never passed as a change of nothing
        raise Refusal(f"{name} is empty: there is no change to look at.", "Look at what was to write it.")
    with _scratch(root) as scratch:
        git.output(root, "read-tree", base, extra=scratch.extra)
        options = ("--cached", "--whitespace=nowarn", "--no-ignore-whitespace", "-")
        ran = git.run(root, "apply", *options, stdin=patch, extra=scratch.extra, memory=APPLY_MEMORY)
        if ran.status != 0:
            raise Refusal(f"{name} does not apply to {base_rev}: {_said(ran.error)}.", "Make it anew on that commit.")
        tree = git.output(root, "write-tree", "--missing-ok", extra=scratch.extra).decode().strip()
        return _uncommitted(root, base, tree, scratch, name)


def of_change_set(path: Path, change_set: ChangeSet) -> Change:
    """What a change set makes of the commit that it names (HEAD where it names none), or of the working tree where that
    is what it was made for. Raises Refusal outside git, and where a file is neither."""
    root = _root(path)
    paths.check(change_set)
    base = _commit(root, change_set.base or "HEAD")
    entries = objects.tree(root, base, tuple(each.path for each in change_set.files))
    committed = {each.path: _committed(root, entries.get(each.path)) for each in change_set.files}
    with _scratch(root) as scratch:
        below = base
        if any(committed[each.path] != each.before for each in change_set.files):
            _refuse_stale(root, change_set)
            below = worktree.stored_tree(root, base, scratch.store, scratch.extra, HELD)
        modes = {each.path: each.new_mode for each in history.differing(root, base, below, scratch.extra)}
        records, gone = [], []
        for each in change_set.files:
            if each.after is None:
                gone.append(each.path)
                continue
            old = modes.get(each.path) or (entries[each.path].mode if each.path in entries else None)
            # The mode of a file that was there is kept, as where a change set is written.
            mode = old if old in history.MODES else "100755" if each.executable else "100644"
            records.append((mode, objects.write_loose(scratch.store, each.after, base), each.path))
        tree = worktree.tree_with(root, below, records, gone, scratch.extra)
        name = change_set.summary or "the change"
        return _uncommitted(root, base, tree, scratch, name, None if below == base else below)


def shipped(change: Change, side: str, limit: int) -> Iterator[File]:
    """Every file of one side, `base` or `head`, whatever its size, and links: what is laid out for a run.

    Raises Refusal where they have more than `limit` bytes together, or one of them is held nowhere."""
    snapshot = {"base": change.base, "head": change.head}[side]
    source = snapshot.source
    if snapshot.root is not None and snapshot.commit is not None:
        yield from contents.of_commit(snapshot.root, snapshot.commit, limit)
    elif isinstance(source, Overlay) and snapshot.root is not None and change.base_commit is not None:
        if source.unheld:
            raise Refusal(f"{history.shown(min(source.unheld))} is too large to be tried.", "Commit it first.")
        on_top = [file for file in source.changed.values() if file is not None]
        entries = objects.tree(snapshot.root, change.base_commit)
        below = {path: blob for path, blob in entries.items() if path not in source.changed}
        room = limit - sum(len(file.content) for file in on_top)
        yield from contents.of_entries(snapshot.root, below, room)
        yield from on_top
    elif snapshot.root is not None and snapshot.commit is None:
        over = source.changed if isinstance(source, Overlay) else {}
        hidden = set(over)
        root = snapshot.root
        if git.find_root(root) is not None:
            there = contents.of_listed(root, (name for name in listing.named(root) if name not in hidden), limit)
        else:
            there = (file for file in contents.of_folder(root, limit) if file.path not in hidden)
        yield from there
        yield from (file for file in over.values() if file is not None)
    else:
        for entry in snapshot.files:
            yield File(entry.path, snapshot.read(entry.path), "100755" if entry.executable else "100644")


def added_lines(change: Change) -> dict[str, frozenset[int]]:
    """For each path that is a file after the change the lines, from 1, that it adds or edits; files that are not read
    (see `Snapshot.skipped`) are left out. Lines end with LF, CRLF or CR."""
    here = {entry.path for entry in change.head.files}
    found = {}
    for each in change.present():
        if each.path in here:
            old, new = texts(change, each)
            if new is not None:
                found[each.path] = lines.line_map(old or b"", new).added
    return found


def removed_lines(change: Change) -> dict[str, int]:
    """For each path how many lines the change takes away or edits; files that are not read are left out."""
    found = {}
    for each in change.touched:
        old, new = texts(change, each)
        if old is not None:
            before = old.splitlines()
            kept = len(lines.pairs(before, (new or b"").splitlines()))
            found[each.path] = len(before) - kept
    return found


def texts(change: Change, touched: Touched) -> tuple[bytes | None, bytes | None]:
    """The bytes before and after; None where no file is or it is not read."""
    return read(change.base, touched.was), read(change.head, touched.path)


def read(snapshot: Snapshot, path: str) -> bytes | None:
    """The bytes of a file, None where there is none or it cannot be read."""
    try:
        return snapshot.read(path)
    except OSError:
        return None


def link_target(snapshot: Snapshot, path: str) -> str | None:
    """Where a symbolic link leads, as it is written; None where no link is or it cannot be read. Bytes that are no
    UTF-8 are lone surrogates."""
    source = snapshot.source
    if isinstance(source, Overlay):
        file = source.changed.get(path)
        return history.text(file.content) if file is not None and file.mode == "120000" else None
    if snapshot.root is None or snapshot.commit is None:
        return None
    entry = objects.tree(snapshot.root, snapshot.commit, (path,)).get(path)
    if entry is None or entry.mode != "120000":
        return None
    return history.text(objects.content(snapshot.root, entry.name))


def _root(path: Path) -> Path:
    git.refuse_outward(path)
    root = git.find_root(path)
    if root is None:
        raise git.outside(path, "there is no change to look at", "Make it one: git init")
    return root


def _commit(root: Path, rev: str) -> str:
    if rev == "HEAD" and history.head(root) is None:
        raise Refusal(f"{root} has no commit to compare with.", "Commit first.")
    return history.resolve(root, rev)


@dataclass(frozen=True, slots=True)
class _Scratch:
    store: Path
    extra: dict[str, str]


@contextmanager
def _scratch(root: Path) -> Iterator[_Scratch]:
    """An index and an object folder of our own, gone at the end."""
    with temporary() as folder:
        store = folder / "objects"
        store.mkdir()
        yield _Scratch(store, worktree.beside(root, folder))


def _uncommitted(root: Path, base: str, tree: str, scratch: _Scratch, name: str, below: str | None = None) -> Change:
    """The change to a tree that is nowhere but in the scratch folder: from the commit, or from the tree `below`."""
    bottom = of_commit(root, base)
    head = _overlaid(bottom, root, history.differing(root, base, tree, scratch.extra), scratch)
    before = bottom
    if below is not None:
        before = _overlaid(bottom, root, history.differing(root, base, below, scratch.extra), scratch)
    touched = _touched(history.differing(root, below or base, tree, scratch.extra))
    return Change(before, head, touched, root, base, None, name)


def _overlaid(bottom: Snapshot, root: Path, found: tuple[history.Differing, ...], scratch: _Scratch) -> Snapshot:
    """The snapshot of a commit with what differs from it in a tree of the scratch folder."""
    changed: dict[str, File | None] = {each.old_path: None for each in found}
    changed |= {each.path: None for each in found}
    wanted = {each.path: each for each in found if each.new_mode in contents.MODES}
    names = sorted({each.new_name for each in wanted.values() if each.new_name})
    sizes = _sizes(root, names, scratch)
    kept: set[str] = set()
    left = HELD
    for name in sorted(sizes, key=lambda name: sizes[name]):
        left -= sizes[name]
        if left >= 0:
            kept.add(name)
    known = dict(_blobs(root, sorted(kept), scratch))
    unheld = {}
    for path, each in wanted.items():
        content = known.get(each.new_name or "")
        if content is None:
            unheld[path] = sizes.get(each.new_name or "", -1)
        else:
            changed[path] = File(path, content, contents.MODES[each.new_mode or ""])
    return overlaid(bottom, changed, unheld, [each.path for each in found if each.new_mode == "160000"])


def _sizes(root: Path, names: list[str], scratch: _Scratch) -> dict[str, int]:
    """The sizes of those blobs that are there."""
    given = "".join(name + "\n" for name in names).encode()
    answers = git.output(root, "cat-file", "--batch-check", stdin=given, extra=scratch.extra).decode().splitlines()
    rows = [line.split() for line in answers]
    return {row[0]: int(row[2]) for row in rows if len(row) == 3 and row[1] == "blob"}


def _blobs(root: Path, names: list[str], scratch: _Scratch) -> Iterator[tuple[str, bytes]]:
    given = "".join(name + "\n" for name in names).encode()
    rest = memoryview(git.output(root, "cat-file", "--batch", stdin=given, extra=scratch.extra))
    for name in names:
        end = bytes(rest[:200]).index(b"\n")
        size = int(bytes(rest[:end]).split()[2])
        yield name, bytes(rest[end + 1 : end + 1 + size])
        rest = rest[end + size + 2 :]


def _touched(found: tuple[history.Differing, ...]) -> tuple[Touched, ...]:
    return tuple(_one(each) for each in found)


def _one(each: history.Differing) -> Touched:
    modes = each.old_mode, each.new_mode
    if each.old_mode is None:
        return Touched(each.path, "added", None, *modes)
    if each.new_mode is None:
        return Touched(each.path, "deleted", None, *modes)
    if each.path != each.old_path:
        return Touched(each.path, "renamed", each.old_path, *modes)
    return Touched(each.path, "modified", None, *modes)


def _said(error: str) -> str:
    """Git's own word on what is wrong, without control characters: names of files come from the patch."""
    text = [re.sub(r"^(error|fatal): ", "", line) for line in error.splitlines() if line.strip()]
    first = next((line for line in text if line.startswith(("patch failed", "corrupt"))), text[0] if text else "")
    first = first.partition(" (allow with")[0]  # an option of git that nobody can give here
    return "".join(c if c.isprintable() else "?" for c in first)[:300] or "git gives no reason"


def _committed(root: Path, entry: objects.Blob | None) -> str | None:
    if entry is None or entry.mode not in history.MODES:
        return None
    return digest(objects.content(root, entry.name))


def _refuse_stale(root: Path, change_set: ChangeSet) -> None:
    """Raises Refusal for a file that is not in the working tree as the change set has it either."""
    for each in change_set.files:
        try:
            now = digest(beneath.read(root, each.path, HELD)[0])
        except OSError:
            now = None
        if now != each.before:
            raise Refusal(f"{history.shown(each.path)} is not what the change was made for.", "Make it anew.")
