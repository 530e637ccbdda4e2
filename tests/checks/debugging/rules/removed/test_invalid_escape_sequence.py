import pytest

from checks.debugging.rules.removed.invalid_escape_sequence import RULE
from tests.rulecases import check_fixed, check_left, check_silent

FIXED = [
    (r"x = '\d'", r"x = r'\d'"),
    (r"x = b'\d'", r"x = rb'\d'"),
    (r"x = f'\d{y}'", r"x = rf'\d{y}'"),
    (r"x = '\d\n'", r"x = '\\d\n'"),
    (r"x = '\d\\'", r"x = '\\d\\'"),
    (r"x = '\d\''", r"x = '\\d\''"),
    (r"x = '\d\x41\N{BULLET}\u0041\101'", r"x = '\\d\x41\N{BULLET}\u0041\101'"),
    (r"x = b'\d\N'", r"x = rb'\d\N'"),
    (r"x = u'\d'", r"x = u'\\d'"),
    (r"x = '\d' 'a\n' '\.'", r"x = r'\d' 'a\n' r'\.'"),
    (r"x = ('\d'  # one" + "\n" + r"     '\n\w')", r"x = (r'\d'  # one" + "\n" + r"     '\n\\w')"),
    (r"x = r'\d' '\w'", r"x = r'\d' r'\w'"),
    (r"x = f'\d{y}\n'", r"x = f'\\d{y}\n'"),
    (r"x = '\é'", r"x = r'\é'"),
    ('"""Doc: \\d\n\nmore\n"""\n', 'r"""Doc: \\d\n\nmore\n"""\n'),
    ('"""Doc: \\d \\\nmore\n"""\n', '"""Doc: \\\\d \\\nmore\n"""\n'),
    ('def f():\n    """\\*args"""\n', 'def f():\n    r"""\\*args"""\n'),
    (r"x = y if'\d'else z", r"x = y if'\\d'else z"),
    (r"x = f'{y}\{z}\}}'", r"x = rf'{y}\{z}\}}'"),
]

SILENT = [
    "x = '\\x41'\n",
    "x = '\\u0041\\U00000041'\n",
    "x = '\\N{BULLET}'\n",
    "x = b'\\x41\\101'\n",
    "x = '\\a\\b\\f\\v\\r'\n",
    "x = Rf'\\d{y}'\n",
    "x = '\\\\d'\n",
    r"x = r'\d'",
    r"x = '\\d'",
    r"x = '\n\t\x41\0\'\"'",
    r"x = R'\d'",
    r"x = rb'\d'",
    r"x = Rb'\d'",
    r"x = rf'\d{y}'",
    r"x = '\N{BULLET}\u0041\U00000041'",
    "x = '''a\\\nb'''\n",
    "x = 'a' \\\n    'b'\n",
    "x = 1  # '\\d'\n",
    r"x = '\\\\d'",
    r"x = f'{y}\n'",
]

LEFT = [r"""x = f"{'\d'}" """.rstrip()]


@pytest.mark.parametrize(("before", "after"), FIXED)
def test_fixed(before: str, after: str) -> None:
    check_fixed(RULE, before, after)


@pytest.mark.parametrize("source", SILENT)
def test_look_alikes(source: str) -> None:
    check_silent(RULE, source)


@pytest.mark.parametrize("source", LEFT)
def test_left(source: str) -> None:
    check_left(RULE, source)
