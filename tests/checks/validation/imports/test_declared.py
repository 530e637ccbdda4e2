import pytest

from checks.repository.declarations.dependencies import Dependencies, of
from checks.repository.snapshot import of_memory
from checks.validation.imports.declared import Declared, brought_by_tool, is_development, new


def known(files: dict[str, str]) -> Dependencies:
    return of(of_memory({path: text.encode() for path, text in files.items()}))


FILES = {
    "pyproject.toml": "[project]\nname='mine'\ndependencies=['requests','google-auth']\n"
    "[project.optional-dependencies]\nx=['lxml']\n[dependency-groups]\ndev=['pytest']\n[build-system]\nrequires=['hatchling']\n",
    "libs/one/requirements.txt": "attrs\n",
    "docs/requirements.txt": "sphinx\n",
    "uv.lock": '[[package]]\nname = "idna"\n',
    "environment.yml": "dependencies: [scipy]\n",
}


@pytest.mark.parametrize(
    ("path", "module", "standing", "name"),
    [
        ("src/mine/a.py", "requests.auth", "declared", "requests"),
        ("src/mine/a.py", "lxml.etree", "declared", "lxml"),
        ("src/mine/a.py", "scipy", "declared", "scipy"),
        ("src/mine/a.py", "pytest", "development", "pytest"),
        ("src/mine/a.py", "hatchling", "development", "hatchling"),
        ("tests/test_a.py", "pytest", "declared", "pytest"),
        ("src/mine/a.py", "idna", "locked", "idna"),
        ("src/mine/a.py", "attr", "elsewhere", "attrs"),
        ("libs/one/a.py", "attr", "declared", "attrs"),
        ("libs/one/a.py", "requests", "declared", "requests"),
        ("src/mine/a.py", "sphinx", "elsewhere", "sphinx"),
        ("docs/conf.py", "sphinx", "declared", "sphinx"),
        ("src/mine/a.py", "google.auth.transport", "declared", "google-auth"),
        ("src/mine/a.py", "google.cloud.storage", "beside", "google-auth"),
        ("src/mine/a.py", "numpy", "undeclared", None),
        ("src/mine/a.py", "request", "undeclared", None),
    ],
)
def test_standing(path: str, module: str, standing: str, name: str | None) -> None:
    found, requirement = Declared(known(FILES)).standing(path, module)
    assert found == standing
    assert (requirement.name if requirement else None) == name


def test_where_nothing_is_declared() -> None:
    assert Declared(known({"a.py": ""})).standing("a.py", "numpy") == ("nothing", None)


@pytest.mark.parametrize(
    ("path", "development"),
    [
        ("tests/test_a.py", True),
        ("src/pkg/tests/x.py", True),
        ("conftest.py", True),
        ("docs/conf.py", True),
        ("setup.py", True),
        ("benchmarks/x.py", True),
        ("src/pkg/a.py", False),
        ("src/pkg/testing_tools.py", False),
        ("src/latest/a.py", False),
        ("contests/a.py", False),
        ("src/pkg/setuptools_plugin.py", False),
        ("src/attest.py", False),
    ],
)
def test_files_for_development(path: str, development: bool) -> None:
    assert is_development(path) is development


@pytest.mark.parametrize(
    ("path", "top", "brought"),
    [
        ("setup.py", "setuptools", True),
        ("noxfile.py", "nox", True),
        ("tests/test_a.py", "pytest", True),
        ("src/a.py", "setuptools", False),
        ("src/a.py", "pytest", False),
        ("setup.py", "requests", False),
        ("pkg/mysetup.py", "setuptools", False),
    ],
)
def test_what_the_tool_brings(path: str, top: str, brought: bool) -> None:
    assert brought_by_tool(path, top) is brought


def test_new_requirements_are_told_once_and_where_they_are_asked_for() -> None:
    before = known({"requirements.txt": "old\n"})
    files = {
        "pyproject.toml": "[project]\nname='mine'\ndependencies=['new-one', 'old', 'mine', 'far @ https://h/x.whl']\n",
        "uv.lock": '[[package]]\nname = "new-one"\n[[package]]\nname = "deep"\n',
        "environment.yml": "dependencies: [conda-only]\n",
    }
    assert [(each.name, each.file) for each in new(before, known(files))] == [
        ("new-one", "pyproject.toml"),
        ("deep", "uv.lock"),
    ]
