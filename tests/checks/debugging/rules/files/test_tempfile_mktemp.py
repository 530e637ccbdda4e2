import pytest

from checks.debugging.rules.files.tempfile_mktemp import RULE
from tests.rulecases import check_fixed, check_left, check_silent

FIXED = [
    (
        "import tempfile\np = tempfile.mktemp()\n",
        'import os\nimport tempfile\np = os.path.join(tempfile.mkdtemp(), "tmp")\n',
    ),
    (
        'import os\nimport tempfile\np = tempfile.mktemp(".html")  # page\n',
        'import os\nimport tempfile\np = os.path.join(tempfile.mkdtemp(), "tmp.html")  # page\n',
    ),
    (
        'import tempfile\np = tempfile.mktemp(prefix="a-", suffix=".db")\n',
        'import os\nimport tempfile\np = os.path.join(tempfile.mkdtemp(), "a-.db")\n',
    ),
    (
        'import os\nfrom tempfile import mktemp\np = mktemp(".x", "y")\n',
        'import os\nfrom tempfile import mkdtemp, mktemp\np = os.path.join(mkdtemp(), "y.x")\n',
    ),
    (
        """
        import tempfile as t
        import os.path
        f(t.mktemp(), t.mktemp())
        """,
        """
        import tempfile as t
        import os.path
        f(os.path.join(t.mkdtemp(), "tmp"), os.path.join(t.mkdtemp(), "tmp"))
        """,
    ),
]

SILENT = [
    "import tempfile\np = tempfile.mkstemp()\n",
    "import tempfile\np = tempfile.mkdtemp()\n",
    "import tempfile\nf = tempfile.NamedTemporaryFile()\n",
    "p = mktemp()\n",
    "from mine import tempfile\np = tempfile.mktemp()\n",
    "import tempfile\ndef f(tempfile):\n    return tempfile.mktemp()\n",
    """
        import tempfile
        def mktemp():
            return 1
        mktemp()
        """,
    "import os\nos.mktemp()\n",
]

LEFT = [
    "import tempfile\np = tempfile.mktemp(dir=d)\n",
    "import tempfile\np = tempfile.mktemp(suffix=ext)\n",
    "import tempfile\np = tempfile.mktemp(*a)\n",
    "import os\nimport tempfile\nn = os.path.basename(tempfile.mktemp())\n",
    'import tempfile\np = tempfile.mktemp(prefix="a/b")\n',
    'import tempfile\np = f"{tempfile.mktemp()}"\n',
    """
        import tempfile
        p = tempfile.mktemp(
            # why
            ".x",
        )
        """,
    "import tempfile\ndef f(os):\n    return tempfile.mktemp()\n",
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
