import ast

import pytest

from checks.debugging.source.edits import applied
from checks.debugging.source.unused import unneeded
from tests.rulecases import module_of


def tidied(before: str, after: str, path: str = "a.py") -> str:
    one, other = module_of(before.encode(), path=path), module_of(after.encode(), path=path)
    result = applied(other.text, unneeded(one, other)).decode()
    ast.parse(result)
    assert unneeded(one, module_of(result.encode(), path=path)) == ()
    return result


# the import block, and what is left of it once nothing uses `gone` (and `lost`) any more
REMOVED = [
    ("import gone\nimport os\n", "import os\n"),
    ("import gone\n\n\n", ""),
    ("import os\n\nimport gone\n\nimport re\n", "import os\n\nimport re\n"),
    ("import os\n\nimport gone\n\n\n", "import os\n\n\n"),
    ("import a.b as gone\nimport os\n", "import os\n"),
    ("from m import gone\nimport os\n", "import os\n"),
    ("from m import gone, os\n", "from m import os\n"),
    ("from m import a, gone, b\n", "from m import a, b\n"),
    ("from m import a, gone as gone2, b as c\n", "from m import a, gone as gone2, b as c\n"),
    ("from m import (gone, lost, a)\n", "from m import (a)\n"),
    ("from m import gone, lost\nimport os\n", "import os\n"),
    ("import os, gone\n", "import os\n"),
    ("from m import (\n    a,  # one\n    gone,\n    lost,\n)\n", "from m import (\n    a,  # one\n)\n"),
    ("from m import (\n    a,\n    gone\n)\n", "from m import (\n    a,\n)\n"),
    ("from m import (\n    gone,\n    a,\n)\n", "from m import (\n    a,\n)\n"),
    ("from m import (\n    gone,\n    lost,\n)\nimport os\n", "import os\n"),
    ("# others\nimport gone\nimport os\n", "# others\nimport os\n"),
    ("import gone\r\nimport os\r\n", "import os\r\n"),
    ('"""Uses gone."""\nimport gone\nimport os\n', '"""Uses gone."""\nimport os\n'),
]


@pytest.mark.parametrize(("before", "after"), REMOVED)
def test_removed(before: str, after: str) -> None:
    assert tidied(before + "gone.f(lost, gone2)\n", before + "f(x.gone, gone2)\n") == after + "f(x.gone, gone2)\n"


KEPT = [
    "import gone as gone\n",
    "from m import gone as gone\n",
    "import gone  # noqa: F401\n",
    "import gone  # why\n",
    "# why\nimport gone\n\n",
    "from m import (  # noqa\n    gone,\n    a,\n)\n",
    "from m import (\n    gone,  # why\n    a,\n)\n",
    "from m import (gone,\n    a)\n",
    "try:\n    import gone\nexcept ImportError:\n    gone = None\n",
    "if x:\n    import gone\n",
    "def f():\n    import gone\n",
    "import gone; x = 1\n",
    "import gone\n__all__ = ['gone']\n",
    "import gone\n__all__ = make()\n",
    "import gone\nx: 'gone.A' = 1\n",
    "import gone\nx = 1  # type: gone.A\n",
    'import gone\ndef f():\n    """\n    >>> gone.f()\n    """\n',
    "import gone\ndef f(gone): pass\n",
    "import gone\ngone = 1\n",
    "import gone\nimport gone\n",
    "import gone\ndef f():\n    global gone\n",
    "import gone\nx = eval(y)\n",
    "import gone\nx = getattr(m, 'gone')\n",
    "from m import *\n",
]


@pytest.mark.parametrize("source", KEPT)
def test_kept_where_in_doubt(source: str) -> None:
    after = source + "f()\n"
    assert tidied(source + "gone.f()\n", after) == after


def test_kept_where_it_was_not_used_before_or_is_new_or_in_a_package() -> None:
    assert tidied("import gone\nf()\n", "import gone\ng()\n") == "import gone\ng()\n"
    assert tidied("gone.f()\n", "import gone\ng()\n") == "import gone\ng()\n"
    assert tidied("import gone\ngone.f()\n", "import gone\nf()\n", "a/__init__.py") == "import gone\nf()\n"
    assert tidied("import gone\ngone.f()\n", "import gone\ngone.g()\n") == "import gone\ngone.g()\n"
