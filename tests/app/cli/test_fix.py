"""`selfmod fix`: what is written where, and what never is."""

import json
from pathlib import Path

import pytest

from tests.commands import Ran, process, selfmod
from tests.repositories import Repository

MUTABLE, TIMEOUT = "mutable-default-argument", "requests-without-timeout"
A = "import requests\n\n\ndef load(url, links=[]):\n    links.append(url)\n    return requests.get(url)  # slow\n"
B = "def f(a=[]):\n    return a\n"
FIXED_B = "def f(a=None):\n    if a is None:\n        a = []\n    return a\n"
REFUSED = 'def bad(a=["/tmp/x"]):  # selfmod: ignore[B108] made for it\n    return a\n'
"""The fix moves the folder's name away from the comment that answers for it."""


UNTRIED = "allowed_commands: []\n"
"""The sandbox is tried elsewhere: here each run of it would only take its seconds."""


@pytest.fixture
def project(repository: Repository) -> Repository:
    repository.put(".github/selfmod.yml", UNTRIED)
    repository.put("a.py", A)
    repository.put("sub/b.py", B)
    repository.commit()
    return repository


def state(project: Repository) -> tuple[str, str, str]:
    """The tree, the index and the branches."""
    return project.git("status", "--porcelain"), project.git("ls-files", "-s"), project.git("branch", "-a")


def outcomes(ran: Ran) -> list[tuple[str, str]]:
    rows = json.loads(ran.out)["outcomes"]
    return [(row["outcome"], row["rule"]) for row in rows if row["rule"] in (MUTABLE, TIMEOUT)]


def test_nothing_is_written_unasked(project: Repository) -> None:
    before = state(project)
    ran = selfmod("fix", at=project.root)
    assert ran.code == 0 and state(project) == before
    assert (
        "3 fixed, 0 refused" in ran.text
        and "nothing written yet: --diff, --apply, --branch NAME or --propose" in ran.text
    )
    assert selfmod("fix", "--diff", at=project.root).code == 0 and state(project) == before


CONTENTS = {
    "plain.py": B.encode(),
    "windows.py": B.replace("\n", "\r\n").encode(),
    "mark.py": b"\xef\xbb\xbf" + B.encode(),
    "latin.py": b"# coding: latin-1\n" + B.encode() + "# grüße\n".encode("latin-1"),
    "unended.py": B.rstrip().encode(),
    "tabs.py": B.replace("    ", "\t").encode(),
    "a name.py": B.encode(),
    'quo"te.py': B.encode(),
    "ümlaut.py": B.encode(),
    "nested.py": b"import requests\nrequests.get(requests.get('a').text)\n",
    "two.py": A.encode(),
}


@pytest.mark.complete
@pytest.mark.parametrize("group", ["all", "rule", "file"])
def test_a_diff_for_git_is_the_same_as_apply(repository: Repository, group: str) -> None:
    for path, content in {**CONTENTS, ".github/selfmod.yml": UNTRIED.encode()}.items():
        repository.put(path, content)
    repository.commit()
    diff = selfmod("fix", "--diff", "--group", group, at=repository.root)
    assert diff.code == 0 and "0 refused" in diff.error
    repository.git("apply", "--whitespace=nowarn", stdin=diff.out)
    applied = {path: repository.read(path) for path in CONTENTS}
    assert all(applied[path] != content for path, content in CONTENTS.items())
    repository.git("checkout", "-q", ".")
    assert selfmod("fix", "--apply", "--group", group, at=repository.root).code == 0
    assert {path: repository.read(path) for path in CONTENTS} == applied
    assert applied["windows.py"] == FIXED_B.replace("\n", "\r\n").encode()
    assert applied["mark.py"] == b"\xef\xbb\xbf" + FIXED_B.encode()
    assert applied["unended.py"] == FIXED_B.rstrip().encode()
    assert b"gr\xfc\xdfe" in applied["latin.py"]
    assert applied["nested.py"].count(b"timeout=10") == 2
    # the second time changes nothing
    ran = selfmod("fix", "--apply", "--group", group, at=repository.root)
    assert ran.code == 0 and "nothing to write" in ran.text
    assert {path: repository.read(path) for path in CONTENTS} == applied


def test_a_diff_from_a_folder_below(project: Repository) -> None:
    diff = selfmod("fix", "--diff", at=project.root / "sub")
    assert b"a/sub/b.py" in diff.out and b"a/a.py" not in diff.out
    Repository(project.root / "sub").git("apply", stdin=diff.out)
    assert project.read("sub/b.py") == FIXED_B.encode()


def test_unsaved_work_is_named_and_nothing_is_written(project: Repository) -> None:
    project.put("a.py", A + "# not saved\n")
    ran = selfmod("fix", "--apply", at=project.root)
    assert ran.code == 2 and ran.out == b"" and "work that is saved nowhere would be lost in a.py." in ran.error
    assert project.read("sub/b.py") == B.encode() and project.read("a.py") == (A + "# not saved\n").encode()
    new = project.put("new.py", B)
    ran = selfmod("fix", "--apply", "new.py", at=project.root)
    assert ran.code == 2 and "new.py" in ran.error and new.read_text() == B
    # a file without unsaved work is not held up by another one
    assert selfmod("fix", "--apply", "sub", at=project.root).code == 0


def test_what_is_staged_is_saved(project: Repository) -> None:
    project.put("a.py", A + "# staged\n")
    project.put("new.py", B)
    project.git("add", "-A")
    assert selfmod("fix", "--apply", at=project.root).code == 0
    assert project.read("a.py").endswith(b"# staged\n") and project.read("new.py") == FIXED_B.encode()
    project.git("checkout", "-q", ".")
    assert project.read("new.py") == B.encode()


def test_outside_git(tmp_path: Path) -> None:
    place = tmp_path / "p"
    place.mkdir()
    (place / "b.py").write_text(B)
    ran = selfmod("fix", "--branch", "x", at=place)
    assert ran.code == 2 and "not in a git repository" in ran.error
    assert selfmod("fix", "--apply", at=place).code == 0
    assert (place / "b.py").read_text() == FIXED_B


def test_a_branch_leaves_the_tree_and_the_index_alone(project: Repository) -> None:
    tree, index, _ = state(project)
    ran = selfmod("fix", "--branch", "fixes", at=project.root)
    assert ran.code == 0 and "committed: fixes at " in ran.text
    assert state(project)[:2] == (tree, index)
    assert project.git("show", "fixes:sub/b.py") == FIXED_B
    assert project.git("rev-parse", "fixes~1") == project.git("rev-parse", "main")
    subject, _, body = project.git("log", "-1", "--format=%B", "fixes").partition("\n")
    assert subject == "fix: 3 findings of 2 rules in 2 files" and f"- {MUTABLE}: sub/b.py:1" in body


@pytest.mark.complete
@pytest.mark.parametrize(
    ("group", "branches"),
    [("rule", [f"fixes/{MUTABLE}", f"fixes/{TIMEOUT}"]), ("file", ["fixes/a.py", "fixes/sub-b.py"])],
)
def test_a_branch_for_each(project: Repository, group: str, branches: list[str]) -> None:
    assert selfmod("fix", "--branch", "fixes", "--group", group, at=project.root).code == 0
    assert project.git("branch", "--format=%(refname:short)").split() == [*branches, "main"]
    for branch in branches:
        assert project.git("rev-parse", f"{branch}~1") == project.git("rev-parse", "main")
    files = [project.git("diff", "--name-only", "main", branch).split() for branch in branches]
    assert files == ([["a.py", "sub/b.py"], ["a.py"]] if group == "rule" else [["a.py"], ["sub/b.py"]])


def test_the_name_says_the_group_also_where_there_is_only_one(project: Repository) -> None:
    assert selfmod("fix", "sub", "--branch", "fixes", "--group", "rule", at=project.root).code == 0
    assert f"fixes/{MUTABLE}" in project.git("branch")


@pytest.mark.parametrize(
    ("there", "arguments", "said"),
    [
        ("fixes", ("--branch", "fixes"), "The branch fixes exists already.  Use another name, for example fixes-2."),
        ("fixes", ("--branch", "fixes", "--group", "rule"), "cannot stand beside fixes."),
        ("fixes/old", ("--branch", "fixes"), "The branch fixes cannot stand beside fixes/old."),
        (f"fixes/{TIMEOUT}", ("--branch", "fixes", "--group", "rule"), f"The branch fixes/{TIMEOUT} exists already."),
        ("other", ("--branch", "a..b"), "is no name for a branch"),
        ("other", ("--branch", ""), "is no name for a branch"),
        ("other", ("--branch", "-x"), "is no name for a branch"),
    ],
)
def test_names_that_are_taken_or_none(project: Repository, there: str, arguments: tuple[str, ...], said: str) -> None:
    project.git("branch", there)
    before = state(project)
    ran = selfmod("fix", *arguments, at=project.root)
    assert ran.code == 2 and said in ran.error and ran.out == b""
    assert state(project) == before


@pytest.mark.complete
def test_a_branch_with_uncommitted_work_in_one_file_makes_none(project: Repository) -> None:
    project.put("a.py", A + "# new\n")
    before = state(project)
    for group in ("all", "rule", "file"):
        ran = selfmod("fix", "--branch", "fixes", "--group", group, at=project.root)
        assert ran.code == 2 and "work that is not committed: a.py" in ran.error
        assert state(project) == before


def test_before_the_first_commit(repository: Repository) -> None:
    repository.put("b.py", B)
    repository.git("add", "-A")
    ran = selfmod("fix", "--branch", "x", at=repository.root)
    assert ran.code == 2 and "has no commit to build on" in ran.error
    assert selfmod("fix", "--apply", at=repository.root).code == 0
    assert repository.read("b.py") == FIXED_B.encode()


def test_a_refused_fix_is_told_and_the_others_are_made(project: Repository) -> None:
    project.put("c.py", B + "\n\n" + REFUSED)
    project.commit()
    ran = selfmod("fix", "c.py", "--json", at=project.root)
    row = next(row for row in json.loads(ran.out)["outcomes"] if row["outcome"] == "refused")
    assert ran.code == 1 and row["stage"] == "detectors" and "new finding" in row["why"] and row["line"] == 5
    ran = selfmod("fix", "c.py", "--diff", at=project.root)
    assert ran.code == 1 and "refused: c.py:5:11 mutable-default-argument: detectors: " in ran.error
    ran = selfmod("fix", "c.py", "--apply", at=project.root)
    assert ran.code == 1 and "refused " in ran.text
    assert project.read("c.py").decode() == FIXED_B + "\n\n" + REFUSED


def test_what_is_ignored_is_not_fixed(project: Repository) -> None:
    source = f"def f(a=[]):  # selfmod: ignore[{MUTABLE}] shared on purpose\n    return a\n"
    project.put("c.py", source)
    project.commit()
    ran = selfmod("fix", "c.py", "--apply", "--json", at=project.root)
    assert outcomes(ran) == [] and project.read("c.py").decode() == source


@pytest.mark.complete
def test_chosen_rules_and_findings(project: Repository) -> None:
    for name in (TIMEOUT, "B113", "b113"):
        assert outcomes(selfmod("fix", "--rule", name, "--json", at=project.root)) == [("fixed", TIMEOUT)]
    assert outcomes(selfmod("fix", "--finding", "a.py:6", "--json", at=project.root)) == [("fixed", TIMEOUT)]
    findings = json.loads(selfmod("review", "--json", at=project.root).out)["findings"]
    name = next(finding["fingerprint"] for finding in findings if finding["rule"] == TIMEOUT)
    assert outcomes(selfmod("fix", "--finding", name[:10], "--json", at=project.root)) == [("fixed", TIMEOUT)]


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("--rule", "mutable-default-argumnt"), "Did you mean mutable-default-argument?"),
        (("--rule", "zzzzzzzz"), "All rules: selfmod explain"),
        (("--finding", "a.py:1"), "a.py has findings on lines 4, 6."),
        (("--diff", "--apply"), "exclude each other"),
        (("--apply", "--branch", "x"), "exclude each other"),
        (("none.py",), "does not exist"),
        (("a.py", "none.py"), "does not exist"),
        (("a.py", "/"), "lies outside"),
    ],
)
def test_what_cannot_be_is_one_sentence_and_2(project: Repository, arguments: tuple[str, ...], said: str) -> None:
    before = state(project)
    ran = selfmod("fix", *arguments, at=project.root)
    assert ran.code == 2 and ran.out == b"" and said in ran.error and ran.error.count("\n") == 1
    assert state(project) == before


def test_json(project: Repository) -> None:
    document = json.loads(selfmod("fix", "--json", "--diff", at=project.root).out)
    assert set(document) == {"outcomes", "changes", "not_analysed", "written", "summary", "judged"}
    assert document["summary"]["fixed"] == 3 and document["written"] == ""
    (change,) = document["changes"]
    assert change["files"] == ["a.py", "sub/b.py"] and change["diff"].startswith("diff --git a/a.py b/a.py\n")
    document = json.loads(selfmod("fix", "--json", "--apply", at=project.root).out)
    assert document["written"] == "written: 2 files" and "diff" not in document["changes"][0]


def test_names_that_are_no_text_are_left_alone(project: Repository) -> None:
    name = b"caf\xe9.py"
    place = Path(str(project.root), name.decode("utf-8", "surrogateescape"))
    place.write_text(B)
    project.commit()
    ran = process("fix", "--apply", at=project.root)
    assert ran.code == 0 and place.read_text() == B
    assert "caf\\xe9.py" in ran.text and "not UTF-8" in ran.text


def test_configuration(project: Repository) -> None:
    project.put(".github/selfmod.yml", f"fix:\n  exclude: [sub/]\n  disable: [{TIMEOUT}]\n")
    ran = selfmod("fix", "--json", at=project.root)
    assert outcomes(ran) == [("fixed", MUTABLE), ("left", TIMEOUT), ("left", MUTABLE)]


def test_a_link_out_of_the_repository_is_no_way_to_another_file(project: Repository, tmp_path: Path) -> None:
    outside = tmp_path / "outside.py"
    outside.write_text(project.read("a.py").decode())
    (project.root / "link.py").symlink_to(outside)
    for paths in (["link.py"], ["link.py", "a.py"]):
        ran = selfmod("fix", "--apply", *paths, at=project.root)
        assert ran.code == 2
        assert "a link that leads out of" in ran.error
    assert outside.read_text() == project.read("a.py").decode()
