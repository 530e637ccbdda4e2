import base64

import pytest

from checks.repository.snapshot import of_memory
from checks.validation.imports import own as own_modules
from checks.validation.imports import resolve
from checks.validation.imports.found import Import, analyse

TREE: dict[str, str] = {
    "src/pkg/__init__.py": "from pkg.core import run\n__version__ = '1'\n",
    "src/pkg/core.py": "def run(): ...\nclass Tool:\n    def inner(self): ...\n",
    "src/pkg/sub/__init__.py": "",
    "src/pkg/sub/leaf.py": "VALUE = 1\n",
    "src/pkg/fast.pyx": "",
    "src/pkg/_speed.c": "",
    "src/pkg/wire.proto": "",
    "src/pkg/lazy.py": "def __getattr__(name): ...\n",
    "src/pkg/star.py": "from pkg.core import *\n",
    "src/pkg/space/deep/mod.py": "X = 1\n",
    "src/pkg/vendored/__init__.py": "from x import six\n",
    "src/other.py": "A = 1\n",
    "tests/helpers.py": "def helped(): ...\n",
    "tests/test_a.py": "",
    "scripts/tool.py": "",
    "libs/one/pyproject.toml": "",
    "libs/one/src/one/__init__.py": "ONE = 1\n",
    "setup.py": "Extension('pkg._built', [])\n",
    "typed/__init__.pyi": "",
}
THERE = [
    ("tests/test_a.py", "import pkg"),
    ("tests/test_a.py", "import pkg.core"),
    ("tests/test_a.py", "from pkg import run, __version__, core, sub"),
    ("tests/test_a.py", "from pkg.core import run, Tool, __name__, __doc__"),
    ("tests/test_a.py", "from pkg.sub import leaf"),
    ("tests/test_a.py", "from pkg.sub.leaf import VALUE"),
    ("tests/test_a.py", "from pkg.core import *"),
    ("tests/test_a.py", "import pkg.fast, pkg._speed"),
    ("tests/test_a.py", "from pkg import fast"),
    ("tests/test_a.py", "from pkg.fast import anything"),
    ("tests/test_a.py", "import pkg.wire_pb2"),
    ("tests/test_a.py", "from pkg._version import version"),
    ("tests/test_a.py", "import pkg._built"),
    ("tests/test_a.py", "from pkg.lazy import anything"),
    ("tests/test_a.py", "from pkg.star import anything"),
    ("tests/test_a.py", "from pkg.space.deep.mod import X"),
    ("tests/test_a.py", "from pkg.space import deep"),
    ("tests/test_a.py", "import pkg.vendored.six"),
    ("tests/test_a.py", "import helpers"),
    ("tests/test_a.py", "from .helpers import helped"),
    ("tests/test_a.py", "from . import helpers"),
    ("tests/test_a.py", "from one import ONE"),
    ("tests/test_a.py", "from typed import anything"),
    ("src/pkg/core.py", "from . import sub, fast, __version__"),
    ("src/pkg/sub/leaf.py", "from .. import core"),
    ("src/pkg/sub/leaf.py", "from ..core import Tool"),
    ("src/pkg/sub/leaf.py", "from . import leaf"),
    ("src/pkg/core.py", "import other"),
    ("scripts/tool.py", "import os"),
    ("scripts/tool.py", "import requests"),
]
MISSING = [
    ("tests/test_a.py", "import pkg.cores", "module", "src/pkg/cores", "core"),
    ("tests/test_a.py", "from pkg.cores import x", "module", "src/pkg/cores", "core"),
    ("tests/test_a.py", "from pkg import rnu", "name", "src/pkg/__init__.py", "run"),
    ("tests/test_a.py", "from pkg.core import Tol", "name", "src/pkg/core.py", "Tool"),
    ("tests/test_a.py", "from pkg.core import inner", "name", "src/pkg/core.py", None),
    ("tests/test_a.py", "from pkg.sub import VALUE", "name", "src/pkg/sub/__init__.py", None),
    ("tests/test_a.py", "from pkg.core import __version__", "name", "src/pkg/core.py", None),
    ("tests/test_a.py", "import pkg.core.more", "module", "src/pkg/core/more", None),
    ("tests/test_a.py", "from .helper import helped", "module", "tests/helper", "helpers"),
    ("tests/test_a.py", "from pkg.space import dep", "name", "src/pkg/space", "deep"),
    ("src/pkg/core.py", "from .subs import leaf", "module", "src/pkg/subs", "sub"),
    ("src/pkg/core.py", "from . import subs", "name", "src/pkg/__init__.py", "sub"),
    ("src/pkg/core.py", "from ..... import x", "module", "beyond the repository's root", None),
    ("src/pkg/sub/leaf.py", "from ..core import nothing_like_it", "name", "src/pkg/core.py", None),
]


def imports(text: str) -> list[Import]:
    task = {"path": "x.py", "content": base64.b64encode(text.encode()).decode()}
    return [Import(**row) for row in analyse(task)["imports"]]


@pytest.fixture(scope="module")
def own() -> own_modules.Own:
    found = own_modules.of(of_memory({path: text.encode() for path, text in TREE.items()}))
    texts = [*THERE, *((path, text) for path, text, *_ in MISSING)]
    everything = [(path, each) for path, text in texts for each in imports(text)]
    found.learn(source for path, each in everything for source in resolve.targets(found, path, each))
    return found


@pytest.mark.parametrize(("path", "text"), THERE)
def test_what_is_there_or_may_be(own: own_modules.Own, path: str, text: str) -> None:
    assert [resolve.missing(own, path, each) for each in imports(text)] == [None] * len(imports(text))


@pytest.mark.parametrize(("path", "text", "kind", "where", "near"), MISSING)
def test_what_is_certainly_missing(
    own: own_modules.Own, path: str, text: str, kind: str, where: str, near: str | None
) -> None:
    found = resolve.missing(own, path, imports(text)[0])
    assert found is not None
    assert (found.kind, found.where, found.near) == (kind, where, near)


def test_own_names(own: own_modules.Own) -> None:
    for name, is_own in (("pkg", True), ("one", True), ("other", True), ("helpers", True), ("requests", False)):
        assert resolve.is_own(own, imports(f"import {name}.x")[0]) is is_own
