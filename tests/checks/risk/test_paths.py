import pytest

from checks.model.errors import Refusal
from checks.model.safety import Level
from checks.repository.change import Touched
from checks.risk import paths
from checks.risk.paths import Kind


@pytest.mark.parametrize(
    "path",
    [
        ".github/workflows/ci.yml",
        ".GitHub/Workflows/ci.yml",
        ".ｇithub/workflows/ci.yml",  # a wide letter
        ".gith\u200bub/workflows/ci.yml",
        ".github./workflows/ci.yml",
        ".github /workflows/ci.yml",
        "./.github//workflows/ci.yml",
        "a/../.github/x",
        ".github\\workflows\\ci.yml",
        "CODEOWNERS",
        "docs/codeowners",
        ".github/selfmod.yml",
        "evil.pth",
        "src/evil.PTH",
        "sitecustomize.py",
        "src/SiteCustomize.py",
        "usercustomize.py",
        "AGENTS.md",
        "sub/CLAUDE.md",
        ".cursor/rules/a.mdc",
        ".cursorrules",
        ".claude/settings.json",
        ".gitlab-ci.yml",
        "Jenkinsfile",
        ".circleci/config.yml",
        "action.yml",
        ".git/config",
        ".bandit",
        "bandit.yaml",
        ".secrets.baseline",
        ".semgrepignore",
        ".gitleaks.toml",
        "renovate.json",
    ],
)
def test_critical_whatever_the_content(path: str) -> None:
    assert paths.of_path(path) is Kind.CRITICAL


@pytest.mark.parametrize(
    "path",
    [
        "pyproject.toml",
        "PyProject.TOML",
        "packages/a/pyproject.toml",
        "setup.py",
        "setup.cfg",
        ".readthedocs.yaml",
        "codecov.yml",
        "Procfile",
        "poetry.lock",
        "uv.lock",
        "Pipfile.lock",
        "pylock.dev.toml",
        "requirements.txt",
        "requirements-dev.txt",
        "dev_requirements.in",
        "requirements/dev.txt",
        "constraints.txt",
        "conftest.py",
        "tests/conftest.py",
        "pytest.ini",
        "tox.ini",
        ".coveragerc",
        ".gitattributes",
        "sub/.gitattributes",
        ".gitmodules",
        ".pre-commit-config.yaml",
        "Dockerfile",
        "Dockerfile.dev",
        "docker/web.dockerfile",
        "compose.yaml",
        "Makefile",
        "build.py",
        "tasks.py",
        ".vscode/tasks.json",
        "package-lock.json",
        "Cargo.lock",
    ],
)
def test_build_and_test_configuration(path: str) -> None:
    assert paths.of_path(path) is Kind.BUILD


@pytest.mark.parametrize(
    "path",
    [
        "src/shop/cart.py",
        "src/shop/build.py",
        "src/shop/tasks.py",
        "tests/test_cart.py",
        "README.md",
        "docs/agents.rst",
        "src/github/api.py",
        "src/codeowners.py",
        "src/requirements.py",
        "src/locks.py",
    ],
)
def test_ordinary_paths_do_not_count(path: str) -> None:
    assert paths.of_path(path) is None


@pytest.mark.parametrize(
    ("touched", "expected"),
    [
        (Touched("a.yml", "renamed", ".github/workflows/a.yml"), [(".github/workflows/a.yml", Kind.CRITICAL)]),
        (Touched(".github/a.yml", "renamed", "a.yml"), [(".github/a.yml", Kind.CRITICAL)]),
        (Touched("a", "added", None, None, "120000"), [("a", Kind.LINK)]),
        (Touched("a", "added", None, None, "160000"), [("a", Kind.LINK)]),
        (Touched("a", "modified", None, "120000", "100644"), [("a", Kind.LINK)]),
        (Touched("a", "deleted", None, "160000", None), [("a", Kind.LINK)]),
        (Touched("a", "modified", None, "100644", "100755"), [("a", Kind.EXECUTABLE)]),
        (Touched("a", "modified", None, "100755", "100644"), [("a", Kind.EXECUTABLE)]),
        (Touched("a", "modified", None, "100755", "100755"), []),
        (Touched("a", "added", None, None, "100755"), []),
        (Touched("a.so", "added", None, None), [("a.so", Kind.COMPILED)]),
        (Touched("a.pyc", "modified"), [("a.pyc", Kind.COMPILED)]),
        (Touched("a.so", "deleted", new_mode=None), []),
        (Touched("Makefile", "deleted", new_mode=None), [("Makefile", Kind.BUILD)]),
        (
            Touched("Makefile", "modified", None, "100644", "120000"),
            [("Makefile", Kind.BUILD), ("Makefile", Kind.LINK)],
        ),
    ],
)
def test_renames_and_modes_count(touched: Touched, expected: list[tuple[str, Kind]]) -> None:
    assert list(paths.of_touched(touched)) == expected


def test_the_highest_demand_of_a_pattern_counts_in_any_spelling() -> None:
    patterns = (("src/Auth/**", Level.HIGH_RISK), ("*.sql", Level.MEDIUM_RISK), ("src/auth/keys.py", Level.CRITICAL))
    assert paths.demanding(patterns, "src/auth/keys.py") is Level.CRITICAL
    assert paths.demanding(patterns, "SRC/AUTH/login.py") is Level.HIGH_RISK
    assert paths.demanding(patterns, "src/db/a.sql") is Level.MEDIUM_RISK
    assert paths.demanding(patterns, "src/db/a.py") is None


def test_a_pattern_that_is_none_is_refused() -> None:
    with pytest.raises(Refusal, match="sensitive"):
        paths.demanding((("!", Level.CRITICAL),), "a")
