import pytest

from checks.debugging.rules.removed.removed_base64_name import RULE
from tests.rulecases import check_fixed, check_left, check_silent

FIXED = [
    ("import base64\nx = base64.encodestring(y)\n", "import base64\nx = base64.encodebytes(y)\n"),
    ("import base64 as b\nx = map(b.decodestring, y)\n", "import base64 as b\nx = map(b.decodebytes, y)\n"),
    ("import base64\nx = f'{base64.encodestring(y)}'\n", "import base64\nx = f'{base64.encodebytes(y)}'\n"),
    (
        "import base64\nx = (base64  # why\n     .encodestring(y))\n",
        "import base64\nx = (base64  # why\n     .encodebytes(y))\n",
    ),
    (
        "from base64 import decodestring, b64encode\nx = decodestring(y)\n",
        "from base64 import decodebytes, b64encode\nx = decodebytes(y)\n",
    ),
    (
        "from base64 import decodestring as d\nx = d(y)\n",
        "from base64 import decodebytes as d\nx = d(y)\n",
    ),
    (
        (
            "def f():\n    from base64 import encodestring\n"
            "    return encodestring\ndef g(encodestring): return encodestring\n"
        ),
        (
            "def f():\n    from base64 import encodebytes\n"
            "    return encodebytes\ndef g(encodestring): return encodestring\n"
        ),
    ),
]

SILENT = [
    "import base64\nx = base64.encodebytes(y)\n",
    "x = base64.encodestring(y)\n",
    "from mine import base64\nx = base64.encodestring(y)\n",
    "import base64\ndef f(base64): return base64.encodestring(y)\n",
    "import base64\ntry:\n    e = base64.encodebytes\nexcept AttributeError:\n    e = base64.encodestring\n",
    (
        "try:\n    from base64 import encodebytes\nexcept ImportError:\n"
        "    from base64 import encodestring as encodebytes\n"
    ),
    (
        "import base64, sys\nif sys.version_info[0] == 2:\n"
        "    e = base64.encodestring\nelse:\n    e = base64.encodebytes\n"
    ),
    "import base64, six\ne = base64.encodestring if six.PY2 else base64.encodebytes\n",
    "import base64\nif hasattr(base64, 'encodestring'):\n    e = base64.encodestring\n",
    "import base64\nbase64.encodestring = base64.encodebytes\n",
    "from .base64 import encodestring\n",
]

LEFT = [
    "from base64 import encodestring\n__all__ = ['encodestring']\n",
    "from base64 import encodestring, encodebytes\nencodestring(encodebytes)\n",
    "from base64 import encodestring\nencodestring = 1\n",
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
