import ast

import pytest

from checks.debugging.rules.files._paths import is_path, is_pure
from tests.rulecases import module_of

PATHS = [
    "Path('a')",
    "Path.home() / 'a' / 'b'",
    "Path('a').resolve().parent",
    "p",
    "q.with_suffix('.x')",
]
OTHERS = ["'a'", "other / 'b'", "r", "p.name", "p.read_text()", "unknown.parent", "str(p)"]
HEAD = """
from pathlib import Path
def f(p: Path, other, r: str):
    q = p / "x"
    use(%s)
"""


@pytest.mark.parametrize(("source", "expected"), [(s, True) for s in PATHS] + [(s, False) for s in OTHERS])
def test_is_path(source: str, expected: bool) -> None:
    module = module_of(HEAD % source)
    call = next(n for n in module.nodes if isinstance(n, ast.Call) and getattr(n.func, "id", "") == "use")
    assert is_path(call.args[0], module) is expected


def test_an_attribute_is_a_path_where_the_class_only_gives_it_paths() -> None:
    module = module_of(
        """
        from pathlib import Path
        class A:
            def __init__(self, p):
                self.a = Path(p)
                self.b = Path(p)
                self.b = p
            def f(self):
                use(self.a, self.b, self.c)
        """
    )
    call = next(n for n in module.nodes if isinstance(n, ast.Call) and getattr(n.func, "id", "") == "use")
    assert [is_path(value, module) for value in call.args] == [True, False, False]


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("d", True),
        ("os.path.join(a.b, 'c')", True),
        ("f'{a}/b' + c[0]", True),
        ("make()", False),
        ("os.path.join(a, next(i))", False),
        ("(d := x)", False),
    ],
)
def test_is_pure(source: str, expected: bool) -> None:
    module = module_of(f"import os\nx = {source}\n")
    statement = module.tree.body[1]
    assert isinstance(statement, ast.Assign)
    assert is_pure(statement.value, module) is expected
