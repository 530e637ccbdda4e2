import pytest

from checks.debugging.rules.collections.changed_while_iterating import RULE
from tests.rulecases import check_fixed, check_left, check_silent

FIXED = [
    (
        "for k in d.keys():  # all\n    if k:\n        del d[k]\n",
        "for k in list(d.keys()):  # all\n    if k:\n        del d[k]\n",
    ),
    (
        "for k, v in self.d.items():\n    self.d.pop(v, None)\n",
        "for k, v in list(self.d.items()):\n    self.d.pop(v, None)\n",
    ),
    ("for x in (xs):\n    xs.remove(x)\n", "for x in (list(xs)):\n    xs.remove(x)\n"),
    (
        "for x in xs:\n    for y in ys:\n        if x == y:\n            xs.remove(x)\n            break\n",
        "for x in list(xs):\n    for y in ys:\n        if x == y:\n            xs.remove(x)\n            break\n",
    ),
    (
        "for k, v in d.items():\n    d[k.lower()] = v\n",
        "for k, v in list(d.items()):\n    d[k.lower()] = v\n",
    ),
    (
        "s = set()\nfor x in s:\n    s.add(x + 1)\n",
        "s = set()\nfor x in list(s):\n    s.add(x + 1)\n",
    ),
    (
        "d = {}\nfor k in d:\n    with lock:\n        del d[k]\n        if k: break\n",
        "d = {}\nfor k in list(d):\n    with lock:\n        del d[k]\n        if k: break\n",
    ),
]

SILENT = [
    "for i, x in enumerate(xs):\n    xs[i + 1] = x\n",
    "for i, x in enumerate(xs):\n    if x:\n        xs.pop(i)\n        break\n",
    "for i, x in enumerate(list(xs)):\n    xs.remove(x)\n",
    "from mine import enumerate\nfor i, x in enumerate(xs):\n    xs.remove(x)\n",
    "import os\nfor k in os.environ.keys():\n    del os.environ[k]\n",
    "from email.message import Message\nm = Message()\nfor k in m.keys():\n    del m[k]\n",
    "d = {}\nwith self.assertRaises(RuntimeError):\n    for k in d:\n        del d[k]\n",
    "for k in list(d):\n    del d[k]\n",
    "for k in d.copy():\n    del d[k]\n",
    "for k in sorted(d.keys()):\n    del d[k]\n",
    "for k in d:\n    del other[k]\n",
    "for k in d:\n    d[k] = 1\n",
    "for k, v in d.items():\n    d[k] = v + 1\n",
    "for k in d:\n    if k:\n        del d[k]\n        break\n",
    "def f(d):\n    for k in d:\n        if k:\n            del d[k]\n            return k\n",
    "def f(d):\n    for k in d:\n        for x in k:\n            d.remove(k)\n            return k\n",
    "def f(d):\n    for k in d:\n        return d.pop(k)\n",
    "def f(d):\n    for k in d:\n        with lock:\n            d.remove(k)\n        raise E\n",
    "for x in queue:\n    queue.append(x.next)\n",
    "for x in xs:\n    xs = [y for y in xs if y]\n    xs.remove(x)\n",
    "for x in xs:\n    def undo():\n        xs.remove(x)\n    later(undo)\n",
    "for k in self.headers:\n    del self.headers[k]\n",
    "for x in suite:\n    suite.add(x)\n",
    "for k, v in d.items():\n    d['total'] = v\n",
]

LEFT = [
    "for i, x in enumerate(xs, 1):\n    if x:\n        del xs[i]\n",
    "for x in xs:\n    xs.remove(y)\n",
    "for x in stack:\n    stack.pop(0)\n",
    "for i in xs:\n    del xs[i + 1]\n",
    "def list(x): pass\nfor k in d.keys():\n    del d[k]\n",
    "d = {}\nfor k in d:\n    d.popitem()\n",
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
