import pytest

from checks.debugging.rules.removed.removed_collections_alias import RULE
from tests.rulecases import check_fixed, check_left, check_silent, fixed

FIXED = [
    (
        "import collections\n\nx = isinstance(y, collections.Mapping)\n",
        "import collections\nimport collections.abc\n\nx = isinstance(y, collections.abc.Mapping)\n",
    ),
    (
        "import collections\nimport collections.abc\n\nx = [collections.Set, collections.OrderedDict]\n",
        "import collections\nimport collections.abc\n\nx = [collections.abc.Set, collections.OrderedDict]\n",
    ),
    (
        "from collections import abc\nimport collections\nx = collections.Sized\n",
        "from collections import abc\nimport collections\nx = abc.Sized\n",
    ),
    ("from collections import Mapping\nx = Mapping\n", "from collections.abc import Mapping\nx = Mapping\n"),
    (
        "from collections import (\n    Mapping,  # why\n    Set as S,\n)\n",
        "from collections.abc import (\n    Mapping,  # why\n    Set as S,\n)\n",
    ),
    (
        "from collections import Mapping, OrderedDict, Set as S\n",
        "from collections import OrderedDict\nfrom collections.abc import Mapping, Set as S\n",
    ),
    (
        "def f():\n\tfrom collections import deque, Sequence\n\treturn deque, Sequence\n",
        "def f():\n\tfrom collections import deque\n\tfrom collections.abc import Sequence\n\treturn deque, Sequence\n",
    ),
]

SILENT = [
    "import collections\nx = collections.OrderedDict()\n",
    "import collections.abc\nx = collections.abc.Mapping\n",
    "from collections.abc import Mapping\n",
    "from .collections import Mapping\n",
    "from mine.collections import Mapping\n",
    "from typing import Mapping\n",
    "try:\n    from collections.abc import Mapping\nexcept ImportError:\n    from collections import Mapping\n",
    "try:\n    from collections import Mapping\nexcept ImportError:\n    from collections.abc import Mapping\n",
    "import collections\ntry:\n    C = collections.Callable\nexcept AttributeError:\n    C = None\n",
    "import sys\nif sys.version_info < (3, 3):\n    from collections import Mapping\n",
    "import collections\nx = collections.Mapping if PY2 else collections.abc.Mapping\n",
    "def f(collections):\n    return collections.Mapping\n",
    "def to_py2():\n    from collections import Mapping\n",
]

LEFT = [
    "from collections import (\n    Mapping,\n    OrderedDict,\n)\n",
    "from collections import Mapping, OrderedDict  # noqa\n",
    "if x: from collections import Mapping, OrderedDict\n",
]


def test_no_fix_where_the_module_cannot_be_named() -> None:
    source = "from m import *\nimport collections\nx = collections.Mapping\n"
    assert fixed(RULE, source) == source


@pytest.mark.parametrize(("before", "after"), FIXED)
def test_fixed(before: str, after: str) -> None:
    check_fixed(RULE, before, after)


@pytest.mark.parametrize("source", SILENT)
def test_look_alikes(source: str) -> None:
    check_silent(RULE, source)


@pytest.mark.parametrize("source", LEFT)
def test_left(source: str) -> None:
    check_left(RULE, source)
