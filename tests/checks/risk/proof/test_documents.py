import pytest

from checks.repository.change import Touched
from checks.risk.proof.documents import only
from checks.risk.proof.readers import Scan
from tests.changed import BASE, change


def proved(path: str, old: str | None = "a\n", new: str | None = "b\n", **more: str) -> bool:
    extra = {name.replace("__", "/").replace("_toml", ".toml").replace("_py", ".py"): t for name, t in more.items()}
    before, after = (BASE | extra | ({path: text} if text is not None else {}) for text in (old, new))
    of = change(before, after)
    return all(only(of, each, Scan(of)) for each in of.touched)


@pytest.mark.parametrize(
    "path",
    ["README.md", "readme.rst", "CHANGELOG.md", "CHANGES.rst", "HISTORY.txt", "CONTRIBUTING.md", "docs/a/b.rst",
     "docs/index.md", "doc/notes.txt", "newsfragments/12.bugfix.md", "AUTHORS.txt"],
)  # fmt: skip
def test_texts_for_people_are_documentation(path: str) -> None:
    assert proved(path)
    assert proved(path, None, "b\n")
    assert proved(path, "a\n", None)


@pytest.mark.parametrize(
    "path",
    ["LICENSE.txt", "src/shop/prompt.md", "src/shop/README.md", "templates/mail.txt", "docs/conf.py", "docs/a.html",
     "notes.md", "prompts/system.md", "robots.txt", "ＲEADME.md", "docs/x.ipynb"],
)  # fmt: skip
def test_texts_that_a_program_may_read_are_not(path: str) -> None:
    assert not proved(path)


@pytest.mark.parametrize(
    "more",
    [
        {"src__shop__load_py": "open('docs/index.md')\n"},
        {"tests__test_docs_py": "text = Path('docs') / 'index.md'\n"},
    ],
)
def test_a_text_that_a_module_names_is_not(more: dict[str, str]) -> None:
    assert not proved("docs/index.md", **more)


def test_a_readme_that_only_the_build_reads_is() -> None:
    assert proved("README.md", setup_py="long_description = open('README.md').read()\n")


@pytest.mark.parametrize(
    ("more", "expected"),
    [
        ({}, True),
        ({"pyproject_toml": "[tool.pytest.ini_options]\naddopts = '--doctest-glob=*.md'\n"}, False),
        ({"tests__run_py": "import doctest\n"}, False),
        ({"tests__run_py": "from sybil import Sybil\n"}, False),
    ],
)
def test_examples_that_are_run_are_not(more: dict[str, str], expected: bool) -> None:
    assert proved("docs/index.md", "a\n", ">>> f()\n1\n", **more) is expected


def test_a_link_or_an_executable_is_not() -> None:
    of = change(BASE, BASE | {"README.md": "x\n"})
    for mode in ("120000", "100755"):
        assert not only(of, Touched("README.md", "modified", None, "100644", mode), Scan(of))
