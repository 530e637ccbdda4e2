"""What a name means: `module.resolve` of the last use of `name` in each source."""

import ast

import pytest

from tests.rulecases import module_of

IMPORTED = [
    "import os as name\nname",
    "import os as name\ndef f():\n    return name",
    "import os as name\nclass A:\n    name = 1\n    def f(self):\n        return name",
    "import os as name\nclass A:\n    name = 1\n    x = [name for _ in y]",
    "import os as name\ndef f(x=name, name=1): pass",
    "import os as name\n@name\ndef f(name): pass",
    "import os as name\ndef f(name) -> name: pass",
    "import os as name\nlambda name: 1\nname",
    "import os as name\n[name for name in x]\nname",
    "import os as name\n[1 for name in name]",
    "def f():\n    global name\n    import os as name\nname",
    "global name\nimport os as name\nname",
    "import os as name\ndef f(name):\n    def g():\n        global name\n        return name",
    "def f():\n    import os as name\n    def g():\n        nonlocal name\n        return name",
    "import os as name\ndef f[T](x: name, name=1): pass",
    "class A:\n    import os as name\n    def f[T](self, x: name): pass",
    "import os as name\ndef f():\n    def name(): pass\nname",
    "import os as name\ndef f():\n    match x:\n        case name: pass\nname",
    "import os as name\ntype X[name] = int\nname",
    "import os as name\nname.x = 1\nname",
    "import os as name\nname[0] = 1\nname",
]

SHADOWED = [
    "import os as name\nname = 1\nname",
    "import os as name\nname += 1\nname",
    "import os as name\nname: int = 1\nname",
    "import os as name\ndel name\nname",
    "import os as name\nfor name in x: pass\nname",
    "import os as name\nfor a, (name, *b) in x: pass\nname",
    "import os as name\nwith x as name: pass\nname",
    "import os as name\nwith x as (name, b): pass\nname",
    "import os as name\ntry: pass\nexcept E as name: pass\nname",
    "import os as name\ndef name(): pass\nname",
    "import os as name\nclass name: pass\nname",
    "import os as name\nif (name := 1): pass\nname",
    "import os as name\n[(name := y) for y in x]\nname",
    "import os as name\nmatch x:\n    case name: pass\nname",
    "import os as name\nmatch x:\n    case [*name]: pass\nname",
    "import os as name\nmatch x:\n    case {**name}: pass\nname",
    "import os as name\nmatch x:\n    case A() as name: pass\nname",
    "import os as name\ndef f(name): return name",
    "import os as name\ndef f(*name): return name",
    "import os as name\ndef f(*, a, **name): return name",
    "import os as name\nlambda name: name",
    "import os as name\n[name for name in x]",
    "import os as name\ndef f():\n    print(name)\n    name = 1\n    return name",
    "import os as name\ndef f():\n    global name\n    name = 1\nname",
    "import os as name\ndef f():\n    for name in x: pass\n    def g():\n        return name",
    "import os as name\nclass A:\n    name = 1\n    y = name",
    "import os as name\ndef f[name](x: name): pass",
    "import os as name\ndef f[name](x):\n    return name",
    "import os as name\nclass A[name](B[name]): pass",
    "import os as name\ntype X[name] = list[name]",
    "import os as name\nimport re as name\nname",
    "from m import *\nname",
    "name",
    "from . import name\nname.x",
]


def meaning(source: str) -> str | None:
    module = module_of(source)
    uses = [n for n in module.nodes if isinstance(n, ast.Name) and n.id == "name" and isinstance(n.ctx, ast.Load)]
    return module.resolve(max(uses, key=module.span))


@pytest.mark.parametrize("source", IMPORTED)
def test_the_import_is_meant(source: str) -> None:
    assert meaning(source) == "os"


@pytest.mark.parametrize("source", SHADOWED)
def test_another_binding_is_meant_or_may_be(source: str) -> None:
    assert meaning(source) != "os"


BUILTINS = [
    ("open", "builtins.open"),
    ("def f(): return open", "builtins.open"),
    ("from m import *\nopen", None),
    ("open = 1\nopen", None),
]


@pytest.mark.parametrize(("source", "expected"), BUILTINS)
def test_builtins(source: str, expected: str | None) -> None:
    module = module_of(source)
    uses = [n for n in module.nodes if isinstance(n, ast.Name) and n.id == "open"]
    assert module.resolve(uses[-1]) == expected


LATER = [
    ("X", False),
    ("class A: X", False),
    ("def f(a=X): pass", False),
    ("@X\ndef f(): pass", False),
    ("[X for _ in y]", False),
]
LATER += [
    ("def f(): X", True),
    ("lambda: X", True),
    ("def f[T](a: X): pass", False),
    ("class A:\n  def f(self):\n    class B: X", True),
]


@pytest.mark.parametrize(("source", "later"), LATER)
def test_what_runs_later_than_the_import_of_the_module(source: str, later: bool) -> None:
    module = module_of(source)
    use = next(n for n in module.nodes if isinstance(n, ast.Name) and n.id == "X")
    assert module.scope(use).runs_later is later
