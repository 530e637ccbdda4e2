"""Fixes of real repositories as change sets: which findings, in which changes, one on top of another or apart."""

from pathlib import Path

import pytest

import checks.debugging.tools.bandit  # noqa: F401  # workers are forked: this spares each of them the import
from checks.fix import Fixes, Group, Selection, fix_tree
from checks.model.changes import digest
from checks.model.errors import Refusal
from checks.repository.writing.apply import write
from checks.repository.writing.patch import as_diff
from tests.repositories import Repository

MUTABLE, TIMEOUT = "mutable-default-argument", "requests-without-timeout"
FIXED_A = (
    "import requests\n\n\ndef load(url, links=None):\n    if links is None:\n        links = []\n"
    "    links.append(url)\n    return requests.get(url, timeout=10)\n"
)


def fixes(*paths: Path, group: Group = Group.ALL, apart: bool = False, **selection: tuple[str, ...]) -> Fixes:
    return fix_tree(paths, Selection(**selection), group, None, lambda done, total: None, apart)


def ours(result: Fixes) -> list[tuple[str, str, str]]:
    rows = [(o.state, f"{o.finding.file}:{o.finding.line}", o.finding.rule) for o in result.outcomes]
    return [row for row in rows if row[2] in (MUTABLE, TIMEOUT)]


IN_A = [("fixed", "a.py:4", MUTABLE), ("fixed", "a.py:6", TIMEOUT)]
IN_B = [("fixed", "sub/b.py:1", MUTABLE)]


def after(result: Fixes) -> dict[str, bytes | None]:
    return {file.path: file.after for file in result.together().files}


def test_everything_in_one_change(project: Repository) -> None:
    result = fixes(project.root)
    assert ours(result) == [*IN_A, *IN_B]
    assert [change.name for change in result.changes] == ["all"]
    change = result.changes[0]
    assert change.change_set.summary == "fix: 3 findings of 2 rules in 2 files"
    assert change.change_set.base == project.git("rev-parse", "HEAD").strip()
    assert change.message().splitlines()[2:] == [
        f"- {MUTABLE}: a.py:4",
        f"- {TIMEOUT}: a.py:6",
        f"- {MUTABLE}: sub/b.py:1",
    ]
    assert after(result)["a.py"] == FIXED_A.encode()
    assert project.git("status", "--porcelain") == ""


def test_paths(project: Repository, monkeypatch: pytest.MonkeyPatch) -> None:
    assert ours(fixes(project.root / "sub")) == IN_B
    assert ours(fixes(project.root / "a.py", project.root / "sub")) == [*IN_A, *IN_B]
    assert ours(fixes(project.root / "sub", project.root)) == [*IN_A, *IN_B]
    monkeypatch.chdir(project.root / "sub")
    assert ours(fixes(Path("../a.py"), Path("b.py"))) == [*IN_A, *IN_B]


def test_paths_that_cannot_be(project: Repository, tmp_path: Path) -> None:
    (tmp_path / "other.py").write_text("x = 1\n")
    for paths, said in (
        ([project.root / "none.py"], "does not exist"),
        ([project.root / "a.py", project.root / "none.py"], "does not exist"),
        ([project.root / "a.py", tmp_path / "other.py"], "lies outside"),
    ):
        with pytest.raises(Refusal, match=said):
            fixes(*paths)


def test_outside_git_two_folders(tmp_path: Path) -> None:
    for name in ("p/a.py", "q/b.py"):
        (tmp_path / name).parent.mkdir()
        (tmp_path / name).write_text("def f(a=[]):\n    return a\n")
    result = fixes(tmp_path / "p", tmp_path / "q" / "b.py")
    assert [place for _, place, _ in ours(result)] == ["p/a.py:1", "q/b.py:1"]
    assert result.changes[0].change_set.base is None
    write(result.together(), result.root)
    assert "a=None" in (tmp_path / "q" / "b.py").read_text()


@pytest.mark.parametrize("group", Group)
def test_however_grouped_the_sum_is_the_same(project: Repository, group: Group) -> None:
    assert after(fixes(project.root, group=group)) == after(fixes(project.root))


def test_a_change_for_each_rule_on_top_of_the_one_before(project: Repository) -> None:
    result = fixes(project.root, group=Group.RULE)
    first, second = result.changes
    assert (first.name, second.name) == (MUTABLE, TIMEOUT)
    assert [file.path for file in first.change_set.files] == ["a.py", "sub/b.py"]
    assert second.change_set.files[0].before == digest(first.change_set.files[0].after or b"")
    assert second.change_set.files[0].after == FIXED_A.encode()
    assert second.change_set.summary == f"fix: {TIMEOUT} in 1 file"
    assert [finding.rule for finding in second.fixed] == [TIMEOUT]
    diffs = "".join(as_diff(change.change_set, change.before.__getitem__) for change in result.changes)
    project.git("apply", stdin=diffs.encode())
    assert project.read("a.py") == FIXED_A.encode()


def test_a_change_for_each_rule_apart(project: Repository) -> None:
    result = fixes(project.root, group=Group.RULE, apart=True)
    for change in result.changes:
        for file in change.change_set.files:
            assert file.before == digest(project.read(file.path))
    assert b"links=[]" in (result.changes[1].change_set.files[0].after or b"")


def test_a_change_for_each_file(project: Repository) -> None:
    for path in ("sub-b.py", "sub b.py", "x..y.py", ".hidden.py"):
        project.put(path, "def f(a=[]):\n    return a\n")
    result = fixes(project.root, group=Group.FILE)
    assert {change.change_set.files[0].path: change.name for change in result.changes} == {
        ".hidden.py": "hidden.py",
        "a.py": "a.py",
        "sub b.py": "sub-b.py",
        "sub-b.py": "sub-b.py-2",
        "sub/b.py": "sub-b.py-3",
        "x..y.py": "x.y.py",
    }
    summaries = [change.change_set.summary for change in result.changes]
    assert summaries[:2] == ["fix: 1 finding in .hidden.py", "fix: 2 findings in a.py"]


def test_a_name_with_a_line_break_is_no_line_of_the_message(project: Repository) -> None:
    project.put("x\ndiff --git a y.py", "def f(a=[]):\n    return a\n")
    change = fixes(project.root, group=Group.FILE).changes[-1]
    assert change.name == "x-diff---git-a-y.py"
    assert change.change_set.summary == "fix: 1 finding in x\\ndiff --git a y.py"
    assert len(change.message().splitlines()) == 3


def test_chosen_rules_and_findings(project: Repository) -> None:
    assert ours(fixes(project.root, rules=(TIMEOUT,))) == IN_A[1:]
    print_ = next(o.finding.fingerprint for o in fixes(project.root).outcomes if o.finding.rule == TIMEOUT)
    for name in (print_, print_[:8], print_[:8].upper(), "a.py:6", "./a.py:6", "a.py:6:12"):
        assert ours(fixes(project.root, findings=(name,))) == IN_A[1:], name
    assert ours(fixes(project.root, findings=("a.py:6", "sub/b.py:1"))) == [IN_A[1], *IN_B]


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("a.py:5", "a.py has findings on lines 4, 6"),
        ("sub/b.py:2", "sub/b.py has findings on line 1."),
        ("none.py:1", "Name a fingerprint"),
        ("ffffffff", "Name a fingerprint"),
        ("abc", "Name a fingerprint"),
        ("", "Name a fingerprint"),
    ],
)
def test_a_finding_that_is_not_there(project: Repository, name: str, said: str) -> None:
    with pytest.raises(Refusal) as refused:
        fixes(project.root, findings=(name,))
    assert str(refused.value).startswith(f"there is no finding {name!r}.") and said in str(refused.value)


def test_what_the_configuration_keeps(project: Repository) -> None:
    assert ours(fixes(project.root, exclude=("a.py",))) == IN_B
    assert ours(fixes(project.root, disable=(TIMEOUT,))) == [IN_A[0], *IN_B]
    result = fixes(project.root, unchanged=("sub/",), left=("B113",))
    assert ours(result) == [IN_A[0], ("left", "a.py:6", TIMEOUT), ("left", "sub/b.py:1", MUTABLE)]
    assert {o.why for o in result.outcomes if o.state == "left"} == {"the configuration says not to change this"}


def test_what_cannot_be_analysed_is_told(project: Repository) -> None:
    project.put("broken.py", "def (\n")
    (project.root / "link.py").symlink_to("a.py")
    notes = {note.file for note in fixes(project.root).not_analysed}
    assert notes == {"broken.py", "link.py"}


def test_the_second_time_nothing_is_left_to_fix(project: Repository) -> None:
    result = fixes(project.root)
    write(result.together(), result.root)
    again = fixes(project.root)
    assert not again.changes and again.together().files == ()
    assert not [outcome for outcome in again.outcomes if outcome.state == "fixed"]
