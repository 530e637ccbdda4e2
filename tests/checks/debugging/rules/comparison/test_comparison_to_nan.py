import pytest

from checks.debugging.rules.comparison.comparison_to_nan import RULE
from tests.rulecases import check_fixed, check_left, check_silent

FIXED = [
    (
        'def f(x):\n    return x / 2 if x == float("nan") else -x\n',
        "import math\n\ndef f(x):\n    return x / 2 if math.isnan(x) else -x\n",
    ),
    (
        "import math\ndef f(x: float):\n    if x != math.nan:\n        return x\n",
        "import math\ndef f(x: float):\n    if not math.isnan(x):\n        return x\n",
    ),
    (
        "import numpy as np\ndef f(x):\n    return np.nan == x - 1\n",
        "import numpy as np\ndef f(x):\n    return np.isnan(x - 1)\n",
    ),
    (
        "from math import nan\ndef f(x, y=1.0):\n    return (y != nan) + 1\n",
        "from math import isnan, nan\ndef f(x, y=1.0):\n    return ((not isnan(y))) + 1\n",
    ),
    (
        "import math\ny = float(s)\nok = a and y != math.nan\n",
        "import math\ny = float(s)\nok = a and not math.isnan(y)\n",
    ),
]

SILENT = [
    "import math\nmath.isnan(x)\n",
    'float("nan") == float("nan")\n',
    'x == float("inf")\n',
    'def float(x): return x\nx == float("nan")\n',
    "import math\na < x == math.nan\n",
    "x == np.nan\n",
    "import mine as math\nx == math.nan\n",
    "x == float(text)\n",
    'import math\nassert math.isnan(float("nan"))\n',
]

LEFT = [
    'def cell(x):\n    return "" if x == float("nan") else x\n',
    'x = read()\ny = x == float("nan")\n',
    'def f(x=None):\n    return x == float("nan")\n',
    'def f(x: str | float):\n    return x == float("nan")\n',
    'def f(x):\n    if x is None:\n        return 0\n    return x == float("nan")\n',
    'def f(x):\n    if isinstance(x, str):\n        return 0\n    return x == float("nan")\n',
    'def f(*x):\n    return x == float("nan")\n',
    'math = 1\ndef f(x):\n    return x == float("nan")\n',
    "import math\ndef f(x: float):\n    return (x ==  # why\n        math.nan)\n",
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
