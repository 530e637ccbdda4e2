import time

import pytest

from checks.repository.declarations.dependencies import Dependencies, home, is_declaration, of
from checks.repository.snapshot import of_memory


def declared(files: dict[str, str | bytes]) -> Dependencies:
    contents = {path: text if isinstance(text, bytes) else text.encode() for path, text in files.items()}
    return of(of_memory(contents), [path for path in files if path.endswith("job.py")])


def roles(found: Dependencies) -> dict[str, str]:
    return {each.name: each.role for each in found.requirements}


UV = """
version = 1
[[package]]
name = "mine"
source = { virtual = "." }
dependencies = [{ name = "idna" }]
[[package]]
name = "Idna"
version = "3.1"
source = { registry = "https://pypi\x2eorg/simple" }
sdist = { url = "https://files.pythonhosted\x2eorg/x.tar.gz" }
[package.optional-dependencies]
dev = [{ name = "other" }]
[[package]]
name = "forked"
source = { git = "https://h/x" }
"""
POETRY = """
[[package]]
name = "idna"
version = "1"
[[package]]
name = "local"
[package.source]
type = "directory"
url = "../local"
[metadata]
name = "not-a-package"
"""
PYLOCK = """
lock-version = '1.0'
[[packages]]
name = 'idna'
index = 'https://pypi\x2eorg/simple'
[[packages.wheels]]
name = 'idna-3.whl'
[[packages]]
name = 'tree'
directory = { path = '.' }
"""
CONDA = "name: x\nchannels: [y]\ndependencies:\n  - python=3.9\n  - forge::numpy>=1\n  - pip:\n      - idna\n"
TOX = (
    "[tox]\nenvlist=a\n[common]\ndeps =\n  attrs\n[testenv]\ndeps =\n  -r{toxinidir}/more.in\n  py38: mock\n  idna>=2\n"
)
GROUPS = (
    "[dependency-groups]\ntest=['mock', {include-group='lint'}]\nlint=['ruff']\n"
    "[build-system]\nrequires=['hatchling']\n"
)
DYNAMIC = "[project]\ndynamic=['dependencies']\n[tool.setuptools.dynamic]\ndependencies={file=['reqs/a.txt']}\n"
HATCH = "[tool.hatch.envs.default]\ndependencies=['coverage']\n[tool.hatch.envs.docs]\nextra-dependencies=['mkdocs']\n"
SETUP = "kw = dict(install_requires=['a' + x])\nkw['extras_require'] = {'t': 'b'}\nsetup(**kw)\n"
SOURCES = "[project]\ndependencies=['a','b']\n[tool.uv.sources]\na={workspace=true}\nb={index='x'}\n"
CASES: list[tuple[dict[str, str | bytes], dict[str, str]]] = [
    ({"uv.lock": UV}, {"mine": "locked", "idna": "locked", "forked": "locked"}),
    ({"poetry.lock": POETRY}, {"idna": "locked", "local": "locked"}),
    ({"pdm.lock": '[[package]]\nname = "idna"\nversion = "1"\n'}, {"idna": "locked"}),
    ({"pylock.toml": PYLOCK}, {"idna": "locked", "tree": "locked"}),
    ({"pylock.dev.toml": PYLOCK}, {"idna": "locked", "tree": "locked"}),
    ({"Pipfile.lock": '{"default": {"Idna": {}}, "develop": {"mock": {}}}'}, {"idna": "locked", "mock": "locked"}),
    ({"requirements.txt": "idna==3 \\\n    --hash=sha256:00 \\\n    --hash=sha256:11\n"}, {"idna": "run"}),
    ({"requirements/dev.txt": "mock\n", "requirements.in": "idna\n"}, {"mock": "dev", "idna": "run"}),
    (
        {"environment.yml": CONDA},
        {"python": "conda", "numpy": "conda", "pip": "conda", "idna": "run"},
    ),
    (
        {"tox.ini": TOX, "more.in": "six\n"},
        {"attrs": "tool", "six": "run", "mock": "tool", "idna": "tool"},
    ),
    (
        {"noxfile.py": "def t(s):\n    s.install('idna', '-e', '.', '--upgrade', NAME)\n    s.run('x')\n"},
        {"idna": "tool"},
    ),
    (
        {"pyproject.toml": GROUPS},
        {"mock": "dev", "ruff": "dev", "hatchling": "build"},
    ),
    (
        {"pyproject.toml": DYNAMIC, "reqs/a.txt": "idna\n"},
        {"idna": "run"},
    ),
    (
        {"pyproject.toml": HATCH},
        {"coverage": "tool", "mkdocs": "tool"},
    ),
    ({"setup.py": SETUP}, {"a": "run", "b": "extra"}),
]


@pytest.mark.parametrize(("files", "expected"), CASES)
def test_what_is_declared_and_for_what(files: dict[str, str | bytes], expected: dict[str, str]) -> None:
    assert roles(declared(files)) == expected


@pytest.mark.parametrize(
    ("files", "direct"),
    [
        ({"uv.lock": UV}, {"mine", "forked"}),
        ({"poetry.lock": POETRY}, {"local"}),
        ({"pylock.toml": PYLOCK}, {"tree"}),
        ({"requirements.txt": "a @ https://h/a.whl\nb\nc[x] @ git+https://h/c\nd; python_version>'3'\n"}, {"a", "c"}),
        ({"pyproject.toml": "[tool.poetry.dependencies]\na={path='../a'}\nb={version='1'}\nc='*'\n"}, {"a"}),
        (
            {"pyproject.toml": SOURCES},
            {"a"},
        ),
    ],
)
def test_what_comes_from_no_index(files: dict[str, str | bytes], direct: set[str]) -> None:
    assert {each.name for each in declared(files).requirements if each.direct} == direct


@pytest.mark.parametrize(
    ("path", "text", "private"),
    [
        ("requirements.txt", "--extra-index-url https://pypi.acme.org/simple\n", True),
        ("requirements.txt", "--index-url=https://pypi\x2eorg/simple\n", False),
        ("requirements.txt", "# --extra-index-url https://pypi.acme.org/simple\n", False),
        ("pyproject.toml", "[[tool.uv.index]]\nname='x'\nurl='https://pypi.acme.org'\n", True),
        ("pyproject.toml", "[[tool.uv.index]]\nname='x'\nurl='https://pypi\x2eorg/simple'\n", False),
        ("pyproject.toml", "[[tool.poetry.source]]\nname='x'\nurl='https://pypi.acme.org'\n", True),
        ("pyproject.toml", "[tool.uv]\nextra-index-url=['https://pypi.acme.org']\n", True),
        ("pyproject.toml", "[[tool.poetry.source]]\nname='PyPI'\npriority='primary'\n", False),
        ("Pipfile", "[[source]]\nurl='https://pypi.acme.org'\n", True),
        ("Pipfile", "[[source]]\nurl='https://pypi.python.org/simple'\n", False),
        ("uv.lock", '[[package]]\nname="a"\nsource = { registry = "https://pypi.acme.org" }\n', True),
        ("uv.lock", '[[package]]\nname="a"\nsource = { registry = "https://pypi\x2eorg/simple" }\n', False),
        ("Pipfile.lock", '{"_meta": {"sources": [{"url": "https://pypi.acme.org"}]}}', True),
        ("requirements.txt", "--extra-index-url https://pypi\x2eorg.evil.example/simple\n", True),
    ],
)
def test_private_indexes(path: str, text: str, private: bool) -> None:
    assert declared({path: text}).indexes == ((path,) if private else ())


def test_what_holds_for_a_file_is_declared_beside_or_above_it() -> None:
    found = declared(
        {
            "other.py": "",
            "pyproject.toml": "[dependency-groups]\ndev=['mock']\n",
            "libs/one/pyproject.toml": "[project]\nname='One'\ndependencies=['idna']\n",
            "libs/two/requirements/base.txt": "six\n",
            "job.py": "# /// script\n# dependencies = ['attrs']\n# ///\n",
        }
    )
    assert {each.name for each in found.near("libs/one/src/one/a.py")} == {"mock", "idna"}
    assert {each.name for each in found.near("libs/two/a.py")} == {"mock", "six"}
    assert {each.name for each in found.near("other.py")} == {"mock"}
    assert {each.name for each in found.near("job.py")} == {"mock", "attrs"}
    assert found.names == {"one"}
    assert found.declared_for("libs/three/a.py")
    script = "# /// script\n# requires-python = '>=3.12'\n# dependencies = [\n#   'Attrs>1',\n# ]\n# ///\nimport attr\n"
    alone = declared({"job.py": script, "other_job.py": "# /// script\n# dependencies = [\n"})
    assert [each.name for each in alone.near("job.py")] == ["attrs"]
    assert alone.declared_for("job.py")
    assert not alone.declared_for("other_job.py")
    assert home("libs/two/requirements/base.txt") == "libs/two"


@pytest.mark.parametrize(
    ("files", "complete"),
    [
        ({"setup.py": "setup(install_requires=['a'])"}, True),
        ({"setup.py": "setup(install_requires=read())"}, False),
        ({"setup.py": "setup(install_requires=['a', b()])"}, False),
        ({"setup.py": "setup(name='x')"}, True),
        ({"pyproject.toml": "[project]\ndynamic=['dependencies']\n"}, False),
        ({"pyproject.toml": "[project]\ndynamic=['version']\ndependencies=[]\n"}, True),
    ],
)
def test_whether_all_that_is_declared_can_be_read(files: dict[str, str | bytes], complete: bool) -> None:
    assert declared(files).complete_for("x/a.py") is complete


@pytest.mark.parametrize(
    ("path", "is_one"),
    [
        ("uv.lock", True),
        ("a/requirements-dev.txt", True),
        ("requirements/deep/x.txt", True),
        ("pylock.x.toml", True),
        ("environment-dev.yml", True),
        ("README.md", False),
        ("requirements.md", False),
        ("Cargo.lock", False),
        ("environment.py", False),
        ("notes.txt", False),
    ],
)
def test_files_of_declarations(path: str, is_one: bool) -> None:
    assert is_declaration(path) is is_one


HOSTILE: dict[str, tuple[str, bytes]] = {
    "bomb": ("environment.yml", b"a: &a [x]\nb: &b [*a,*a]\nc: &c [*b,*b]\ndependencies: [*c, *c, {pip: [*c]}]\n"),
    "deep YAML": ("environment.yml", b"dependencies: " + b"[" * 3000),
    "tags": ("environment.yml", b"dependencies: !!python/object/apply:os.system [id]\n"),
    "deep JSON": ("Pipfile.lock", b"[" * 100_000),
    "JSON of other types": ("Pipfile.lock", b'{"default": [1], "_meta": {"sources": [3]}}'),
    "long lock": ("uv.lock", b"[[package]]\n" * 150_000),
    "lock without end": ("poetry.lock", b'[[package]]\nname = "' + b"a" * 1_000_000),
    "sources": ("uv.lock", b'[[package]]\nname="a"\nsource = ' + b"{" * 1_000_000),
    "nox": ("noxfile.py", b"(" * 3000),
    "nox of other types": ("noxfile.py", b"s.install(1, None, b'x', '!')\n"),
    "tox": ("tox.ini", b"[testenv]\ndeps = " + b"\n -r tox.ini" * 500),
    "script": ("requirements.txt", b"-r requirements.txt\n" * 5000),
    "no UTF-8": ("uv.lock", b'[[package]]\nname = "\xff"\n'),
}


@pytest.mark.parametrize("case", HOSTILE)
def test_hostile_declarations_are_read_in_time(case: str) -> None:
    path, content = HOSTILE[case]
    began = time.process_time()
    found = declared({path: content, "requirements.txt" if path != "requirements.txt" else "Pipfile": b"idna\n"})
    assert time.process_time() - began < 5
    assert path == "requirements.txt" or "idna" in roles(found)
