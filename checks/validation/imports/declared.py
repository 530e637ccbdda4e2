"""Whether what a file imports is declared for it."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from checks.repository.declarations.dependencies import Dependencies
from checks.repository.declarations.requirement import Requirement
from checks.validation.known import distributions

Standing = Literal["declared", "development", "elsewhere", "locked", "beside", "undeclared", "nothing"]
"""`development`: for tests or tools only, though the file runs with the project; `elsewhere`: by a file that does not
speak for this one; `locked`: pinned, but not asked for; `beside`: only another distribution of the same namespace
(`google-auth` for `google.cloud.storage`); `nothing`: nothing is declared here at all."""

_DEVELOPMENT = re.compile(
    r"(^|/)(tests?|testing|testsuite|unittests|t|integration|docs?|documentation|examples?|samples?|demos?|scripts?|tools?|dev"
    r"|(asv_)?bench(marks?)?|contrib|sites?|spec|build_backend"
    r"|ci|\.ci|\.github|tasks|utils?/ci|requirements|profiling|perf|notebooks?|tutorials?|integration[-_]tests?|e2e)/"
    r"|(^|/)(test_[^/]*|[^/]*_tests?|conftest|setup|noxfile|tasks|fabfile|dodo|conf|tests?|locustfile|build|hatch_build"
    r"|version_bump|release|ez_setup|bootstrap|versioneer)\.pyw?$"
)
_RUN_BY: tuple[tuple[str, frozenset[str]], ...] = (
    (r"(^|/)setup\.py$", frozenset({"setuptools", "pkg_resources", "distutils", "wheel", "Cython", "numpy"})),
    (r"(^|/)noxfile\.py$", frozenset({"nox"})),
    (r"(^|/)tasks(/|\.py$)", frozenset({"invoke"})),
    (r"(^|/)[^/]*mypy[^/]*\.py$", frozenset({"mypy"})),
    (r"(^|/)fabfile", frozenset({"fabric", "invoke"})),
    (r"(^|/)dodo\.py$", frozenset({"doit"})),
    (r"(^|/)locustfile", frozenset({"locust"})),
    (r"(^|/)(hatch_build|build)\.py$", frozenset({"hatchling", "setuptools", "poetry", "Cython"})),
    (r"(^|/)docs?/|(^|/)conf\.py$|sphinx", frozenset({"sphinx", "docutils", "pygments", "pallets_sphinx_themes"})),
    (r"(^|/)(tests?|testing)/|(^|/)(test_[^/]*|[^/]*_test|conftest)\.py$", frozenset({"pytest", "_pytest", "pluggy"})),
)
"""What the tool that runs a file brings along."""


def is_development(path: str) -> bool:
    """Whether a file is for those who develop the project: tests, documentation, examples, tools."""
    return _DEVELOPMENT.search(path.lower()) is not None


def brought_by_tool(path: str, top: str) -> bool:
    """Whether the tool that runs a file brings a module along: setuptools for setup.py, pytest for tests."""
    return any(top in names and re.search(pattern, path) for pattern, names in _RUN_BY)


@dataclass(slots=True)
class Declared:
    """What a repository declares, with what is known to be installed."""

    known: Dependencies
    installed: Mapping[str, frozenset[str]] = field(default_factory=dict)
    _by_file: dict[str, tuple[Requirement, ...]] = field(default_factory=dict)

    def brings(self, distribution: str, module: str) -> bool:
        """Whether a module may be imported from a distribution."""
        top = module.partition(".")[0]
        return top in self.installed.get(distribution, ()) or distributions.brings(distribution, module)

    def standing(self, path: str, module: str) -> tuple[Standing, Requirement | None]:
        """How an absolute import stands that is neither of the standard library nor the repository's own, and the
        requirement that it rests on."""
        folder = path.rpartition("/")[0]
        key = path if any(each.file == path for each in self.known.requirements) else folder
        if key not in self._by_file:
            self._by_file[key] = self.known.near(path)
        near = [each for each in self._by_file[key] if self.brings(each.name, module)]
        development = is_development(path)
        fitting = [each for each in near if distributions.fits(each.name, module)]
        if near and not fitting:
            return "beside", near[0]
        near = fitting
        for standing, role in _RANKED:
            found = next((each for each in near if each.role in role), None)
            if found is not None:
                return ("declared" if development else standing), found
        elsewhere = next((e for e in self.known.requirements if self.brings(e.name, module)), None)
        if elsewhere is not None:
            return ("declared" if development else "elsewhere"), elsewhere
        return ("undeclared" if self.known.declared_for(path) else "nothing"), None


_RANKED: tuple[tuple[Standing, tuple[str, ...]], ...] = (
    ("declared", ("run", "extra", "conda")),
    ("development", ("dev", "build", "tool")),
    ("locked", ("locked",)),
)


def new(before: Dependencies, after: Dependencies) -> list[Requirement]:
    """Requirements of names that were declared nowhere before, once for each name: where it is asked for, else where it
    is locked. The projects' own names and what comes from no index are left out."""
    known = {each.name for each in before.requirements} | before.names | after.names
    found: dict[str, Requirement] = {}
    for each in sorted(after.requirements, key=lambda r: r.role == "locked"):
        if each.name not in known and each.role != "conda":
            found.setdefault(each.name, each)
    return [each for each in found.values() if not each.direct]
