"""`selfmod demo`: runs by itself, anywhere, and leaves nothing."""

from pathlib import Path

import pytest

from tests.commands import process
from tests.repositories import Repository

STEPS = (
    "review --all",
    "fix",
    "fix --diff",
    "fix --branch selfmod/fixes",
    "validate --base main --head selfmod/fixes --proposer selfmod",
    "fix --apply && selfmod review --base HEAD",
)


def test_the_sample_without_a_terminal_or_a_name_for_git(home: Path, tmp_path: Path) -> None:
    ran = process("demo", at=tmp_path, env={"GIT_CONFIG_NOSYSTEM": "1", "CI": "true"})
    assert ran.code == 0 and ran.error == ""
    places = [ran.text.index(f"\n$ selfmod {step}\n") for step in STEPS]
    assert places == sorted(places)
    assert "\n  fixed     mutable-default-argument" in ran.text and "committed: selfmod/fixes at " in ran.text
    assert "the change introduces no findings of medium" in ran.text
    assert "  refused   raise-not-implemented" in ran.text
    assert "test_no_order_can_be_cancelled now fails" in ran.text
    assert "  passed   sandbox    tests: 3 passed" in ran.text
    assert "_RISK   score " in ran.text
    assert b"\x1b" not in ran.out
    assert list((home / "tmp").iterdir()) == [] and list(tmp_path.iterdir()) == []


def test_a_copy_that_is_kept(tmp_path: Path, home: Path) -> None:
    ran = process("demo", "--keep", "shown", at=tmp_path)
    shown = Repository(tmp_path / "shown")
    assert ran.code == 0 and "the project is in shown" in ran.text
    assert "selfmod/fixes" in shown.git("branch")
    assert shown.git("diff", "selfmod/fixes") == "" and shown.git("diff", "--stat", "HEAD") != ""
    assert list((home / "tmp").iterdir()) == []


def test_a_project_of_ones_own_stays_as_it_was(repository: Repository, tmp_path: Path, home: Path) -> None:
    repository.put("b.py", "def f(a=[]):\n    return a\n")
    repository.put(".gitattributes", "*.py filter=evil\n")
    repository.git("config", "filter.evil.clean", f"touch '{tmp_path / 'marker'}'; cat")
    before = {path: path.read_bytes() for path in repository.root.rglob("*") if path.is_file()}
    ran = process("demo", "--repo", repository.root, "--keep", tmp_path / "deep" / "shown", at=tmp_path)
    assert ran.code == 0 and "b.py:1" in ran.text
    assert {path: path.read_bytes() for path in repository.root.rglob("*") if path.is_file()} == before
    assert b"a=None" in (tmp_path / "deep" / "shown" / "b.py").read_bytes()
    assert not (tmp_path / "marker").exists()
    assert list((home / "tmp").iterdir()) == []


@pytest.mark.parametrize("content", [None, "x = 1\n"])
def test_a_project_without_faults_ends_early(tmp_path: Path, content: str | None) -> None:
    (tmp_path / "fine").mkdir()
    if content:
        (tmp_path / "fine" / "a.py").write_text(content)
    ran = process("demo", "--repo", "fine", at=tmp_path)
    assert ran.code == 0 and "nothing to write" in ran.text and "fix --diff\n" not in ran.text


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("--repo", "none"), "does not exist"),
        (("--keep", "."), "exists already"),
        (("--keep", "link"), "exists already"),
        (("--keep", "file/shown"), "cannot be made: Not a directory"),
    ],
)
def test_what_cannot_be(tmp_path: Path, home: Path, arguments: tuple[str, ...], said: str) -> None:
    (tmp_path / "file").touch()
    (tmp_path / "link").symlink_to("nowhere")
    ran = process("demo", *arguments, at=tmp_path)
    assert ran.code == 2 and ran.out == b"" and said in ran.error and ran.error.count("\n") == 1
    assert list((home / "tmp").iterdir()) == []
