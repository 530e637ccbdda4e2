"""What has to be installed for the tests, from the files that declare it."""

from collections.abc import Mapping

import pytest

from checks.repository.declarations.installing import Installing, of
from checks.repository.snapshot import of_memory
from checks.sandbox.built import checked


def found(files: Mapping[str, str]) -> Installing:
    return of(of_memory({path: content.encode() for path, content in files.items()}))


PYPROJECT = """\
[project]
name = "acme"
dependencies = ["requests>=2", "acme[extra]"]
[project.optional-dependencies]
test = ["pytest-mock; python_version > '3.8'"]
docs = ["sphinx"]
[dependency-groups]
dev = [{include-group = "testing"}, "ruff"]
testing = ["hypothesis<7"]
lint = ["mypy"]
"""


def test_manifest_of_the_standards() -> None:
    seen = found({"pyproject.toml": PYPROJECT})
    assert set(seen.lines) == {"requests>=2", "pytest-mock; python_version > '3.8'", "hypothesis<7", "ruff"}
    assert seen.files == ("pyproject.toml",)
    assert checked(seen.text).locked is False


def test_lock_pins_what_is_declared() -> None:
    lock = '[[package]]\nname = "requests"\nversion = "2.32.3"\n[[package]]\nname = "Hypothesis"\nversion = "6.1"\n'
    lock += '[[package]]\nname = "ruff"\nversion = "1"\n[[package]]\nname = "ruff"\nversion = "2"\n'
    lines = found({"pyproject.toml": PYPROJECT, "uv.lock": lock}).lines
    assert "requests==2.32.3" in lines
    assert "hypothesis==6.1" in lines
    assert "ruff" in lines


POETRY = """\
[tool.poetry]
name = "acme"
[tool.poetry.dependencies]
python = "^3.10"
one = "^1.2.3"
two = "^0.2.3"
three = {version = "~1.2", extras = ["x"]}
four = "*"
five = {version = ">=1,<2"}
six = {version = "1", optional = true}
seven = "7.1"
[tool.poetry.group.test.dependencies]
eight = "^0.0.3"
[tool.poetry.group.docs.dependencies]
nine = "9"
"""


def test_poetry() -> None:
    assert set(found({"pyproject.toml": POETRY}).lines) == {
        "one>=1.2.3,<2",
        "two>=0.2.3,<0.3",
        "three[x]>=1.2,<1.3",
        "four",
        "five>=1,<2",
        "seven==7.1",
        "eight>=0.0.3,<0.0.4",
    }


def test_older_manifests() -> None:
    files = {
        "setup.cfg": "[options]\ninstall_requires =\n  one>1\n[options.extras_require]\ntests = two\nother = three\n",
        "setup.py": "import setuptools as s\ns.setup(install_requires=['four'], extras_require={'dev': ['five']})\n",
    }
    assert set(found(files).lines) == {"one>1", "two", "four", "five"}


def test_requirements_files_with_what_they_include() -> None:
    files = {
        "requirements.txt": "--index-url https://x.example\none==1 # why\n-e .\n-r other/base.txt\n./local\n",
        "other/base.txt": "two\n-r ../requirements.txt\n",
        "requirements/test.txt": "three\n",
        "requirements/docs.txt": "sphinx\n",
        "requirements-dev.txt": "four\n",
        "sub/requirements.txt": "not-at-the-root\n",
    }
    assert set(found(files).lines) == {"one==1", "two", "three", "four"}


def test_a_file_with_every_hash_is_the_whole_answer() -> None:
    hashed = f"one==1 \\\n    --hash=sha256:{'a' * 64} \\\n    --hash=sha256:{'b' * 64}\n"
    more = hashed + f"two==2 --hash=sha256:{'c' * 64}\n"
    seen = found({"pyproject.toml": PYPROJECT, "requirements.txt": hashed, "requirements.lock": more})
    assert (len(seen.lines), seen.files) == (2, ("requirements.lock",))
    assert checked(seen.text).locked


@pytest.mark.parametrize(
    "line",
    [
        "one @ https://x.example/one.whl",
        "one @ git+ssh://x/y",
        "git+https://x.example/one",
        "https://x.example/one.whl",
    ],
)
def test_what_comes_from_an_address_is_named_and_not_installed(line: str) -> None:
    seen = found({"requirements.txt": f"{line}\ntwo\n"})
    assert seen.lines == ("two",)
    assert len(seen.direct) == 1


def test_nothing_is_declared() -> None:
    assert found({"a.py": "import requests\n", "pyproject.toml": "[tool.ruff]\n"}) == Installing()
    assert found({"pyproject.toml": "[project]\nname = 'a'\ndependencies = []\n"}) == Installing()


@pytest.mark.parametrize(
    "files",
    [
        {"pyproject.toml": "not toml ["},
        {"pyproject.toml": "project = 3\ndependency-groups = {test = [{include-group = 'test'}, 7]}\n"},
        {"pyproject.toml": "[project]\noptional-dependencies = {test = 'x'}\n[tool.poetry]\ngroup = 1\n"},
        {"requirements.txt": "-r requirements.txt\n-r ../../etc/passwd\n"},
        {"setup.py": "setup(install_requires=open('x').read())"},
        {"uv.lock": "[[package]]\nname = 1\n", "requirements.txt": ""},
    ],
)
def test_odd_files_declare_nothing_and_break_nothing(files: Mapping[str, str]) -> None:
    assert found(files).lines == ()


def test_options_in_a_line_are_refused_where_they_are_installed() -> None:
    from checks.model.errors import Refusal

    with pytest.raises(Refusal):
        checked(found({"requirements.txt": "one --config-settings=x=y\n"}).text)
