import ast

import pytest

from checks.debugging.rules.injection.text.formatting import Hole, pieces
from checks.debugging.rules.injection.text.spots import literals, spots
from checks.debugging.rules.injection.text.statements import kinds
from tests.rulecases import module_of

PIECES = [
    ('f"a{x}b"', "a<x>b"),
    ('"a%sb%%" % x', "a<x>b%"),
    ('"%s-%d" % (x, y)', "<x>-<y:number>"),
    ('"%(k)s!" % {"k": x}', "<x>!"),
    ('"%(k)s!" % x', "<x>!"),
    ('"{}-{}".format(x, y)', "<x>-<y>"),
    ('"{1}-{0}".format(x, y)', "<y>-<x>"),
    ('"{k.a}!".format(k=x)', "<x:odd>!"),
    ('"{k}!".format(**x)', "<x>!"),
    ('"a" + x + f"{y}"', "a<x><y>"),
    ('f"{x:>5}|{y:05.2f}|{z!r}"', "<x:odd>|<y:number>|<z:odd>"),
]

NOT_BUILT = [
    '"a"',
    "x + y",
    'f"a"',
    'f"{x}"',
    "x % y",
    '"%s %s" % (x,)',
    '"%s" % (*x,)',
    '"a%*d" % (x, y)',
    '"{} {}".format(x)',
    '"{".format(x)',
    '"{}!".format(*x)',
    "x.format(y)",
    '"a" "b"',
]

KINDS = [
    ("SELECT * FROM t WHERE a = {x}", ["value"]),
    ("SELECT * FROM t WHERE a = '{x}' AND b LIKE '%{y}%'", ["quoted", "partial"]),
    ("SELECT {x} FROM {y}", ["name", "name"]),
    ('SELECT "{x}" FROM t', ["name"]),
    ("INSERT INTO {x} VALUES ('{y}', {z}, now())", ["name", "quoted", "value"]),
    ("INSERT INTO t VALUES (f(1, 2), {x})", ["value"]),
    ("INSERT INTO t VALUES (1, {x}), ({y}, 1)", ["value", "value"]),
    ("SELECT 1 FROM t WHERE a IN ({x}) AND b IN ('{y}', 'c')", ["list", "quoted"]),
    ("SELECT f({x}) FROM t", ["name"]),
    ("SELECT 1 FROM t WHERE a BETWEEN {x} AND {y} LIMIT {z}", ["value", "value", "value"]),
    ("SELECT 1 FROM t JOIN u ON t.a = {x}", ["name"]),
    ("SELECT 1 FROM t WHERE a = {x} + 1", ["name"]),
    ("SELECT 1 FROM t WHERE d > DATE '{x}'", ["partial"]),
    ("SELECT 1 FROM t WHERE d > '{x}'::date", ["partial"]),
    ("SELECT 1 FROM t WHERE a = 'it''s' AND b = {x}", ["value"]),
]

MOVED = [
    ('f"a{x}b"', ["x"]),
    ('f"é{ (x) }"', None),
    ('f"a{x=}"', None),
    ('f"a{d["k"]}" \'b\'', ['d["k"]']),
    ('"a%s" % (x.y,)', ["x.y"]),
    ('"a%d" % (x,)', None),
    ('"a%%%s" % (x,)', None),
    ('"a{}".format(x)', ["x"]),
    ('"a{{}}{}".format(x)', None),
    ('"a" + x + "b" + y', ["x", "y"]),
    ("'a' + x + \"b\"", None),
    ('x + "b"', None),
    ('"a" + (x) + "b"', None),
    ('f"a{(y := x)}"', None),
    ('f"a{x if x else y}"', ["x if x else y"]),
    ('f"a{lambda_}"', ["lambda_"]),
]


def expression(source: str) -> ast.expr:
    return ast.parse(source, mode="eval").body


def shown(hole: Hole) -> str:
    return ast.unparse(hole.value) + (":number" if hole.number else "" if hole.plain else ":odd")


@pytest.mark.parametrize(("source", "expected"), PIECES)
def test_pieces_in_order(source: str, expected: str) -> None:
    found = pieces(expression(source))
    assert found is not None
    assert "".join(f"<{shown(p)}>" if isinstance(p, Hole) else p for p in found) == expected


@pytest.mark.parametrize("source", NOT_BUILT)
def test_other_expressions_build_no_text(source: str) -> None:
    assert pieces(expression(source)) is None


@pytest.mark.parametrize(("statement", "expected"), KINDS)
def test_what_stands_in_a_hole_of_sql(statement: str, expected: list[str]) -> None:
    assert kinds(pieces(expression(f"f{statement!r}")) or ()) == expected


@pytest.mark.parametrize(("source", "expected"), MOVED)
def test_values_that_can_be_moved_out(source: str, expected: list[str] | None) -> None:
    module = module_of(f"é = ({source})\n")
    node = module.tree.body[0].value  # type: ignore[attr-defined]  # an assignment
    found = spots(module, node)
    assert (None if found is None else [spot.source for spot in found]) == expected


def test_string_tokens_have_their_places_in_bytes() -> None:
    source = "x = ('é' rf\"b{y['k']}\"\n    '''c''')\n"
    module = module_of(source)
    found = literals(module, module.tree.body[0].value)  # type: ignore[attr-defined]  # an assignment
    assert found is not None
    data = source.encode()
    assert [(t.prefix, data[t.opening : t.closing].decode()) for t in found] == [
        ("", "é"),
        ("rf", "b{y['k']}"),
        ("", "c"),
    ]


def test_a_comment_between_the_strings_is_not_lost() -> None:
    module = module_of('x = ("a"  # one\n    f"{y}")\n')
    assert literals(module, module.tree.body[0].value) is None  # type: ignore[attr-defined]  # an assignment
