import ast
import time

import pytest

from checks.debugging.source.module import Surroundings, parse
from checks.debugging.source.text import Text
from checks.model.findings import NotAnalysed
from tests.rulecases import module_of

RESOLVED = [
    ("import a\na.b.c(X)", "a.b.c"),
    ("import a.b as c\nc.d(X)", "a.b.d"),
    ("import a.b\na.b.d(X)", "a.b.d"),
    ("from a.b import c as d\nd.e(X)", "a.b.c.e"),
    ("from . import c\nc.e(X)", ".c.e"),
    ("from ..a import c\nc(X)", "..a.c"),
    ("try:\n    import a\nexcept ImportError:\n    a = None\na.b(X)", "a.b"),
    ("try:\n    import a\nexcept ImportError:\n    a = False\na.b(X)", None),
    ("try:\n    import a\nexcept ImportError:\n    import b as a\na.b(X)", None),
    ("try:\n    from a import c\nexcept ImportError:\n    from b import c\nc(X)", None),
    ("try:\n    from a import c\nexcept ImportError:\n    def c(x): pass\nc(X)", None),
    ("if p:\n    import a.b as c\nelse:\n    import a.b as c\nc(X)", "a.b"),
    ("import a\ndef f(a):\n    a.b(X)", None),
    ("import a\nfor a in z: pass\na.b(X)", None),
    ("import a\na().b(X)", None),
    ("import a\na[0].b(X)", None),
    ("import own\nown.b(X)", None),
    ("from own.sub import b\nb(X)", None),
    ("print(X)", "builtins.print"),
    ("mystery(X)", None),
]


@pytest.mark.parametrize(("source", "expected"), RESOLVED)
def test_resolve(source: str, expected: str | None) -> None:
    module = module_of(source, surroundings=Surroundings(own=frozenset({"own"})))
    call = next(
        n
        for n in module.nodes
        if isinstance(n, ast.Call) and n.args and isinstance(n.args[0], ast.Name) and n.args[0].id == "X"
    )
    assert module.resolve(call.func) == expected


ORIGINS = [
    ("x = a.Make()\nx.use()", "a.Make"),
    ("with a.Make() as x:\n    x.use()", "a.Make"),
    ("async def f():\n    async with a.Make() as x:\n        x.use()", "a.Make"),
    ("async def f():\n    x = await a.make()\n    x.use()", "a.make"),
    ("a.Make().use()", "a.Make"),
    ("y = a.Make()\nx = y\nx.use()", "a.Make"),
    ("x = None\nx = a.Make()\nx.use()", "a.Make"),
    ("x = a.Make()\nx = a.Other()\nx.use()", None),
    ("x = a.Make()\nx = y\nx.use()", None),
    ("x, y = a.Make()\nx.use()", None),
    ("for x in a.Make(): x.use()", None),
    ("x = a.Make\nx.use()", None),
    ("def f(x: a.Make): x.use()", "a.Make"),
    ("def f(x: a.Make = None): x.use()", "a.Make"),
    ("def f(x: a.Make | None): x.use()", None),
    ("def f(*x: a.Make): x.use()", None),
    ("def f(x: a.Make):\n    x = x.other()\n    x.use()", None),
    ("def f(x): x.use()", None),
    ("x = x\nx.use()", None),
    ("x = y\ny = x\nx.use()", None),
    ("class A:\n    def f(self): self.x = a.Make()\n    def g(self): self.x.use()", "a.Make"),
    ("class A:\n    def f(self): self.x = None\n    def g(self): self.x = a.Make(); self.x.use()", "a.Make"),
    ("class A:\n    x = None\n    def g(self): self.x = a.Make(); self.x.use()", "a.Make"),
    ("class A:\n    x: int\n    def g(self): self.x: a.Make = a.Make(); self.x.use()", None),
    ("class A:\n    x: int = 1\n    def g(self): self.x = a.Make(); self.x.use()", None),
    ("class A:\n    y = x = 1\n    def g(self): self.x = a.Make(); self.x.use()", None),
    ("class A:\n    @property\n    def x(self): pass\n    def g(self): self.x = a.Make(); self.x.use()", None),
    (
        "class A:\n    def f(self): self.x = a.Make()\n    def h(self): self.x = b()\n    def g(self): self.x.use()",
        None,
    ),
    ("class A:\n    def f(self): self.x, y = a.Make()\n    def g(self): self.x.use()", None),
    ("class A:\n    def f(self):\n        for self.x in a.Make(): self.x.use()", None),
    ("class A:\n    def f(self): self.x = a.Make()\nclass B:\n    def g(self): self.x.use()", None),
    ("class A:\n    def f(self): self.x = a.Make()\n    class B:\n        def g(self): self.x.use()", None),
]


@pytest.mark.parametrize(("source", "expected"), ORIGINS)
def test_origin(source: str, expected: str | None) -> None:
    module = module_of("import a\n" + source)
    use = next(n for n in module.nodes if isinstance(n, ast.Attribute) and n.attr == "use")
    assert module.origin(use.value) == expected


def test_origin_is_quick_where_names_refer_to_each_other_many_times() -> None:
    lines = [f"x{i} = x{j}" for i in range(40) for j in range(40)]
    module = module_of("\n".join([*lines, "import a", *(f"x{i} = a.Make()" for i in range(40)), "x0.use()"]))
    use = next(n for n in module.nodes if isinstance(n, ast.Attribute) and n.attr == "use")
    start = time.perf_counter()
    module.origin(use.value)
    assert time.perf_counter() - start < 1


def test_a_long_chain_of_attributes_is_no_recursion() -> None:
    module = module_of("import a\nx = a" + ".b" * 150)
    chain = next(n.value for n in module.nodes if isinstance(n, ast.Assign))
    assert module.resolve(chain) == "a" + ".b" * 150


UNPARSED = [
    ("x = (", "syntax error in line 1"),
    ("x = 1\n  y\n", "syntax error in line 2"),
    ("(" * 300 + ")" * 300, "nested"),
]


@pytest.mark.parametrize(("source", "reason"), UNPARSED)
def test_what_cannot_be_parsed_is_not_analysed(source: str, reason: str) -> None:
    result = parse(Text("a.py", source.encode(), "utf-8", False))
    assert isinstance(result, NotAnalysed)
    assert reason in result.reason


def test_places() -> None:
    module = module_of(
        "class A:\n    async def f(self):\n        try:\n            é = call(x)\n        finally: pass\n"
    )
    call = next(n for n in module.nodes if isinstance(n, ast.Call))
    statement = module.statement(call)
    assert module.source(call) == "call(x)"
    assert module.source(statement) == "é = call(x)"
    assert module.qualname(call) == "A.f"
    assert module.function(call) is module.parent(module.parent(statement) or call)
    assert module.enclosing_class(call) is module.tree.body[0]
    assert module.block(statement) == ([statement], 0)


TESTS = [
    ("tests/a.py", True),
    ("a/test_b.py", True),
    ("a_test.py", True),
    ("conftest.py", True),
    ("latest/a.py", False),
    ("contest.py", False),
]


@pytest.mark.parametrize(("path", "expected"), TESTS)
def test_files_of_tests(path: str, expected: bool) -> None:
    assert module_of("x", path=path).is_test is expected
