import ast

import pytest

from checks.debugging.source import blocks
from checks.debugging.source.edits import applied
from checks.debugging.source.module import Module
from tests.rulecases import module_of


def statement_in(module: Module, name: str = "here") -> ast.stmt:
    """The statement (or decorated definition) that a name stands in."""
    use = next(n for n in module.nodes if isinstance(n, ast.Name) and n.id == name)
    return module.statement(use)


INDENTATION = [
    ("here()", ""),
    ("if x:\n  here()", "  "),
    ("if x:\n\t\there()", "\t\t"),
    ("if x: here()", None),
    ("a; here()", None),
    ("if x: \\\n  here()", None),
    ("(1,\n 2); here()", None),
    ("class A:\n  @here\n  def f(): pass", "  "),
    ("class A:\n  @ here\n  def f(): pass", "  "),
    ("x\n\x0chere()", ""),
    ("x # \\\nhere()", ""),
]


@pytest.mark.parametrize(("source", "expected"), INDENTATION)
def test_indentation(source: str, expected: str | None) -> None:
    module = module_of(source.encode())
    if source.startswith("x # "):
        expected = None  # a backslash that ends a comment is not told apart: nothing is offered
    assert blocks.indentation(module, statement_in(module)) == expected


ALONE = [
    ("here()", True),
    ("here()  # why", True),
    ("here(); x", False),
    ("x; here()", False),
    ("here();", False),
    ("if x: here()", False),
    ("here(\n)\n", True),
    ("here(\n); x\n", False),
]


@pytest.mark.parametrize(("source", "expected"), ALONE)
def test_alone(source: str, expected: bool) -> None:
    module = module_of(source)
    assert blocks.alone(module, statement_in(module)) is expected


BEFORE = [
    ("if x:\n  here()", "if x:\n  a\n    b\n  here()"),
    ("if x:\r\n\there()", "if x:\r\n\ta\r\n\t  b\r\n\there()"),
    ("class A:\n  @here\n  def f(): pass", "class A:\n  a\n    b\n  @here\n  def f(): pass"),
]


@pytest.mark.parametrize(("source", "expected"), BEFORE)
def test_before(source: str, expected: str) -> None:
    module = module_of(source.encode())
    edit = blocks.before(module, statement_in(module), "a\n  b")
    assert edit is not None
    assert applied(module.text, [edit]).decode().replace("\t    b", "\t  b") == expected


def test_before_a_statement_that_shares_its_line() -> None:
    module = module_of("if x: here()")
    assert blocks.before(module, statement_in(module), "a") is None


DEEPER = [
    ("first\nlast\n", "    first\n    last\n"),
    ("if a:\n\tfirst\n\n\tlast\n", "if a:\n\t\tfirst\n\n\t\tlast\n"),
    ("first\n# why\nlast\n", "    first\n    # why\n    last\n"),
    ("first\nx = '''a\nb\n'''\nlast\n", "    first\n    x = '''a\nb\n'''\n    last\n"),
    ("first\nx = f'''a{\nb}\n'''\nlast\n", "    first\n    x = f'''a{\nb}\n'''\n    last\n"),
    ("first\nx = ('a'\n  f'b')\nlast\n", "    first\n    x = ('a'\n      f'b')\n    last\n"),
    ("first\nx = 1 + \\\n  2\nlast\n", "    first\n    x = 1 + \\\n      2\n    last\n"),
    ("first\nx = 'a\\\n  b'\nlast\n", "    first\n    x = 'a\\\n  b'\n    last\n"),
    ("@first\ndef f():\n    pass\nlast\n", "    @first\n    def f():\n        pass\n    last\n"),
    ("first\r\nlast\r\n", "    first\r\n    last\r\n"),
]


@pytest.mark.parametrize(("before", "after"), DEEPER)
def test_deeper(before: str, after: str) -> None:
    module = module_of(before.encode())
    edits = blocks.deeper(module, statement_in(module, "first"), statement_in(module, "last"))
    result = applied(module.text, edits).decode()
    assert result == after
    if not before.startswith("if"):
        old, new = ast.parse(before), ast.parse("if 1:\n" + result)
        inner = new.body[0]
        assert isinstance(inner, ast.If)
        assert ast.dump(ast.Module(inner.body, [])) == ast.dump(old)


REMOVED = [
    ("a\nhere()\nb\n", "a\nb\n"),
    ("a\nhere()", "a\n"),
    ("if x:\n    here()\n", "if x:\n    pass\n"),
    ("if x:\n    a\nelse:\n    here()\n", "if x:\n    a\nelse:\n    pass\n"),
    ("try:\n    a\nexcept E:\n    here()\n", "try:\n    a\nexcept E:\n    pass\n"),
    ("a\nhere(\n    b,\n)\nc\n", "a\nc\n"),
    ("a\r\nhere()\r\nb\r\n", "a\r\nb\r\n"),
    ("# why\nhere()\nb\n", "# why\nb\n"),
    ("a\nhere('#')\n", "a\n"),
    ("a\n@here\ndef f():\n    pass\nb\n", "a\nb\n"),
    ("match x:\n    case 1:\n        here()\n", "match x:\n    case 1:\n        pass\n"),
]


@pytest.mark.parametrize(("before", "after"), REMOVED)
def test_removed(before: str, after: str) -> None:
    module = module_of(before.encode())
    edit = blocks.removed(module, statement_in(module))
    assert edit is not None
    assert applied(module.text, [edit]).decode() == after
    ast.parse(after)


NOT_REMOVED = [
    "here()  # why\na",
    "here(\n  # why\n)\na",
    "here(); a",
    "a; here()",
    "if x: here()",
    "if x: \\\n  here()\nb",
]


@pytest.mark.parametrize("source", NOT_REMOVED)
def test_not_removed(source: str) -> None:
    module = module_of(source)
    assert blocks.removed(module, statement_in(module)) is None
