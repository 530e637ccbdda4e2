import pytest

from checks.risk.sameness import proof, same
from tests.changed import BASE, change, edited

PLAIN = "x = 1\n\n\ndef f(a, b):\n    return a + b\n"


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        (PLAIN, PLAIN.replace("(a, b)", "(\n    a,\n    b,\n)"), "equal syntax tree"),
        (PLAIN, PLAIN.replace("\n", "\r\n"), "equal syntax tree"),
        (PLAIN, PLAIN.replace("x = 1", "x = (1)"), "equal syntax tree"),
        ("s = 'a'\n", 's = "a"\n', "equal syntax tree"),
        ("n = 1000\n", "n = 1_000\n", "equal syntax tree"),
        (PLAIN, "# why\n" + PLAIN, "comments"),
        (PLAIN, PLAIN.replace("x = 1", "x = 1  # one"), "comments"),
        ("x = 1  # one\n", "x = 1\n", "comments"),
        ("x = 1\n", "x = 2\n", None),
        ("x = 1\n", "x = True\n", None),
        ("x = 1\n", "x = 1.0\n", None),
        ("x = 0.0\n", "x = -0.0\n", None),
        ("x = 'a'\n", "x = b'a'\n", None),
        ("x = 'a'\n", "x = u'a'\n", None),
        ("assert (a, b)\n", "assert a, b\n", None),
        ("x = 1\ny = 2\n", "y = 2\nx = 1\n", None),
        ("x = 1\n", "x = (\n", None),
        ("x = (\n", "x = 1\n", None),
        ("x = 1\n", "x = 1\0\n", None),
        # comments that tools read
        ("x = 1\n", "x = 1  # type: int\n", None),
        ("import os  # noqa\n", "import os\n", None),
        ("import os\n", "import os  # noqa: F401\n", None),
        ("eval(x)\n", "eval(x)  # nosec\n", None),
        ("eval(x)\n", "eval(x)  # nosemgrep\n", None),
        ("x = 1\n", "x = 1  # pragma: no cover\n", None),
        ("x = 1\n", "# fmt: off\nx = 1\n", None),
        ("x = 1\n", "# ruff: noqa\nx = 1\n", None),
        ("x = 1\n", "# mypy: ignore-errors\nx = 1\n", None),
        ("x = 1\n", "# pylint: disable=all\nx = 1\n", None),
        ("x = 1\n", "#pylint:disable=all\nx = 1\n", None),
        ("x = 1\n", "# isort: skip_file\nx = 1\n", None),
        ("x = 1\n", "#!/usr/bin/python\nx = 1\n", None),
        ("x = 1\n", "# -*- coding: utf-8 -*-\nx = 1\n", None),
        ("x = 1\n", "# /// script\n# dependencies = ['evil']\n# ///\nx = 1\n", None),
        ("x = 1\n", "# doctest: +SKIP\nx = 1\n", None),
        ("a()  # noqa\nb()\n", "a()\nb()  # noqa\n", None),
        ("# noqa\na()\nb()\n", "a()\n# noqa\nb()\n", None),
        ("x = 1\n", "\ufeffx = 1\n", None),
        # tools look for them in the middle of a comment too
        ("x = 1\n", "x = 1  # as intended  # noqa: F401\n", None),
        ("eval(x)\n", "eval(x)  # checked by hand # nosec\n", None),
        ("x = 1  # why, pragma: no cover\n", "x = 1\n", None),
        ("f(1)  # one # type: ignore\n", "f(1)  # one\n", None),
        ("key = 'a'\n", "key = 'a'  # gitleaks:allow\n", None),
        ("key = 'a'\n", "key = 'a'  # not secret, checkov:skip=1\n", None),
        ("x = 1\n", "x = 1  # NOSONAR\n", None),
        ("x = 1\n", "x = 1  # the type is known\n", "comments"),
        ("x = 1\n", "x = 1  # one: the first of them\n", "comments"),
        # a different encoding makes other text of the same bytes
        ("# coding: latin-1\nx = 'é'\n", "x = 'é'\n", None),
        # docstrings, where nobody knows who reads them
        ('def f():\n    "a"\n', 'def f():\n    "b"\n', None),
    ],
)
def test_only_equal_trees_with_equal_comments_for_tools_are_the_same(old: str, new: str, expected: str | None) -> None:
    assert same(old.encode(), new.encode()) == expected


@pytest.mark.parametrize("source", ["(" * 150 + ")" * 150, "-" * 100_000 + "1", "x" + ".a" * 100_000, "1" * 10_000])
def test_what_was_made_to_break_the_analysis_is_not_proved(source: str) -> None:
    assert same(source.encode(), (source + "  # why").encode()) in (None, "comments")
    assert same(source.encode(), (source + "+1").encode()) is None


def of_cart(old: str, new: str, **more: str) -> str | None:
    extra = {name.replace("__", "/") + ".py": text for name, text in more.items()}
    before, after = (BASE | extra | {"src/shop/cart.py": text} for text in (old, new))
    found = proof(change(before, after))
    return None if found is None else str(found)


DOCUMENTED = 'def f():\n    """{}"""\n    return 1\n'


@pytest.mark.parametrize(
    ("old", "new", "more", "proved"),
    [
        (DOCUMENTED.format("a"), DOCUMENTED.format("b"), {}, True),
        ('"""a"""\n', '"""b"""\n', {}, True),
        ('class C:\n    """a"""\n', 'class C:\n    """b"""\n', {}, True),
        ('class C(Exception):\n    """a"""\n', 'class C(Exception):\n    """b"""\n', {}, True),
        (DOCUMENTED.format("a"), DOCUMENTED.format(">>> f()\n    2\n    "), {}, False),
        (DOCUMENTED.format("a"), DOCUMENTED.format("b") + "print(f.__doc__)\n", {}, False),
        (DOCUMENTED.format("a") + "print(f.__doc__)\n", DOCUMENTED.format("b") + "print(f.__doc__)\n", {}, False),
        (DOCUMENTED.format("a"), DOCUMENTED.format("b"), {"src__shop__cli": "import typer\n"}, False),
        (DOCUMENTED.format("a"), DOCUMENTED.format("b"), {"src__shop__cli": "from argparse import X\n"}, False),
        (DOCUMENTED.format("a"), DOCUMENTED.format("b"), {"src__shop__cli": "y = inspect.getdoc(x)\n"}, False),
        ("@tool\n" + DOCUMENTED.format("a"), "@tool\n" + DOCUMENTED.format("b"), {}, False),
        ('class C(Model):\n    """a"""\n', 'class C(Model):\n    """b"""\n', {}, False),
        (
            'class C(Model):\n    def f(self):\n        "a"\n',
            'class C(Model):\n    def f(self):\n        "b"\n',
            {},
            False,
        ),
        (DOCUMENTED.format("a"), "def f():\n    return 1\n", {}, False),
        ("x = 1\n", "x = 1  # y\n", {"src__shop__cli": "inspect.getsource(x)\n"}, False),
    ],
)
def test_a_docstring_is_a_comment_only_where_nothing_reads_it(
    old: str, new: str, more: dict[str, str], proved: bool
) -> None:
    assert (of_cart(old, new, **more) is not None) is proved


def test_the_proof_names_what_holds_for_which_path() -> None:
    found = proof(edited(README_md="# X\n", src__shop__cart_py=BASE["src/shop/cart.py"] + "# the end\n"))
    assert str(found) == "comments: src/shop/cart.py; documentation: README.md"


def test_one_path_without_proof_leaves_none() -> None:
    assert proof(edited(README_md="# X\n", src__shop__cart_py="class Cart: ...\n")) is None
    assert proof(change(BASE, BASE)) is None


def test_a_renamed_and_a_deleted_module_are_never_the_same() -> None:
    head = {k: v for k, v in BASE.items() if k != "src/shop/cart.py"}
    assert proof(change(BASE, head)) is None
    moved = head | {"src/shop/basket.py": BASE["src/shop/cart.py"]}
    assert proof(change(BASE, moved, {"src/shop/basket.py": "src/shop/cart.py"})) is None
