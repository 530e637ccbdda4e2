"""Paths, modes, links and submodules, and the folders that selfmod may write in."""

from dataclasses import replace
from pathlib import Path

import pytest
from pathspec import GitIgnoreSpec

from checks.model.findings import NotAnalysed
from checks.model.safety import Proposer
from checks.repository import changed
from checks.repository.change import Change, Touched
from checks.validation.patterns import touched
from tests.changes import made
from tests.repositories import made as made_repository


def _seen(change: Change, proposer: Proposer = Proposer.PERSON, folders: str | None = None) -> list[tuple[str, str]]:
    spec = GitIgnoreSpec.from_lines([folders]) if folders else None
    return [(path, row["rule"]) for path, row in touched.look(change, proposer, spec)]


@pytest.mark.parametrize(
    ("path", "rule"),
    [
        (".github/workflows/ci.yml", "workflow"),
        (".GitHub/Workflows/ci.yml", "workflow"),
        ("．github/workflows/ci.yml", "workflow"),
        (".gitlab-ci.yml", "workflow"),
        ("CODEOWNERS", "workflow"),
        ("docs/CODEOWNERS", "workflow"),
        ("Jenkinsfile", "workflow"),
        (".github/selfmod.yml", "own-configuration"),
        ("AGENTS.md", "agent-instructions"),
        ("sub/CLAUDE.md", "agent-instructions"),
        (".cursorrules", "agent-instructions"),
        (".github/copilot-instructions.md", "agent-instructions"),
        ("src/x.pth", "startup-file"),
        ("sitecustomize.py", "startup-file"),
        ("SiteCustomize.py", "startup-file"),
        ("pyproject.toml", "build-file"),
        ("poetry.lock", "build-file"),
        ("tests/conftest.py", "build-file"),
        ("Makefile", "build-file"),
        (".pre-commit-config.yaml", "build-file"),
        ("lib/x.so", "binary"),
        ("a/.GIT/config", "path"),
        ("a/git~1/config", "path"),
        ("a/.g\u200cit/hooks/x", "path"),
        ("a\\..\\b", "path"),
    ],
)
def test_a_path_that_counts_is_seen_new_edited_renamed_and_deleted(path: str, rule: str) -> None:
    plain = "src/plain.txt"
    for change in (
        made({}, {path: "x"}),
        made({path: "x"}, {path: "y"}),
        made({plain: "x"}, {path: "x"}, {path: plain}),
    ):
        assert f"dangerous-{rule}" in [each for _, each in _seen(change)]
    if rule not in ("path", "binary"):
        for change in (made({path: "x"}, {}), made({path: "x"}, {plain: "x"}, {plain: path})):
            assert [each for _, each in _seen(change)] == [f"dangerous-{rule}"]


@pytest.mark.parametrize(
    "path",
    [
        "src/a.py",
        "docs/github/workflows.md",
        "src/workflows/ci.yml",
        "src/selfmodel.py",
        "agents/base.py",
        "src/customize.py",
        "path.txt",
        "src/owners.py",
        "lib/so.py",
        "docs/makefile_howto.md",
        "src/git/config.py",
        "src/.gitkeep",
    ],
)
def test_an_ordinary_path_is_not(path: str) -> None:
    assert _seen(made({}, {path: "x"})) == []


def test_modes_and_submodules() -> None:
    more = (
        Touched("run.sh", "modified", None, "100644", "100755"),
        Touched("old.sh", "modified", None, "100755", "100644"),
        Touched("sub", "modified", None, "160000", "160000"),
        Touched("new", "added", None, None, "160000"),
        Touched("file", "modified", None, "100644", "160000"),
    )
    assert _seen(made({}, {}, None, *more)) == [
        ("file", "dangerous-submodule"),
        ("new", "dangerous-submodule"),
        ("run.sh", "dangerous-mode"),
        ("sub", "dangerous-submodule"),
    ]


@pytest.mark.parametrize(
    ("path", "target", "out"),
    [
        ("a", "b", False),
        ("x/a", "../b", False),
        ("x/y/a", "../../b/c", False),
        ("x/a", "./b", False),
        ("a", ".github/x", False),
        ("a", "..b", False),
        ("a", "/etc/passwd", True),
        ("a", "../b", True),
        ("x/a", "../../b", True),
        ("x/a", "b/../../c", True),
        ("a", "b/../c", True),
        ("a", ".git/config", True),
        ("x/a", "../.GIT", True),
        ("a", "C:/x", True),
        ("a", "\\\\host\\x", True),
        ("a", "", True),
    ],
)
def test_where_links_lead(path: str, target: str, out: bool) -> None:
    assert touched.leads_out(path, target) is out


def test_links_of_commits_and_of_the_working_tree(tmp_path: Path) -> None:
    repository = made_repository(tmp_path / "work")
    repository.put("a.txt", "x")
    repository.commit()
    for name, target in (("in", "a.txt"), ("out", "/etc/passwd")):
        (repository.root / name).symlink_to(target)
    assert _seen(changed.of_working_tree(repository.root)) == [("out", "dangerous-link")]
    repository.git("checkout", "-q", "-b", "work")
    repository.commit()
    assert _seen(changed.of_commits(repository.root, "main", "work")) == [("out", "dangerous-link")]


def test_a_link_that_cannot_be_read_counts() -> None:
    assert _seen(made({}, {}, None, Touched("l", "added", None, None, "120000"))) == [("l", "dangerous-link")]


def test_selfmod_stays_in_its_folders() -> None:
    change = made({"src/a.py": "x", "b.py": "x"}, {"src/a.py": "y", "c.py": "x"}, {"c.py": "b.py"})
    assert _seen(change, Proposer.SELFMOD, "src/") == [("c.py", "outside-folders"), ("b.py", "outside-folders")]
    assert _seen(change, Proposer.SELFMOD, "**") == []


@pytest.mark.parametrize(
    ("base", "head", "link", "fails"),
    [
        ({}, {"a/x.py": "", "A/X.py": ""}, "", "never"),
        ({"a/x.py": ""}, {"a/x.py": "", "A/x.py": ""}, "", "never"),
        ({"a/x.py": ""}, {"a/x.py": "", "A": ""}, "", None),
        ({}, {"a": ""}, "A", "always"),
        ({}, {"a/x/y": ""}, "A", "always"),
        ({"a/x/y": ""}, {"a/x/y": "x"}, "A", None),
        ({}, {"ab/x": ""}, "A", None),
        ({}, {"straße.py": "", "strasse.py": ""}, "", "never"),
        ({"a.py": "", "A.py": ""}, {"a.py": "x", "A.py": ""}, "", None),
        ({}, {"a.py": "", "b.py": ""}, "", None),
    ],
)
def test_two_names_of_one_spelling(base: dict[str, str], head: dict[str, str], link: str, fails: str | None) -> None:
    change = made(base, head)
    if link:
        skipped = (NotAnalysed(link, "symbolic link: not followed"),)
        change = replace(change, head=replace(change.head, skipped=skipped))
    found = [row["fails"] for _, row in touched.look(change, Proposer.PERSON, None) if row["rule"] == "dangerous-path"]
    assert found == ([fails] if fails else [])
