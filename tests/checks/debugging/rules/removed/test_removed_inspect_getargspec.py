import pytest

from checks.debugging.rules.removed.removed_inspect_getargspec import RULE
from tests.rulecases import check_fixed, check_left, check_silent

FIXED = [
    ("import inspect\nx = inspect.getargspec(f).args\n", "import inspect\nx = inspect.getfullargspec(f).args\n"),
    ("import inspect\nx = inspect.getargspec(f)[0]\n", "import inspect\nx = inspect.getfullargspec(f)[0]\n"),
    (
        (
            "import inspect\ndef g(f):\n    spec = inspect.getargspec(f)\n"
            "    return len(spec.args) - len(spec.defaults or ())\n"
        ),
        (
            "import inspect\ndef g(f):\n    spec = inspect.getfullargspec(f)\n"
            "    return len(spec.args) - len(spec.defaults or ())\n"
        ),
    ),
]

SILENT = [
    "import inspect\nx = inspect.getfullargspec(f).args\n",
    "from mine import inspect\nx = inspect.getargspec(f).args\n",
    "x = mine.getargspec(f).args\n",
    "import inspect\ntry:\n    g = inspect.getfullargspec\nexcept AttributeError:\n    g = inspect.getargspec\n",
    "import inspect, sys\ng = inspect.getargspec if sys.version_info < (3,) else inspect.getfullargspec\n",
    (
        "try:\n    from inspect import getfullargspec\nexcept ImportError:\n"
        "    from inspect import getargspec as getfullargspec\n"
    ),
]

LEFT = [
    "import inspect\na, b, c, d = inspect.getargspec(f)\n",
    "import inspect\nx = inspect.getargspec(f).keywords\n",
    "import inspect\nx = inspect.getargspec(f)[-1]\n",
    "import inspect\ndef g(f):\n    spec = inspect.getargspec(f)\n    return spec\n",
    "import inspect\ndef g(f):\n    spec = inspect.getargspec(f)\n    return spec.args, len(spec)\n",
    "import inspect\nspec = inspect.getargspec(f)\nx = spec.args\n",
    "from inspect import getargspec\nx = getargspec(f).args\n",
    "import inspect\ng = inspect.getargspec\n",
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
