"""Which paths a change must not touch unseen. Compared by `kinds.normal`, both paths of a rename."""

import re
from collections.abc import Iterator
from enum import StrEnum
from fnmatch import translate

from pathspec import GitIgnoreSpec

from checks.model.errors import Refusal
from checks.model.safety import Level
from checks.repository.change import Touched
from checks.risk import kinds


class Kind(StrEnum):
    """Why a path counts."""

    CRITICAL = "critical"
    BUILD = "build"
    LINK = "link or submodule"
    COMPILED = "compiled"
    EXECUTABLE = "executable"


CRITICAL_FOLDERS = (
    ".github", ".gitlab", ".circleci", ".buildkite", ".woodpecker", ".ci", ".teamcity", ".azure-pipelines",
    ".tekton", ".cursor", ".claude", ".windsurf", ".clinerules", ".roo", ".continue", ".gemini", ".codex",
    ".agents", ".kiro", ".amazonq", ".junie", ".devin", ".aider", ".opencode", ".git", ".selfmod",
)  # fmt: skip
"""Workflows and CI, instructions of agents, git's own: whatever lies beneath."""
CRITICAL_NAMES = (
    "codeowners", "*.pth", "sitecustomize.py", "usercustomize.py", "selfmod.yml", "selfmod.yaml", ".selfmod.*",
    ".gitlab-ci.yml", ".gitlab-ci.yaml", ".travis.yml", "appveyor.yml", ".appveyor.yml", "azure-pipelines*.yml",
    "bitbucket-pipelines.yml", ".drone.yml", ".drone.star", "jenkinsfile*", ".cirrus.yml", ".cirrus.star",
    ".woodpecker.yml", "cloudbuild.yaml", "cloudbuild.yml", "buildspec.yml", "wercker.yml", "action.yml",
    "action.yaml", "agents.md", "agents.override.md", "claude.md", "claude.local.md", "gemini.md", "qwen.md",
    "warp.md", "crush.md", "copilot-instructions.md", "*.instructions.md", "*.prompt.md", "skill.md",
    ".cursorrules", ".windsurfrules", ".clinerules", ".goosehints", ".rules", ".mcp.json", "mcp.json",
    ".aider.conf.yml",
    # what takes findings away from scanners, and what brings dependencies in by itself
    ".bandit", "bandit.y*ml", ".secrets.baseline", ".semgrepignore", ".semgrep.y*ml", ".gitleaks.toml",
    "gitleaks.toml", ".gitleaksignore", ".trivyignore", ".snyk", "sonar-project.properties", "renovate.json",
    "renovate.json5", ".renovaterc*", "dependabot.y*ml",
)  # fmt: skip
BUILD_FOLDERS = (".husky", ".devcontainer", ".vscode", ".idea", ".cargo")
BUILD_NAMES = (
    "pyproject.toml", "setup.py", "setup.cfg", "manifest.in", "hatch_build.py", "hatch.toml", "meson.build",
    "meson_options.txt", "cmakelists.txt", "*.cmake", "_build_backend.py", "*requirements*.txt",
    "*requirements*.in", "requirements*.lock", "constraints*.txt", "pipfile", "pixi.toml", "uv.toml", "pdm.toml",
    "environment.yml", "environment.yaml", "package.json", "cargo.toml", "go.mod", "gemfile", "conftest.py",
    "pytest.ini", ".pytest.ini", "pytest.toml", ".pytest.toml", "tox.ini", "tox.toml", "noxfile.py", ".coveragerc",
    ".coveragerc.toml", ".gitattributes", ".gitmodules", ".gitconfig", ".lfsconfig", ".pre-commit-config.yaml",
    ".pre-commit-config.yml", ".pre-commit-hooks.yaml", "prek.toml", "lefthook.yml", ".lefthook.yml", "dockerfile*",
    "*.dockerfile", "containerfile*", "docker-compose*.yml", "docker-compose*.yaml", "compose.yml", "compose.yaml",
    "makefile", "gnumakefile", "makefile.*", "*.mk", "justfile", ".justfile", "taskfile.yml", "taskfile.yaml",
    ".envrc", ".npmrc", ".yarnrc", ".yarnrc.yml", ".pnpmfile.cjs", "pip.conf", "pip.ini", ".pypirc", ".netrc",
    "mise.toml", ".mise.toml", ".tool-versions", ".python-version",
    ".readthedocs.y*ml", "readthedocs.y*ml", "codecov.y*ml", ".codecov.y*ml", "procfile", ".dockerignore",
)  # fmt: skip
"""Build back end and lock files, conftest and test configuration, and what else runs while one builds or tests."""
BUILD_AT_ROOT = frozenset({"build.py", "tasks.py"})
"""Names that are ordinary modules anywhere else."""
COMPILED_NAMES = (
    "*.so", "*.so.*", "*.pyd", "*.dll", "*.dylib", "*.exe", "*.pyc", "*.pyo", "*.whl", "*.egg", "*.jar", "*.wasm",
    "*.o", "*.a", "*.pkl", "*.pickle", "*.joblib", "*.zip", "*.tar", "*.tar.*", "*.tgz", "*.7z",
)  # fmt: skip
"""Programs that nobody can read in a review, and archives and pickles that become some."""


def _any_of(names: tuple[str, ...]) -> re.Pattern[str]:
    return re.compile("|".join(translate(name) for name in names))


_CRITICAL, _BUILD, _COMPILED = _any_of(CRITICAL_NAMES), _any_of(BUILD_NAMES), _any_of(COMPILED_NAMES)


def of_path(path: str) -> Kind | None:
    """Why a path counts by its name, the weightiest reason."""
    *folders, name = kinds.normal(path).split("/")
    if not set(CRITICAL_FOLDERS).isdisjoint((*folders, name)) or _CRITICAL.fullmatch(name):
        return Kind.CRITICAL
    if not set(BUILD_FOLDERS).isdisjoint(folders) or _BUILD.fullmatch(name) or kinds.is_lock(path):
        return Kind.BUILD
    pins = "requirements" in folders and name.endswith((".txt", ".in"))
    if pins or (not folders and name in BUILD_AT_ROOT):
        return Kind.BUILD
    return Kind.COMPILED if _COMPILED.fullmatch(name) else None


def of_touched(touched: Touched) -> Iterator[tuple[str, Kind]]:
    """Every reason why a touched entry counts: each path by its name, and its modes."""
    for path in dict.fromkeys((touched.path, touched.was)):
        kind = of_path(path)
        if kind is not None and not (kind is Kind.COMPILED and touched.status == "deleted"):
            yield path, kind
    modes = {touched.old_mode, touched.new_mode}
    if touched.status == "added":
        modes = {touched.new_mode}
    elif touched.status == "deleted":
        modes = {touched.old_mode}
    if not modes <= {"100644", "100755", None}:
        yield touched.path, Kind.LINK
    elif "100755" in modes and modes != {"100755"}:
        yield touched.path, Kind.EXECUTABLE


def demanding(patterns: tuple[tuple[str, Level], ...], path: str) -> Level | None:
    """The highest level that the configured patterns (as in .gitignore) demand for a path, as it is written and as a
    lenient file system sees it. Raises Refusal for a pattern that cannot be read."""
    found = None
    for pattern, level in patterns:
        try:
            spelled = (GitIgnoreSpec.from_lines([pattern]), GitIgnoreSpec.from_lines([pattern.casefold()]))
        except ValueError as error:
            raise Refusal(f"sensitive: {error}", "Write patterns as in .gitignore.") from None
        if spelled[0].match_file(path) or spelled[1].match_file(kinds.normal(path)):
            found = level if found is None or level.rank > found.rank else found
    return found
