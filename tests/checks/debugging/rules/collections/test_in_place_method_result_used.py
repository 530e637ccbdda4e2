import pytest

from checks.debugging.rules.collections.in_place_method_result_used import RULE
from tests.rulecases import check_fixed, check_left, check_silent

FIXED = [
    ("xs = [2, 1]\nxs = xs.sort()\n", "xs = [2, 1]\nxs.sort()\n"),
    (
        "def f(a):\n    xs = sorted(a)\n    if a: xs = xs.reverse()  # why\n    return xs\n",
        "def f(a):\n    xs = sorted(a)\n    if a: xs.reverse()  # why\n    return xs\n",
    ),
    ("import random\nxs = random.shuffle(xs)\n", "import random\nrandom.shuffle(xs)\n"),
    (
        "from random import shuffle as mix\nimport random\nxs = random.shuffle(xs)\n",
        "from random import shuffle as mix\nimport random\nrandom.shuffle(xs)\n",
    ),
    ("d = {}\nd = d.update(\n    a=1,\n)\n", "d = {}\nd.update(\n    a=1,\n)\n"),
]

SILENT = [
    "xs = [2, 1]\nxs.sort()\n",
    "xs = xs.sort()\n",
    "frame = frame.sort()\n",
    "def f(xs):\n    return xs.sort()\n",
    "import numpy\nxs = numpy.array([1])\nxs = xs.sort()\n",
    "seen = set()\nys = [x for x in xs if not (x in seen or seen.add(x))]\n",
    "xs = []\nf = lambda x: xs.append(x)\n",
    "def f(x):\n    xs = []\n    return xs.append(x)\n",
    "q = expression.update(x=1)\n",
    "from mine import random\nxs = random.shuffle(xs)\n",
    "xs = []\nx = xs.pop()\n",
    "s = set()\nt = s.union(x)\n",
]

LEFT = [
    "xs = [2, 1]\nys = xs.sort()\n",
    "def f(a):\n    xs = list(a)\n    return xs.sort()\n",
    "import random\ndef f(xs):\n    return random.shuffle(xs)\n",
    "xs = [1]\nfor x in xs.reverse():\n    pass\n",
    "print([1, 2].append(3))\n",
    "xs = [1]\nxs = (xs.sort())\n",
    "xs = ys = list(a)\nxs: list = xs.sort()\n",
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
