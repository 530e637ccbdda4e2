import pytest

from checks.debugging.rules.leftovers.debugger_left import RULE
from tests.rulecases import check_fixed, check_left, check_silent

FIXED = [
    (
        "def f(x):\n    if x:\n        import pdb\n        pdb.set_trace()\n    return x\n",
        "def f(x):\n    if x:\n        pass\n    return x\n",
    ),
    ("def f():\n    breakpoint()\n    return 1\n", "def f():\n    return 1\n"),
    ("if x:\n    breakpoint()\n", "if x:\n    pass\n"),
    ("def f():\n    import pdb; pdb.set_trace()\n    return 1\n", "def f():\n    return 1\n"),
    ("def f():\n    import pdb; pdb.set_trace();\n    return 1\n", "def f():\n    return 1\n"),
    ("if x:\n    from ipdb import set_trace; set_trace()\n", "if x:\n    pass\n"),
    ("def f():\n    import pudb\n    pudb.set_trace()\n    return 1\n", "def f():\n    return 1\n"),
    ("import pdb\nimport os\ndef f():\n    pdb.set_trace()\n    os.x()\n", "import os\ndef f():\n    os.x()\n"),
    (
        "import pdb\ndef f():\n    pdb.set_trace()\n    return pdb.x\n",
        "import pdb\ndef f():\n    return pdb.x\n",
    ),
    (
        "def f():\n    import pdb; pdb.set_trace()\n    x()\n    import pdb; pdb.set_trace()\n    y()\n",
        "def f():\n    x()\n    y()\n",
    ),
]

SILENT = [
    "def breakpoint(): pass\nbreakpoint()\n",
    "class A:\n    def f(self):\n        self.breakpoint()\n        self.set_trace()\n",
    "from mine import pdb\npdb.set_trace()\n",
    "set_trace()\n",
    "import pdb\npdb.post_mortem(tb)\n",
    "def f(options):\n    if options.pdb:\n        import pdb; pdb.set_trace()\n    return 1\n",
    "def debug(x):\n    import pdb; pdb.set_trace()\n    return x\n",
    "def on_signal(number, frame):\n    'Stop here.'\n    import pdb\n\n    pdb.set_trace()\n",
    (
        "def set_break(x):\n    'Invokes the debugger when x is parsed.'\n"
        "    def stop(y):\n        import pdb\n        pdb.set_trace()\n        return y\n"
    ),
    "x = 'breakpoint()'\n",
    "breakpoint\n",
]

LEFT = [
    "def f(x):\n    if x:\n        import pdb  # why\n        pdb.set_trace()\n    return 1\n",
    "def f(x):\n    try:\n        x()\n    except E:\n        import pdb; pdb.set_trace()\n    return 1\n",
    "def f():\n    breakpoint()  # why\n    return 1\n",
    "def f(x):\n    x(); breakpoint()\n    return 1\n",
    "def f(x):\n    return breakpoint() or x\n",
    "def f(x):\n    import pdb; pdb.set_trace()  # noqa\n    return 1\n",
    "def f(x):\n    if x: breakpoint()\n",
]


def test_a_debuggers_own_module_is_silent() -> None:
    check_silent(RULE, "def f():\n    breakpoint()\n    return 1\n", path="tools/debugging.py")


@pytest.mark.parametrize(("before", "after"), FIXED)
def test_fixed(before: str, after: str) -> None:
    check_fixed(RULE, before, after)


@pytest.mark.parametrize("source", SILENT)
def test_look_alikes(source: str) -> None:
    check_silent(RULE, source)


@pytest.mark.parametrize("source", LEFT)
def test_left(source: str) -> None:
    check_left(RULE, source)
