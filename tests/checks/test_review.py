"""Reviews of real repositories: all, what a change introduces, what is not recorded."""

import subprocess
from collections import Counter
from pathlib import Path

import pytest

import checks.debugging.tools.bandit  # noqa: F401  # workers are forked: this spares each of them the import
from checks.debugging import baseline
from checks.debugging.cache import Cache
from checks.model.errors import Refusal
from checks.model.review import Review
from checks.review import Wish, review_change, review_tree
from tests.repositories import Repository, made

MUTABLE = "def f(a=[]):\n    return a\n"
WISH = Wish(workers=1)


def places(review: Review) -> list[str]:
    """File, line and rule of our own findings."""
    return [f"{f.file}:{f.line} {f.rule}" for f in review.findings if f.tool == "selfmod"]


def unread(review: Review) -> list[tuple[str, str]]:
    return [(note.file, note.reason) for note in review.not_analysed]


IN_A = ["a.py:4 mutable-default-argument", "a.py:6 requests-without-timeout"]
IN_B = ["sub/b.py:1 mutable-default-argument"]


def test_everything_relative_to_the_root(project: Repository) -> None:
    assert places(review_tree(project.root, WISH)) == [*IN_A, *IN_B]
    assert places(review_tree(project.root / "sub", WISH)) == IN_B
    assert places(review_tree(project.root / "a.py", WISH)) == IN_A


def test_in_a_folder_below(project: Repository, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(project.root / "sub")
    assert places(review_tree(Path(), WISH)) == IN_B
    assert places(review_tree(Path("../a.py"), WISH)) == IN_A
    assert places(review_tree(Path(".."), WISH)) == [*IN_A, *IN_B]
    project.put("sub/b.py", MUTABLE * 2)
    assert places(review_change(Path(), "HEAD", WISH)) == ["sub/b.py:3 mutable-default-argument"]


def test_outside_git(tmp_path: Path) -> None:
    (tmp_path / "b.py").write_text(MUTABLE)
    assert places(review_tree(tmp_path, WISH)) == ["b.py:1 mutable-default-argument"]
    assert places(review_tree(tmp_path / "b.py", WISH)) == ["b.py:1 mutable-default-argument"]
    with pytest.raises(Refusal, match="not in a git repository"):
        review_change(tmp_path, "HEAD", WISH)


def test_what_is_switched_off(project: Repository) -> None:
    assert places(review_tree(project.root, Wish(exclude=("sub/",), workers=1))) == IN_A
    for name in ("mutable-default-argument", "B006"):
        assert places(review_tree(project.root, Wish(disable=(name,), workers=1))) == IN_A[1:]


def test_the_second_time_from_the_cache(project: Repository, tmp_path: Path) -> None:
    calls: list[tuple[int, int]] = []
    wish = Wish(cache=Cache(tmp_path / "cache"), workers=1, progress=lambda done, total: calls.append((done, total)))
    first = review_tree(project.root, wish)
    assert calls[-1] == (2, 2)
    calls.clear()
    again = review_tree(project.root, wish)
    assert calls[0] == (2, 2)
    assert again.findings == first.findings


CHANGES = [
    pytest.param({}, [], id="nothing"),
    pytest.param({"a.py": "# new\n\n{a.py}"}, [], id="lines above"),
    pytest.param({"a.py": "{a.py}\n\n" + MUTABLE}, ["a.py:9 mutable-default-argument"], id="one more"),
    pytest.param({"sub/b.py": MUTABLE + "\n\n" + MUTABLE}, ["sub/b.py:5 mutable-default-argument"], id="an equal one"),
    pytest.param({"new.py": MUTABLE}, ["new.py:1 mutable-default-argument"], id="a file that git does not know"),
    pytest.param({"sub/b.py": "def g(a=[]):\n    return a\n"}, ["sub/b.py:1 mutable-default-argument"], id="its line"),
    pytest.param({"sub/b.py": None}, [], id="a file removed"),
    pytest.param({"sub/b.py": None, "c/d.py": MUTABLE}, [], id="a file moved"),
    pytest.param({"a.py": None, "deep/new name.py": "{a.py}x = 1\n"}, [], id="a file moved and changed"),
    pytest.param({"a.py": "{a.py}".replace("load", "fetch")}, [], id="unchanged"),
    pytest.param({"sub/b.py": "def (\n"}, [], id="broken"),
]


@pytest.mark.parametrize(("files", "new"), CHANGES)
@pytest.mark.parametrize("committed", [False, True], ids=["working tree", "committed"])
def test_only_what_the_change_introduces(
    project: Repository, files: dict[str, str | None], new: list[str], committed: bool
) -> None:
    base = project.git("rev-parse", "HEAD").strip()
    for path, content in files.items():
        if content is None:
            (project.root / path).unlink()
        else:
            project.put(path, content.replace("{a.py}", project.git("show", "HEAD:a.py")))
    if committed:
        project.commit()
    assert places(review_change(project.root, base, WISH)) == new


def test_a_renamed_function_keeps_its_old_findings(project: Repository) -> None:
    project.put("a.py", project.read("a.py").replace(b"load(", b"fetch("))
    # the header is a line of the change; the call in the body is not
    assert places(review_change(project.root, "HEAD", WISH)) == IN_A[:1]
    assert review_change(project.root, "HEAD", WISH).older == 1


def test_what_others_did_since_the_branch_was_cut_is_not_the_changes(project: Repository) -> None:
    project.git("switch", "-q", "-c", "topic")
    project.put("mine.py", MUTABLE)
    project.commit()
    project.git("switch", "-q", "main")
    project.put("theirs.py", MUTABLE)
    (project.root / "a.py").unlink()
    project.commit()
    project.git("switch", "-q", "topic")
    assert places(review_change(project.root, "main", WISH)) == ["mine.py:1 mutable-default-argument"]


def test_a_path_restricts_the_change(project: Repository) -> None:
    project.put("new.py", MUTABLE)
    project.put("sub/new.py", MUTABLE)
    assert places(review_change(project.root / "sub", "HEAD", WISH)) == ["sub/new.py:1 mutable-default-argument"]
    assert places(review_change(project.root / "new.py", "HEAD", WISH)) == ["new.py:1 mutable-default-argument"]
    assert places(review_change(project.root / "a.py", "HEAD", WISH)) == []


def test_not_analysed_are_only_files_of_the_change(project: Repository) -> None:
    project.put("old_broken.py", "def (\n")
    project.put("both_broken.py", "def (\n")
    project.put("old_large.py", "#" * (2 * 1024 * 1024 + 1))
    project.put("both_large.py", "#" * (2 * 1024 * 1024 + 1))
    (project.root / "old_link.py").symlink_to("a.py")
    project.commit()
    assert unread(review_change(project.root, "HEAD", WISH)) == []
    project.put("both_broken.py", "def ((\n")
    project.put("both_large.py", "#" * (2 * 1024 * 1024 + 2))
    project.put("new_broken.py", b"\xff\n")
    project.put("new_large.py", "#" * (2 * 1024 * 1024 + 1))
    (project.root / "new_link.py").symlink_to("a.py")
    names = [file for file, _ in unread(review_change(project.root, "HEAD", WISH))]
    assert names == ["both_broken.py", "both_large.py", "new_broken.py", "new_large.py", "new_link.py"]
    assert unread(review_change(project.root, "HEAD", Wish(exclude=("new_*", "both_*"), workers=1))) == []


@pytest.mark.parametrize(
    ("base", "said"),
    [
        ("mian", "Did you mean main?"),
        ("no-such-thing-at-all", "Name a branch, a tag or a commit"),
        ("--all", "has no commit '--all'"),
        ("", "has no commit ''"),
        ("HEAD:a.py", "has no commit"),
    ],
)
def test_a_base_that_is_none(project: Repository, base: str, said: str) -> None:
    with pytest.raises(Refusal) as refused:
        review_change(project.root, base, WISH)
    assert said in str(refused.value)


def test_before_the_first_commit(tmp_path: Path) -> None:
    empty = made(tmp_path / "empty")
    empty.put("b.py", MUTABLE)
    assert len(places(review_tree(empty.root, WISH))) == 1
    for base in ("HEAD", "main"):
        with pytest.raises(Refusal, match="has no commit"):
            review_change(empty.root, base, WISH)


def test_a_shallow_clone_says_what_to_fetch(project: Repository, tmp_path: Path) -> None:
    for number in range(2):
        project.put("c.py", f"x = {number}\n")
        project.commit()
    clone = tmp_path / "clone"
    subprocess.run(["git", "clone", "-q", "--depth", "1", project.root.as_uri(), str(clone)], check=True)
    with pytest.raises(Refusal, match="This clone is shallow: fetch the whole history"):
        review_change(clone, project.git("rev-parse", "HEAD~1").strip(), WISH)


def recorded(review: Review, place: Path) -> Counter[str]:
    place.write_text(baseline.written(review.findings))
    return baseline.read(place)


def test_what_is_recorded_is_not_reported(project: Repository, tmp_path: Path) -> None:
    wish = Wish(recorded=recorded(review_tree(project.root, WISH), tmp_path / "known.json"), workers=1)
    after = review_tree(project.root, wish)
    assert after.findings == () and after.older >= 3 and not after.failing
    project.put("a.py", b"# moved\n\n" + project.read("a.py"))
    project.put("sub/b.py", MUTABLE + "\n\n" + MUTABLE)
    assert places(review_tree(project.root, wish)) == ["sub/b.py:5 mutable-default-argument"]
    project.put("sub/b.py", "")
    assert places(review_tree(project.root, wish)) == []


def test_a_record_and_a_base_together(project: Repository, tmp_path: Path) -> None:
    old = "@one\n" + MUTABLE
    project.put("sub/b.py", old)
    project.commit()
    wish = Wish(recorded=recorded(review_tree(project.root, WISH), tmp_path / "known.json"), workers=1)
    # an equal fault above the recorded one: its number is that of the recorded one, its line is new
    project.put("sub/b.py", "@two\ndef f(a=[]):\n    a.append(1)\n\n\n" + old)
    after = review_change(project.root, "HEAD", wish)
    assert places(after) == ["sub/b.py:2 mutable-default-argument"]
    wish = Wish(recorded=recorded(review_tree(project.root, WISH), tmp_path / "known.json"), workers=1)
    assert places(review_change(project.root, "HEAD", wish)) == []
