import pytest

from checks.debugging.rules.removed.removed_array_string_methods import RULE
from tests.rulecases import check_fixed, check_silent

FIXED = [
    ("import array\nx = array.array('b', y).tostring()\n", "import array\nx = array.array('b', y).tobytes()\n"),
    (
        "from array import array\na = array('b')\na.fromstring(data)  # why\n",
        "from array import array\na = array('b')\na.frombytes(data)  # why\n",
    ),
]

SILENT = [
    "from array import array\na = array('b')\na.tobytes()\n",
    "import numpy\na = numpy.array([1])\na.tostring()\n",
    "from numpy import array\na = array([1])\na.tostring()\n",
    "import array\nfrom lxml import etree\netree.tostring(x)\n",
    "import array\ndef f(a): return a.tostring()\n",
    (
        "from array import array\na = array('b')\ntry:\n"
        "    x = a.tobytes()\nexcept AttributeError:\n    x = a.tostring()\n"
    ),
]


@pytest.mark.parametrize(("before", "after"), FIXED)
def test_fixed(before: str, after: str) -> None:
    check_fixed(RULE, before, after)


@pytest.mark.parametrize("source", SILENT)
def test_look_alikes(source: str) -> None:
    check_silent(RULE, source)
