from pathlib import Path

import pytest

from checks.model.findings import Severity
from checks.model.safety import Proposer
from checks.model.verdicts import State
from checks.sandbox.environment import Environment
from checks.sandbox.port import Binding
from checks.validation.asked import Asked, Tested
from checks.validation.stages.imports import run
from tests.changes import made

PROJECT = (
    "[project]\nname='shop'\nrequires-python='>=3.10'\ndependencies=['requests', 'PyYAML', 'google-cloud-storage']\n"
    "[dependency-groups]\ndev=['pytest', 'hypothesis']\n"
)
BASE: dict[str, str | bytes] = {
    "pyproject.toml": PROJECT,
    "src/shop/__init__.py": "",
    "src/shop/cart.py": "class Cart: ...\n",
    "src/shop/old.py": "import simplejson\n",
}
RUNS: list[tuple[str, str, str]] = [
    ("import reqests", "import-unknown", "requests"),
    ("import numpy", "import-undeclared", "numpy"),
    ("import cv2", "import-undeclared", "opencv-python"),
    ("from bs4 import BeautifulSoup", "import-undeclared", "beautifulsoup4"),
    ("import pyyaml", "import-unknown", ""),
    ("import acme_invented_toolkit", "import-unknown", ""),
    ("import jsn", "import-unknown", "json"),
    ("import urllib2", "import-unknown", ""),
    ("import distutils.core", "import-not-in-python", "gone after 3.11"),
    ("import cgi", "import-not-in-python", "gone after 3.12"),
    ("import tomllib", "import-not-in-python", "new in 3.11"),
    ("from asyncio import taskgroups", "import-not-in-python", "new in 3.11"),
    ("from shop.cart import Cat", "import-missing-name", "Cart"),
    ("from .carts import Cart", "import-missing-module", "cart"),
    ("import shop.carts", "import-missing-module", "cart"),
    ("def f():\n    import numpy", "import-undeclared", "numpy"),
    ("print(undefined_thing)", "undefined-name", "undefined_thing"),
    ("__all__ = ['nothing']", "undefined-export", "nothing"),
    ("try:\n    import a_b_c\nexcept ValueError:\n    pass", "import-unknown", ""),
]
QUIET: list[tuple[str, str]] = [
    ("src/shop/new.py", "import os, sys, json, xml.etree.ElementTree"),
    ("src/shop/new.py", "import requests, yaml\nfrom google.cloud import storage"),
    ("src/shop/new.py", "import google.cloud.storage.blob"),
    ("src/shop/new.py", "from . import cart\nfrom .cart import Cart\nfrom shop import cart as c\nimport shop.cart"),
    ("src/shop/new.py", "try:\n    import numpy\nexcept ImportError:\n    numpy = None"),
    ("src/shop/new.py", "try:\n    import tomllib\nexcept ModuleNotFoundError:\n    import tomli as tomllib"),
    ("src/shop/new.py", "import sys\nif sys.version_info >= (3, 11):\n    import tomllib\nelse:\n    import tomli"),
    (
        "src/shop/new.py",
        "from typing import TYPE_CHECKING\nif TYPE_CHECKING:\n    import numpy\n    from _typeshed import X",
    ),
    ("src/shop/new.py", "from __future__ import annotations\nimport __main__"),
    ("src/shop/new.py", "try:\n    from shop._made import x\nexcept ImportError:\n    x = None"),
    ("src/shop/new.py", "from shop import old\nx = [o for o in old.y]\nprint(__file__, __name__)"),
    ("tests/test_new.py", "import pytest, hypothesis, requests\nfrom shop.cart import Cart"),
    ("tests/test_new.py", "import pytest\nnp = pytest.importorskip('numpy')\nimport numpy.linalg"),
    ("tests/test_new.py", "def test(tmp_path):\n    import made_by_the_test"),
    ("setup.py", "import setuptools, pkg_resources\nfrom distutils.core import Extension"),
    ("noxfile.py", "import nox"),
    ("docs/conf.py", "import sphinx\nif tags.has('x'):\n    pass"),
    ("docs/example.py", "import numpy"),
    ("src/shop/new.py", "import simplejson"),
    ("tests/data/broken.py", "import nothing_at_all"),
    ("src/shop/new.py", "def f(:"),
    ("README.md", "import nothing_at_all"),
]


def added(path: str, text: str, **more: str | bytes) -> dict[str, str | bytes]:
    return {**BASE, path: text + "\n", **more}


@pytest.mark.parametrize(("text", "rule", "said"), RUNS)
def test_what_fails(text: str, rule: str, said: str) -> None:
    result = run(made(BASE, added("src/shop/new.py", text)), Asked())
    assert result.state is State.FAILED
    assert [f.rule for f in result.findings if f.severity is Severity.HIGH] == [rule]
    assert said in result.reason
    assert result.findings[0].tool == "selfmod"


@pytest.mark.parametrize(("path", "text"), QUIET)
def test_what_passes(path: str, text: str) -> None:
    result = run(made(BASE, added(path, text)), Asked())
    assert (result.state, result.reason) == (State.PASSED, "")


HINTS: list[tuple[str, str, str]] = [
    ("src/shop/new.py", "import pytest", "import-development-only"),
    ("src/shop/new.py", "import google.auth", "import-transitive"),
    ("src/shop/new.py", "import simplejson", "import-undeclared"),
    ("src/shop/new.py", "import elsewhere_declared", "import-declared-elsewhere"),
    ("src/shop/new.py", "import idna", "import-transitive"),
    ("docs/example.py", "import numpy", "import-undeclared"),
    ("tests/test_new.py", "def test():\n    import numpy", "import-undeclared"),
]


@pytest.mark.parametrize(("path", "text", "rule"), HINTS)
def test_hints(path: str, text: str, rule: str) -> None:
    around = {"tools2/requirements.txt": "elsewhere-declared\n", "uv.lock": '[[package]]\nname = "idna"\n'}
    result = run(made({**BASE, **around}, {**added(path, text), **around}), Asked())
    assert result.state is State.PASSED
    assert [(f.rule, f.severity) for f in result.findings] == [(rule, Severity.LOW)]


@pytest.mark.parametrize("path", ["src/shop/old.py", "src/shop/cart.py"])
def test_what_was_there_before_is_not_told(path: str) -> None:
    base = {**BASE, path: "import nothing_at_all\nprint(undefined)\n"}
    change = made(base, {**base, path: "# more\nimport nothing_at_all\nprint(undefined)\n"})
    assert run(change, Asked()).findings == ()


def test_a_second_undefined_name_is_new() -> None:
    base = {**BASE, "a.py": "print(undefined)\n"}
    found = run(made(base, {**base, "a.py": "print(undefined)\nx = undefined\n"}), Asked()).findings
    assert [(f.rule, f.line) for f in found] == [("undefined-name", 2)]


@pytest.mark.parametrize(
    ("head", "rule"),
    [
        ({"src/shop/cart.py": "class Basket: ...\n"}, "import-missing-name"),
        ({"src/shop/cart.py": None}, "import-missing-module"),
        ({"src/shop/cart.py": None, "src/shop/basket.py": "class Cart: ...\n"}, "import-missing-module"),
    ],
)
def test_what_the_change_takes_away_from_others(head: dict[str, str | None], rule: str) -> None:
    base: dict[str, str | bytes] = {**BASE, "src/shop/user.py": "from shop.cart import Cart\n"}
    after = {path: text for path, text in {**base, **head}.items() if text is not None}
    result = run(made(base, after), Asked())
    assert [(f.file, f.rule) for f in result.findings] == [("src/shop/user.py", rule)]
    assert "takes it away" in result.reason


@pytest.mark.parametrize(
    "head",
    [
        {"src/shop/cart.py": "class Cart: ...\nclass More: ...\n"},
        {"src/shop/cart.py": None, "src/shop/cart/__init__.py": "class Cart: ...\n"},
        {"src/shop/cart.py": "from shop.other import *\n", "src/shop/other.py": "class Cart: ...\n"},
        {"src/shop/cart.py": None, "src/shop/user.py": None},
        {"src/shop/cart.py": "class Basket: ...\n", "src/shop/user.py": "from shop.cart import Basket\n"},
    ],
)
def test_what_others_still_find(head: dict[str, str | None]) -> None:
    base: dict[str, str | bytes] = {**BASE, "src/shop/user.py": "from shop.cart import Cart\n"}
    after = {path: text for path, text in {**base, **head}.items() if text is not None}
    assert run(made(base, after), Asked()).findings == ()


DEPENDENCIES: list[tuple[dict[str, str | bytes], str, Severity, State]] = [
    ({"requirements.txt": "reqeusts==2\n"}, "distribution-look-alike", Severity.HIGH, State.FAILED),
    ({"requirements-dev.txt": "python3-dateutil\n"}, "distribution-look-alike", Severity.HIGH, State.FAILED),
    ({"uv.lock": '[[package]]\nname = "urlib3"\n'}, "distribution-look-alike", Severity.HIGH, State.FAILED),
    (
        {"pyproject.toml": PROJECT.replace("'requests'", "'requests', 'djagno'")},
        "distribution-look-alike",
        Severity.HIGH,
        State.FAILED,
    ),
    ({"requirements.txt": "rеquests\n"}, "distribution-look-alike", Severity.HIGH, State.FAILED),
    ({"tox.ini": "[testenv]\ndeps = pytset\n"}, "distribution-look-alike", Severity.HIGH, State.FAILED),
    (
        {"job.py": "# /// script\n# dependencies = ['numpyy']\n# ///\n"},
        "distribution-look-alike",
        Severity.HIGH,
        State.FAILED,
    ),
    ({"requirements.txt": "acme-billing-models\n"}, "distribution-unknown", Severity.MEDIUM, State.PASSED),
    ({"requirements.txt": "httpx2\n"}, "distribution-unknown", Severity.MEDIUM, State.PASSED),
    ({"tests/data/requirements.txt": "reqeusts\n"}, "distribution-look-alike", Severity.LOW, State.PASSED),
]
REAL: list[dict[str, str | bytes]] = [
    {"requirements.txt": "numpy\nBeautifulSoup4[lxml]>=4; python_version > '3'\n"},
    {"requirements.txt": "-e .\nshop\n./libs/x\nreqeusts @ https://h/x.whl\ngit+https://h/y#egg=djagno\n"},
    {"pyproject.toml": PROJECT + "[tool.uv.sources]\nrequests={git='https://h/x'}\n"},
    {"libs/reqests/pyproject.toml": "[project]\nname='reqests'\n", "requirements.txt": "reqests\n"},
    {"environment.yml": "dependencies: [pytorch-cudaa]\n"},
]


@pytest.mark.parametrize(("head", "rule", "severity", "state"), DEPENDENCIES)
def test_new_dependencies(head: dict[str, str | bytes], rule: str, severity: Severity, state: State) -> None:
    result = run(made(BASE, {**BASE, **head}), Asked())
    assert [(f.rule, f.severity) for f in result.findings] == [(rule, severity)]
    assert result.state is state


@pytest.mark.parametrize("head", REAL)
def test_real_dependencies(head: dict[str, str | bytes]) -> None:
    assert run(made(BASE, {**BASE, **head}), Asked()).findings == ()


def test_a_dependency_that_the_base_has_is_nobody_s_news() -> None:
    base: dict[str, str | bytes] = {**BASE, "requirements.txt": "reqeusts==1\n"}
    assert run(made(base, {**base, "requirements.txt": "reqeusts==2\n"}), Asked()).findings == ()


@pytest.mark.parametrize("proposer", list(Proposer))
def test_an_unknown_name_fails_what_selfmod_proposes(proposer: Proposer) -> None:
    result = run(made(BASE, {**BASE, "requirements.txt": "acme-models\n"}), Asked(proposer=proposer))
    assert (result.state is State.FAILED) == (proposer is Proposer.SELFMOD)


@pytest.mark.parametrize(("on_base", "severity"), [(True, Severity.MEDIUM), (False, Severity.HIGH)])
def test_a_private_index_softens_where_the_base_names_it(on_base: bool, severity: Severity) -> None:
    index = "--extra-index-url https://pypi.acme.example/simple\n"
    base: dict[str, str | bytes] = {**BASE, "requirements.txt": index if on_base else ""}
    result = run(made(base, {**base, "requirements.txt": f"{index}reqeusts\n"}), Asked())
    assert [f.severity for f in result.findings] == [severity]
    assert ("private index" in result.findings[0].message) is on_base


def test_where_nothing_is_declared_a_real_module_passes_and_an_invented_one_fails() -> None:
    assert run(made({}, {"a.py": "import numpy, requests\n"}), Asked()).findings == ()
    assert run(made({}, {"a.py": "import numpy_invented_extras\n"}), Asked()).state is State.FAILED


def test_a_script_says_for_itself_what_it_needs() -> None:
    script = "# /// script\n# dependencies = ['numpy']\n# ///\nimport numpy\n"
    assert run(made(BASE, {**BASE, "job.py": script}), Asked()).findings == ()


def test_the_environment_tells_names_and_declares_nothing(tmp_path: Path) -> None:
    metadata = tmp_path / "lib/python3.13/site-packages/acme_private-1.dist-info"
    metadata.mkdir(parents=True)
    (metadata / "RECORD").write_text("unguessable/__init__.py,,\n", encoding="utf-8")
    environment = Environment("python3", (3, 13), (Binding(tmp_path, "/env"),), "a folder")
    asked = Asked(tested=Tested(environment=environment))
    project = PROJECT.replace("'requests'", "'requests', 'acme-private'")
    base: dict[str, str | bytes] = {**BASE, "pyproject.toml": project}
    head = {**base, "src/shop/new.py": "import unguessable\n"}
    assert run(made(base, head), asked).state is State.PASSED
    assert run(made(base, head), Asked()).state is State.FAILED
    undeclared = {**BASE, "src/shop/new.py": "import unguessable\n"}
    assert run(made(BASE, undeclared), asked).state is State.FAILED


def test_a_file_that_moves_is_held_by_its_relative_imports() -> None:
    base: dict[str, str | bytes] = {**BASE, "src/shop/user.py": "from .cart import Cart\nimport nothing_at_all\n"}
    head = {p: t for p, t in base.items() if p != "src/shop/user.py"} | {
        "src/shop/sub/user.py": base["src/shop/user.py"]
    }
    found = run(made(base, head, {"src/shop/sub/user.py": "src/shop/user.py"}), Asked()).findings
    assert [f.rule for f in found] == ["import-missing-module"]


def test_facts() -> None:
    result = run(
        made(BASE, {**added("a.py", "import os, sys"), "b.py": "(" * 100_000, "requirements.txt": "numpy"}), Asked()
    )
    assert result.facts["python"] == "3.10 to 3.14"
    assert result.facts["imports"] == "2 added"
    assert result.facts["new dependencies"] == "numpy"
    assert result.facts["not analysed"].startswith("b.py (")
