import pytest

from checks.validation.syntax.places import is_data, is_template

DATA = [
    "tests/data/broken.py",
    "tests/fixtures/a/b.py",
    "tests/functional/s/odd.py",
    "tests/test_runner_apps/tagged/tests_syntax_error.py",
    "tests/conf.json",
    "tests/deep/er/x.yaml",
    "src/pkg/templates/x.py",
    "{{cookiecutter.name}}/setup.py",
    "a/{{ x }}.json",
    "testdata/a.toml",
    "tests/roots/x/conf.py",
    "test/data/a/test_x.py",
]
CODE = [
    "a.py",
    "src/pkg/mod.py",
    "src/pkg/data/mod.py",
    "tests/test_a.py",
    "tests/helper.py",
    "tests/unit/test_a.py",
    "tests/unit/conftest.py",
    "tests/pkg/helper.py",
    "tests/pkg/__init__.py",
    "config.json",
    ".github/workflows/ci.yml",
    "data/config.yaml",
    "contest/a.py",
]


@pytest.mark.parametrize("path", DATA)
def test_data_of_tests_and_templates(path: str) -> None:
    assert is_data(path, {path})


@pytest.mark.parametrize("path", CODE)
def test_what_must_be_well_formed(path: str) -> None:
    assert not is_data(path, {*CODE, path})


@pytest.mark.parametrize(
    ("text", "template"),
    [
        (b"a: {{ x }}\n", True),
        (b"{% if x %}\n", True),
        (b"<% x %>", True),
        (b"a: ${X}\n", True),
        (b"a: {x: {y: 1}}\n", False),
        (b"a: {x: {y: 1} }", False),
        (b"price: 5 $\n# if\n", False),
    ],
)
def test_templates(text: bytes, template: bool) -> None:
    assert is_template(text) is template
