import os
import signal
import stat
import sys
import threading
from pathlib import Path
from types import FrameType

import pytest

from checks.model.changes import ChangeSet, FileChange, digest
from checks.model.errors import Refusal
from checks.repository.writing import apply
from tests.forks import forked


def change(path: str, before: bytes | None, after: bytes | None, *, executable: bool = False) -> FileChange:
    return FileChange(path, None if before is None else digest(before), after, executable)


def changes(*files: FileChange) -> ChangeSet:
    return ChangeSet(None, files)


def contents(root: Path) -> dict[str, bytes | str]:
    """Everything beneath the root but git's folder; a folder is an empty text, a link its target."""
    found: dict[str, bytes | str] = {}
    for place in sorted(root.rglob("*")):
        name = place.relative_to(root).as_posix()
        if not name.startswith(".git"):
            found[name] = str(place.readlink()) if place.is_symlink() else "" if place.is_dir() else place.read_bytes()
    return found


@pytest.fixture
def tree(tmp_path: Path) -> Path:
    root = tmp_path / "tree"
    (root / "pkg").mkdir(parents=True)
    for name in ("a.py", "pkg/b.py", "gone.py"):
        (root / name).write_bytes(b"old\n")
    (root / "a.py").chmod(0o750)
    (root / "out").symlink_to(tmp_path)
    (root / "link.py").symlink_to("a.py")
    return root


ALL = changes(
    change("a.py", b"old\n", b"new\n"),
    change("pkg/b.py", b"old\n", b"new\r\n\xff", executable=True),
    change("gone.py", b"old\n", None),
    change("made/deeper/c.py", None, b"c\n"),
    change("made/run", None, b"#!\n", executable=True),
)
BEFORE = {"a.py": b"old\n", "gone.py": b"old\n", "link.py": "a.py", "out": None, "pkg": "", "pkg/b.py": b"old\n"}
MADE = {"made": "", "made/deeper": "", "made/deeper/c.py": b"c\n", "made/run": b"#!\n"}
AFTER = BEFORE | MADE | {"a.py": b"new\n", "pkg/b.py": b"new\r\n\xff"}
del AFTER["gone.py"]


def state(root: Path) -> dict[str, bytes | str | None]:
    return contents(root) | {"out": None}


def test_write(tree: Path) -> None:
    apply.write(ALL, tree)
    assert state(tree) == AFTER
    modes = {
        name: stat.S_IMODE((tree / name).stat().st_mode)
        for name in ("a.py", "pkg/b.py", "made/run", "made/deeper/c.py")
    }
    mask = os.umask(0)
    os.umask(mask)
    assert modes == {
        "a.py": 0o750,
        "pkg/b.py": 0o666 & ~mask,
        "made/run": 0o777 & ~mask,
        "made/deeper/c.py": 0o666 & ~mask,
    }


REFUSED = {
    "stale": change("pkg/b.py", b"other\n", b"x\n"),
    "missing": change("nope.py", b"old\n", b"x\n"),
    "missing to delete": change("nope.py", b"old\n", None),
    "appeared": change("pkg/b.py", None, b"x\n"),
    "a folder is there": change("pkg", None, b"x\n"),
    "a link": change("link.py", b"old\n", b"x\n"),
    "new over a link": change("link.py", None, b"x\n"),
    "behind a link": change("out/new.py", None, b"x\n"),
    "behind a file": change("a.py/new.py", None, b"x\n"),
    "upwards": change("../new.py", None, b"x\n"),
    "git": change(".git/hooks/pre-commit", None, b"x\n"),
    "too long a name": change("n" * 300, None, b"x\n"),
}


@pytest.mark.parametrize("case", REFUSED)
def test_one_refused_file_leaves_all_as_they_were(tree: Path, tmp_path: Path, case: str) -> None:
    outside = sorted(tmp_path.iterdir())
    with pytest.raises(Refusal) as caught:
        apply.write(changes(change("gone.py", b"old\n", None), change("made/c.py", None, b"c\n"), REFUSED[case]), tree)
    assert REFUSED[case].path in str(caught.value)
    assert state(tree) == BEFORE and sorted(tmp_path.iterdir()) == outside


def _write_with_interrupt(change_set: ChangeSet, root: Path, at: int) -> bool:
    """Writes, with a KeyboardInterrupt at the line number `at` that apply.py executes; whether it came so far."""
    count = 0

    def trace(frame: FrameType, event: str, _: object):
        nonlocal count
        if frame.f_code.co_filename != apply.__file__:
            return None
        if event == "line" and signal.getsignal(signal.SIGINT) is signal.default_int_handler:
            count += 1
            if count == at:
                raise KeyboardInterrupt
        return trace

    former = sys.gettrace()
    sys.settrace(trace)
    try:
        apply.write(change_set, root)
    except KeyboardInterrupt:
        pass
    finally:
        sys.settrace(former)
    return count >= at


def _interrupt_everywhere(root: Path) -> str:
    """Interrupts one write after the other, each a line later, until one is finished; what was seen, in words."""
    mode = (root / "a.py").stat().st_mode
    at = 1
    while _write_with_interrupt(ALL, root, at) and state(root) != AFTER:
        if state(root) != BEFORE or (root / "a.py").stat().st_mode != mode:
            return f"half written at line {at}: {state(root)}"
        at += 1
    return "all or nothing" if state(root) == AFTER and at > 100 else f"ended at line {at}: {state(root)}"


def test_an_interrupt_at_any_line_leaves_all_or_nothing(tree: Path) -> None:
    # an exception out of a trace function can leave the interpreter's state unbalanced
    assert forked(lambda: _interrupt_everywhere(tree)) == "all or nothing"


def test_ctrl_c_while_many_files_are_written(tmp_path: Path) -> None:
    names = [f"f{number}.py" for number in range(400)]
    for name in names:
        (tmp_path / name).write_bytes(b"old\n")
    many = changes(*(change(name, b"old\n", b"new\n") for name in names))
    assert forked(lambda: _interrupted(many, tmp_path)) > 0


def _interrupted(many: ChangeSet, root: Path) -> int:
    """How often a signal came while the files were written, which then were all written or none."""
    interrupted = 0
    for delay in (0.005, 0.02, 0.05):
        sender = threading.Timer(delay, os.kill, (os.getpid(), signal.SIGINT))
        try:
            sender.start()
            try:
                apply.write(many, root)
            finally:  # whoever is late presses here, and not in the middle of another test
                sender.cancel()
                sender.join()
        except KeyboardInterrupt:
            interrupted += 1
        found = set(contents(root).values())
        assert len(found) == 1 and len(contents(root)) == 400
        if found == {b"new\n"}:
            break
    return interrupted


def test_a_root_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(Refusal, match="cannot be changed"):
        apply.write(ALL, tmp_path / "nope")


def test_a_write_from_another_thread(tree: Path) -> None:
    worker = threading.Thread(target=apply.write, args=(ALL, tree))
    worker.start()
    worker.join()
    assert state(tree) == AFTER


def _dirty(repository) -> None:
    repository.put("saved.py", "old\n")
    repository.put("staged.py", "old\n")
    repository.put("dirty.py", "old\n")
    repository.put("dos.py", "a\nb\n")
    repository.commit()
    repository.put("staged.py", "staged\n")
    repository.git("add", "staged.py")
    repository.put("dirty.py", "dirty\n")
    repository.put("dos.py", "a\r\nb\r\n")
    repository.put("untracked.py", "mine\n")


def test_what_is_saved_may_be_overwritten(repository) -> None:
    _dirty(repository)
    files = [("saved.py", b"old\n"), ("staged.py", b"staged\n"), ("dos.py", b"a\r\nb\r\n"), ("new.py", None)]
    apply.refuse_stale(changes(*(change(path, before, b"x\n") for path, before in files)), repository.root)
    repository.git("reset", "-q", "--hard")
    repository.git("checkout", "-q", "--orphan", "fresh")
    apply.refuse_stale(changes(change("saved.py", b"old\n", b"x\n")), repository.root)


def test_what_would_be_lost_is_named(repository) -> None:
    _dirty(repository)
    files = [("saved.py", b"old\n"), ("dirty.py", b"dirty\n"), ("untracked.py", b"mine\n")]
    with pytest.raises(Refusal, match=r"saved nowhere would be lost in dirty\.py, untracked\.py\."):
        apply.refuse_stale(changes(*(change(path, before, b"x\n") for path, before in files)), repository.root)
    (repository.root / "sub").mkdir()
    repository.put("sub/new.py", "mine\n")
    with pytest.raises(Refusal, match=r"lost in new\.py\."):
        apply.refuse_stale(changes(change("new.py", b"mine\n", None)), repository.root / "sub")


@pytest.mark.parametrize("inside", [True, False])
def test_stale_files_are_named(repository, tmp_path: Path, inside: bool) -> None:
    root = repository.root if inside else tmp_path / "plain"
    root.mkdir(exist_ok=True)
    for name in ("same.py", "edited.py", "appeared.py"):
        (root / name).write_text("now\n")
    if inside:
        repository.commit()
    files = [("same.py", b"now\n"), ("edited.py", b"then\n"), ("appeared.py", None), ("gone.py", b"then\n")]
    with pytest.raises(Refusal, match=r"changed since the fix was made: edited\.py, appeared\.py, gone\.py\."):
        apply.refuse_stale(changes(*(change(path, before, b"x\n") for path, before in files)), root)
    apply.refuse_stale(changes(change("same.py", b"now\n", b"x\n")), root)


def test_what_is_no_file_is_refused(repository) -> None:
    (repository.root / "folder").mkdir()
    with pytest.raises(Refusal, match="folder cannot be changed: a folder is there"):
        apply.refuse_stale(changes(change("folder", None, b"y")), repository.root)


def test_a_link_in_the_way_is_refused(repository) -> None:
    (repository.root / "link.py").symlink_to("/etc/passwd")
    (repository.root / "way").symlink_to("/etc")
    for path in ("link.py", "way/passwd"):
        with pytest.raises(Refusal, match="cannot be changed"):
            apply.refuse_stale(changes(change(path, b"x", b"y")), repository.root)
