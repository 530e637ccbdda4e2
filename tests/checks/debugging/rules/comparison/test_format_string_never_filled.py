import pytest

from checks.debugging.rules.comparison.format_string_never_filled import RULE
from tests.rulecases import check_fixed, check_left, check_silent

FIXED = [
    (
        'def f(p):\n    print(\n        "there is "  # {p}\n        "no {p}" \'{p}\'\n    )\n',
        'def f(p):\n    print(\n        "there is "  # {p}\n        f"no {p}" f\'{p}\'\n    )\n',
    ),
    ('def f(p):\n    assert p, "no {p}"\n', 'def f(p):\n    assert p, f"no {p}"\n'),
    (
        'import warnings\ndef f(p):\n    warnings.warn("no {p}", stacklevel=2)\n',
        'import warnings\ndef f(p):\n    warnings.warn(f"no {p}", stacklevel=2)\n',
    ),
    ('def f(p):\n    raise ValueError("no {p}")\n', 'def f(p):\n    raise ValueError(f"no {p}")\n'),
    ("def f():\n    n = 1\n    print('a', '{n:>3}')\n", "def f():\n    n = 1\n    print('a', f'{n:>3}')\n"),
    (
        'def f(xs):\n    for x in xs:\n        if x:\n            logger.info("got {x.name!r}")\n',
        'def f(xs):\n    for x in xs:\n        if x:\n            logger.info(f"got {x.name!r}")\n',
    ),
    (
        'def f():\n    try:\n        g()\n    except E as e:\n        self.log.error(r"\\d {e}", exc_info=True)\n',
        'def f():\n    try:\n        g()\n    except E as e:\n        self.log.error(fr"\\d {e}", exc_info=True)\n',
    ),
    (
        'def f(a, b):\n    print("""\n    {a}\n    {b}""")\n',
        'def f(a, b):\n    print(f"""\n    {a}\n    {b}""")\n',
    ),
]

SILENT = [
    'def f(p):\n    raise ValueError("no {p}".format(p=p))\n',
    'def f(p):\n    raise ValueError("no {p}", p)\n',
    'def f(p):\n    raise ValueError("no {other}")\n',
    'def f(p):\n    raise ValueError(f"no {p}")\n',
    'def f(p):\n    raise Refusal("no {p}", p=p)\n',
    'def f(name):\n    logger.info("hello {name}", name=name)\n',
    'def f(name):\n    return "/users/{name}"\n',
    "def f(name):\n    print('{\"name\": {name}}')\n",
    'def f(name):\n    print("{name} {{x}}")\n',
    'def f(id):\n    print("/item/{id:int}")\n',
    'name = 1\nprint("{name}")\n',
    'def f(name):\n    re.compile("a{name}")\n',
    'def f(name):\n    render("hello {name}")\n',
    'def f(name):\n    print("hello {name}", file=out)\n',
    'def print(x): pass\ndef f(name):\n    print("hello {name}")\n',
    'def f(name):\n    print("hello {}")\n',
    'def f(name):\n    print(b"hello {name}")\n',
    'def f(name):\n    """Says {name}."""\n',
    'def f(e):\n    e.error("hello {e}")\n',
]

LEFT = [
    'def f(p):\n    if p:\n        q = 1\n    print("{q}")\n',
    'def f(p):\n    print("no {p} " u"there")\n',
    'def f(p):\n    print("no {" "p} there {p}")\n',
    'def f(p):\n    print("\\N{EN DASH} \\x7bp}")\n',
    'def f(p):\n    print("{q}")\n    q = 1\n',
    'def f(p):\n    del p\n    print("{p}")\n',
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
