import base64
from typing import Any

import pytest

from checks.validation.imports.found import MOST, Import, analyse


def looked(text: str) -> dict[str, Any]:
    return analyse({"path": "a.py", "content": base64.b64encode(text.encode()).decode()})


def guards(text: str) -> list[tuple[str, str]]:
    return [(each.dotted, each.guard) for each in (Import(**row) for row in looked(text)["imports"])]


GUARDED = {
    "try:\n    import a\nexcept ImportError:\n    import b\n": ["caught", "caught"],
    "try:\n    import a\nexcept (ValueError, ModuleNotFoundError):\n    a = None\n": ["caught"],
    "try:\n    import a\nexcept Exception:\n    pass\n": ["caught"],
    "try:\n    import a\nexcept:\n    pass\nelse:\n    import b\n": ["caught", "caught"],
    "try:\n    pass\nexcept ImportError:\n    pass\nfinally:\n    import a\n": [""],
    "try:\n    import a\nexcept ValueError:\n    pass\n": [""],
    "try:\n    import a\nfinally:\n    pass\n": [""],
    "if sys.version_info >= (3, 11):\n    import a\nelse:\n    import b\n": ["condition", "condition"],
    "if TYPE_CHECKING:\n    import a\n": ["condition"],
    "if typing.TYPE_CHECKING:\n    import a\nimport b\n": ["condition", ""],
    "if os.name == 'nt':\n    import a\n": ["condition"],
    "if PY2:\n    import a\n": ["condition"],
    "if find_spec('a'):\n    import a\n": ["condition"],
    "if LXML:\n    import lxml\nif debug:\n    import b\n": ["skipped", ""],
    "if x:\n    import a\n": [""],
    "with suppress(ImportError):\n    import a\n": ["caught"],
    "with pytest.raises(ImportError):\n    import a\n": ["caught"],
    "with suppress(ValueError):\n    import a\n": [""],
    "with open(x):\n    import a\n": [""],
    "pytest.importorskip('a')\nimport a.b\nimport c\n": ["skipped", ""],
    "try:\n    import a\nexcept ImportError:\n    a = None\ndef f():\n    import a.b\n": ["caught", "skipped"],
    "@skipif(not HAS)\ndef f():\n    import a\n": ["skipped"],
    "@needs_a\nclass T:\n    def f(self):\n        import a\n": ["skipped"],
    "@decorated\ndef f():\n    import a\n": [""],
    "for x in y:\n    import a\nwhile x:\n    import b\n": ["", ""],
    "match x:\n    case 1:\n        import a\n": [""],
    "class C:\n    import a\n": [""],
    "import a, b.c as d\nfrom . import e\nfrom ..f import (g,\n  h as i)\nfrom j import *\n": [""] * 6,
}


@pytest.mark.parametrize("text", GUARDED)
def test_guards(text: str) -> None:
    assert [guard for _, guard in guards(text)] == GUARDED[text]


def test_names_and_places() -> None:
    rows = [
        Import(**row)
        for row in looked("class A:\n    def f(self):\n        from ..p.q import (x,\n            y as z)\n")["imports"]
    ]
    assert [(r.module, r.name, r.level, r.line, r.column, r.end_column) for r in rows] == [
        ("p.q", "x", 2, 3, 28, 29),
        ("p.q", "y", 2, 4, 13, 19),
    ]
    assert rows[0].dotted == "..p.q.x"
    assert rows[0].scope == "A.f"
    assert rows[0].later
    assert not rows[0].typing


NAMES: dict[str, set[str] | None] = {
    "x = 1\ny: int = 2\nz: int\ndef f():\n    inner = 1\nclass C:\n    attribute = 1\n": {"x", "y", "z", "f", "C"},
    "import a.b\nimport c.d as e\nfrom f import g as h\n": {"a", "e", "h"},
    "for i in x:\n    if (n := i):\n        with o as w:\n            pass\n": {"i", "n", "w"},
    "try:\n    p = 1\nexcept E as e:\n    q = 1\n": {"p", "e", "q"},
    "def f():\n    global g\n    g = 1\n": {"f", "g"},
    "match x:\n    case [a, *b]:\n        pass\n    case {'k': c, **d}:\n        pass\n": {"a", "b", "c", "d"},
    "type T = int\n(a, [b, *c]) = x\n": {"T", "a", "b", "c"},
    "from x import *\n": None,
    "def __getattr__(name):\n    return name\n": None,
    "__getattr__ = made()\n": None,
    "__path__ = extended(__path__, __name__)\n": None,
    "globals().update(x)\n": None,
    "vars()['a'] = 1\n": None,
    "exec('a = 1')\n": None,
    "import sys\nsys.modules[__name__] = X()\n": None,
    "def f():\n    setattr(m, n, 1)\n": None,
    "class C:\n    def __getattr__(self, name):\n        pass\n": {"C"},
}


@pytest.mark.parametrize("text", NAMES)
def test_names_at_the_top(text: str) -> None:
    names = looked(text)["names"]
    assert (None if names is None else set(names)) == NAMES[text]


@pytest.mark.parametrize(("text", "why"), [("def f(:\n", "line 1"), ("x = '\0'\n", "NUL")])
def test_what_cannot_be_analysed(text: str, why: str) -> None:
    assert why in looked(text)["reason"]


def test_a_file_of_too_many_imports_is_cut() -> None:
    found = looked("import a\n" * (MOST + 10))
    assert len(found["imports"]) == MOST
    assert found["names"] is None
