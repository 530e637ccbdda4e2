import pytest

from checks.risk.api import differences
from checks.risk.interface.grades import Grade
from tests.changed import change

ADDED, EXTENDED, CHANGED, BROKEN = Grade.ADDED, Grade.EXTENDED, Grade.CHANGED, Grade.BROKEN


def of_files(old: dict[str, str], new: dict[str, str]) -> list[tuple[str, Grade, str]]:
    found, left = differences(change(old, new))
    assert left == ()
    return [(each.name, each.grade, each.what) for each in found]


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        ("def f(a): ...", "def f(a):\n    return 1", None),
        ("def f(a): ...", "def f(a, b=1): ...", (EXTENDED, "gained a parameter `b` with a default")),
        ("def f(a): ...", "def f(a, *, b=1): ...", (EXTENDED, "gained a parameter `b` with a default")),
        ("def f(a): ...", "def f(a, **k): ...", (EXTENDED, "takes **kwargs now")),
        ("def f(a): ...", "def f(a, b): ...", (BROKEN, "needs a new parameter `b`")),
        ("def f(a): ...", "def f(a, *, b): ...", (BROKEN, "needs a new parameter `b`")),
        ("def f(a, b=1): ...", "def f(a, c=2, b=1): ...", (BROKEN, "gained `c` before other positional parameters")),
        ("def f(a, b): ...", "def f(a): ...", (BROKEN, "lost parameter `b`")),
        ("def f(a): ...", "def f(b): ...", (BROKEN, "lost parameter `a`, needs a new parameter `b`")),
        ("def f(a, /): ...", "def f(b, /): ...", None),
        ("def f(a, b): ...", "def f(b, a): ...", (BROKEN, "has its parameters in another order")),
        ("def f(a): ...", "def f(*, a): ...", (BROKEN, "takes `a` in another way")),
        ("def f(a): ...", "def f(a, /): ...", (BROKEN, "takes `a` in another way")),
        ("def f(a, /): ...", "def f(a): ...", None),
        ("def f(*, a): ...", "def f(a): ...", None),
        ("def f(a=1): ...", "def f(a): ...", (BROKEN, "needs `a` now")),
        ("def f(a): ...", "def f(a=1): ...", None),
        ("def f(a=1): ...", "def f(a=2): ...", (CHANGED, "has another default of `a`")),
        ("def f(a, *b): ...", "def f(a, c=1, *b): ...", (BROKEN, "gained `c` before other positional parameters")),
        ("def f(a, /, b): ...", "def f(c, /, b): ...", None),
        ("def f(a, b=1): ...", "def f(a, *, b=1): ...", (BROKEN, "takes `b` in another way")),
        ("def f(*a): ...", "def f(): ...", (BROKEN, "no longer takes *args")),
        ("def f(*, a=1): ...", "def f(**k): ...", (CHANGED, "takes `a` among others")),
        ("def f(): ...", "async def f(): ...", (BROKEN, "became async")),
        ("async def f(): ...", "def f(): ...", (BROKEN, "became synchronous")),
        ("def f() -> int: ...", "def f() -> str: ...", (CHANGED, "returns another type")),
        ("def f() -> Optional[int]: ...", "def f() -> int | None: ...", None),
        ("def f() -> 't.List[int]': ...", "def f() -> list[int]: ...", None),
        ("def f() -> t.Union[int, str]: ...", "def f() -> str | int: ...", None),
        ("def f(): ...", "def f() -> int: ...", None),
        ("def f(): ...", "@deco\ndef f(): ...", (BROKEN, "has other decorators")),
        ("def f(): ...", "f = g", (CHANGED, "was a function and is a name")),
        ("def f(): ...", "class f: ...", (BROKEN, "was a function and is a class")),
        ("f = 1", "f = 2", None),
        ("def f(): ...", "", (BROKEN, "is gone")),
        ("f: int = 1", "", (BROKEN, "is gone")),
        ("", "def f(): ...", (ADDED, "is new")),
        ("if x:\n    def f(): ...\nelse:\n    def f(a): ...", "def f(): ...", None),
        ("try:\n    from a import f as f\nexcept ImportError:\n    f = None", "", (BROKEN, "is gone")),
    ],
)
def test_functions_and_names(old: str, new: str, expected: tuple[Grade, str] | None) -> None:
    found = of_files({"m.py": old}, {"m.py": new or "# nothing"})
    assert found == ([("f", *expected)] if expected else [])


C = "class C(Base):\n    x = 1\n    def m(self, a): ...\n    def __init__(self):\n        self.y = 1\n"


@pytest.mark.parametrize(
    ("new", "expected"),
    [
        (C.replace("(Base)", ""), [("C", BROKEN, "lost a base class")]),
        (C.replace("(Base)", "(Base, Other)"), [("C", EXTENDED, "gained a base class")]),
        (C.replace("(Base)", "(Base[int], Generic[T])"), []),
        (C.replace("    x = 1\n", ""), [("C.x", BROKEN, "is gone")]),
        (C.replace("self.y = 1", "pass"), [("C.y", BROKEN, "is gone")]),
        (C.replace("def m(self, a)", "def m(self)"), [("C.m", BROKEN, "lost parameter `a`")]),
        (C.replace("def m(self, a)", "def m(me, a)"), []),
        (C.replace("    def m(self, a)", "    @staticmethod\n    def m(a)"), [("C.m", BROKEN, "has other decorators")]),
        (
            C.replace("    def m(self, a)", "    @property\n    def m(self)"),
            [("C.m", BROKEN, "was a function and is a property")],
        ),
        (C + "    def n(self): ...\n", [("C.n", ADDED, "is new")]),
        (C + "    def _n(self): ...\n", []),
        (C + "    def __eq__(self, other): ...\n", [("C.__eq__", ADDED, "is new")]),
        (C.replace("    def m", "    @abstractmethod\n    def m"), []),
        ("", [("C", BROKEN, "is gone")]),
    ],
)
def test_classes(new: str, expected: list[tuple[str, Grade, str]]) -> None:
    assert of_files({"m.py": C}, {"m.py": new or "# nothing"}) == expected


def test_names_of_operators_parameters_are_nobodys_business() -> None:
    old = "class C:\n    def __eq__(self, other): ...\n    def __call__(self, a): ...\n"
    found = of_files({"m.py": old}, {"m.py": old.replace("other", "o").replace("a)", "b)")})
    assert [name for name, _, _ in found] == ["C.__call__"]


@pytest.mark.parametrize(
    ("path", "counts"),
    [
        ("shop.py", True),
        ("src/shop/cart.py", True),
        ("src/shop/__init__.py", True),
        ("src/shop/cart.pyi", True),
        ("src/shop/_cart.py", False),
        ("src/_shop/cart.py", False),
        ("tests/test_cart.py", False),
        ("src/shop/test_cart.py", False),
        ("docs/conf.py", False),
        ("setup.py", False),
        ("examples/a.py", False),
    ],
)
def test_only_modules_that_callers_reach_count(path: str, counts: bool) -> None:
    assert bool(of_files({path: "def f(): ...", "a": ""}, {path: "def g(): ...", "a": ""})) is counts


def test_private_names_do_not_count_and_all_decides_where_it_is_a_literal() -> None:
    assert of_files({"m.py": "def _f(): ..."}, {"m.py": "# nothing"}) == []
    listed = "__all__ = ['_f', 'g']\ndef _f(): ...\ndef g(): ...\ndef h(): ..."
    assert of_files({"m.py": listed}, {"m.py": listed.replace("def h(): ...", "")}) == []
    assert of_files({"m.py": listed}, {"m.py": listed.replace("def _f(): ...", "")}) == [("_f", BROKEN, "is gone")]
    assert of_files({"m.py": listed}, {"m.py": listed.replace(", 'g'", "")}) == [("g", BROKEN, "is gone")]


def test_what_a_package_shows_of_a_private_module_counts() -> None:
    old = {"p/__init__.py": "from p._a import f\nfrom ._b import *\n", "p/_a.py": "def f(): ...\ndef g(): ...\n",
           "p/_b.py": "def h(): ...\n"}  # fmt: skip
    new = old | {"p/_a.py": "def f(a): ...\n", "p/_b.py": "def h(a): ...\n"}
    assert [name for name, _, _ in of_files(old, new)] == ["f", "h"]


def test_an_import_that_a_package_shows_counts_and_one_of_a_module_does_not() -> None:
    shown = "import os\nfrom json import loads\nfrom p.a import f\nfrom . import g\n"
    both = {"p/__init__.py": shown, "p/a.py": "import os\nfrom p import h\n"}
    assert [n for n, _, _ in of_files(both, {"p/__init__.py": "x = 1\n", "p/a.py": "y = 1\n"})] == ["f", "g", "x", "y"]


def test_a_renamed_module_loses_its_names_where_callers_look() -> None:
    found, _ = differences(change({"a.py": "def f(): ..."}, {"b.py": "def f(): ..."}, {"b.py": "a.py"}))
    assert [(each.path, each.grade) for each in found] == [("a.py", BROKEN), ("b.py", ADDED)]


def test_a_name_may_come_from_getattr() -> None:
    found = of_files({"m.py": "v = 1"}, {"m.py": "def __getattr__(name): ..."})
    assert ("v", CHANGED, "may come from `__getattr__` now") in found


@pytest.mark.parametrize("text", ["def f(:\n", "x = '\0'", "-" * 100_000 + "1"])
def test_what_does_not_parse_is_left(text: str) -> None:
    assert differences(change({"m.py": "x = 1"}, {"m.py": text}))[1] == ("m.py",)
