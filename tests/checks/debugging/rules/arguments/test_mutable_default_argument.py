import pytest

from checks.debugging.rules.arguments.mutable_default_argument import RULE
from checks.debugging.source.module import Surroundings
from checks.model.findings import Severity
from tests.rulecases import check_fixed, check_left, check_silent, found

FIXED = [
    (
        "class A:\n    @classmethod\n    def f(cls, x: list[str] = [], *, y: 'str' = ''):\n        return x\n",
        "class A:\n    @classmethod\n    def f(cls, x: list[str] | None = None, *, y: 'str' = ''):\n"
        "        if x is None:\n            x = []\n        return x\n",
    ),
    (
        "import typing as t\ndef f(x: t.Optional[t.List] = []):\n    return x\n",
        "import typing as t\ndef f(x: t.Optional[t.List] = None):\n    if x is None:\n        x = []\n    return x\n",
    ),
    (
        "def f(x=[]):\n    x.append(1)\n",
        "def f(x=None):\n    if x is None:\n        x = []\n    x.append(1)\n",
    ),
    (
        '''
        async def f(a, b={}, *, c=set()):  # note
            """Docstring."""
            # first
            return a, b, c
        ''',
        '''
        async def f(a, b=None, *, c=None):  # note
            """Docstring."""
            # first
            if b is None:
                b = {}
            if c is None:
                c = set()
            return a, b, c
        ''',
    ),
    (
        "class A:\n\tdef f(self, x=[1, 2]):\n\t\treturn x\n",
        "class A:\n\tdef f(self, x=None):\n\t\tif x is None:\n\t\t\tx = [1, 2]\n\t\treturn x\n",
    ),
]

SILENT = [
    "g = lambda x, opts={}: opts.get(x)\n",
    "def f(x=None):\n    return x\n",
    "def f(x=()):\n    return x\n",
    "def f(x=frozenset()):\n    return x\n",
    "def f(n, _cache={}):\n    return _cache.setdefault(n, n)\n",
    "def list():\n    return ()\ndef f(x=list()):\n    return x\n",
]

LEFT = [
    "def f(x=[]):\n    if x is None:\n        x = [1]\n    x.append(2)\n    return x\n",
    "def f(x=[]):\n    if None is not x:\n        x.append(2)\n    return x\n",
    'def f(x=[]):\n    "Words."; x.append(1)\n    return x\n',
    "def walk(x, seen=set()):\n    seen.add(x)\n    return seen\n",
    "keep = lambda x, into=[]: into.append(x)\n",
    "def f(_made=[0]):\n    _made[0] += 1\n    return _made[0]\n",
    "def f(x=[]): return x\n",
    'def f(x: "list" = []):\n    return x\n',
    "@app.get('/')\ndef f(x: list = []):\n    return x\n",
    'def f(x=[]):\n    """Only words."""\n',
    "def f(x=[y]):\n    return x\n",
]


@pytest.mark.parametrize(("before", "after"), FIXED)
def test_fixed(before: str, after: str) -> None:
    check_fixed(RULE, before, after)


@pytest.mark.parametrize("source", SILENT)
def test_look_alikes(source: str) -> None:
    check_silent(RULE, source)


@pytest.mark.parametrize("source", LEFT)
def test_left(source: str) -> None:
    check_left(RULE, source)


def test_an_annotation_is_not_widened_where_its_python_does_not_understand_it() -> None:
    source = "def f(x: list = []):\n    return x\n"
    check_left(RULE, source, surroundings=Surroundings(python=(3, 8)))
    lazy = "from __future__ import annotations\n"
    after = lazy + "def f(x: list | None = None):\n    if x is None:\n        x = []\n    return x\n"
    check_fixed(RULE, lazy + source, after, surroundings=Surroundings(python=(3, 8)))


@pytest.mark.parametrize(
    ("body", "severity"),
    [
        ("return [y for y in x]", Severity.LOW),
        ("return {**x}, 1 in x, len(x), x.get(1), x[0] + 1", Severity.LOW),
        ("if x:\n        return g(*x)", Severity.LOW),
        ("return x", None),
        ("x.append(1)", None),
        ("x[0] = 1", None),
        ("self.x = x", None),
        ("g(x)", None),
        ("x += [1]", None),
        ("x[0].append(1)", None),
        ("return lambda: x.pop()", None),
    ],
)
def test_a_default_that_is_only_read_weighs_less(body: str, severity: Severity | None) -> None:
    hit = found(RULE, f"def f(self, x=[]):\n    {body}\n")
    assert [f.fault.severity for f in hit] == [severity]


@pytest.mark.parametrize(
    ("source", "fixable"),
    [
        ("def f(x: list = []):\n    g(x)\n", False),
        ("def f(x: list = []):\n    return [y for y in x]\n", False),
        ("class A:\n    def __init__(self, x: dict = {}):\n        g(**x)\n", False),
        ("def f(x: list = []):\n    x.append(1)\n", True),
        ("def f(x: dict = {}):\n    x[1] = 2\n", True),
        ("def f(x: dict = {}):\n    del x[1]\n", True),
        ("def f(x: list = []):\n    x += [1]\n", True),
        ("def f(x: list = []):\n    return 1, x\n", True),
        ("class A:\n    def __init__(self, x: dict = {}):\n        self.x = x\n", True),
        ("def _f(x: list = []):\n    g(x)\n", True),
        ("class _A:\n    def f(self, x: list = []):\n        g(x)\n", True),
        ("def o():\n    def f(x: list = []):\n        g(x)\n    return f\n", True),
        ("def f(x=[]):\n    g(x)\n", True),
        ("def f(x: list | None = []):\n    g(x)\n", True),
    ],
)
def test_the_type_of_a_public_parameter_changes_only_for_a_sure_fault(source: str, fixable: bool) -> None:
    assert [f.fault.fix is not None for f in found(RULE, source)] == [fixable]
