import pytest

from checks.debugging.rules.files.makedirs_after_exists_check import RULE
from tests.rulecases import check_fixed, check_left, check_silent

FIXED = [
    ("import os\nif not os.path.exists(d):\n    os.makedirs(d)\n", "import os\nos.makedirs(d, exist_ok=True)\n"),
    (
        """
        import os
        def f(a):
            # first
            if not os.path.isdir(os.path.join(a, "b")):
                os.makedirs(os.path.join(a, "b"), 0o700)
            # then
        """,
        """
        import os
        def f(a):
            # first
            os.makedirs(os.path.join(a, "b"), 0o700, exist_ok=True)
            # then
        """,
    ),
    (
        "import os\nif not os.path.exists(self.d): os.makedirs(self.d)  # one\n",
        "import os\nos.makedirs(self.d, exist_ok=True)  # one\n",
    ),
    (
        """
        import os
        for d in x:
            if not os.path.exists(d):
                os.makedirs(
                    d,
                    mode=0o755,
                )
        """,
        """
        import os
        for d in x:
            os.makedirs(
                d,
                mode=0o755,
                exist_ok=True,
            )
        """,
    ),
    (
        """
        from pathlib import Path
        p = Path("x") / "y"
        if not p.exists():
            p.mkdir(parents=True)
        """,
        """
        from pathlib import Path
        p = Path("x") / "y"
        p.mkdir(parents=True, exist_ok=True)
        """,
    ),
    (
        """
        from pathlib import Path
        def f(p: Path):
            if not p.parent.is_dir():
                p.parent.mkdir()
        """,
        """
        from pathlib import Path
        def f(p: Path):
            p.parent.mkdir(exist_ok=True)
        """,
    ),
]

SILENT = [
    "import os\nif not os.path.exists(d):\n    os.makedirs(d, exist_ok=True)\n",
    "import os\nif not os.path.exists(d):\n    os.makedirs(e)\n",
    """
        import os
        if not os.path.exists(d):
            os.makedirs(d)
            log(d)
        """,
    "import os\nif os.path.exists(d):\n    os.makedirs(d)\n",
    "import os\nif d and not os.path.exists(d):\n    os.makedirs(d)\n",
    "if not fs.exists(d):\n    fs.makedirs(d)\n",
    "p = connect()\nif not p.exists():\n    p.mkdir()\n",
    "import os\nif not os.path.isfile(d):\n    os.makedirs(d)\n",
    "import os\nif not os.path.exists(d):\n    os.makedirs(d, **k)\n",
    "from mine import os\nif not os.path.exists(d):\n    os.makedirs(d)\n",
]

LEFT = [
    "import os\nif not os.path.exists(d):\n    os.mkdir(d)\n",
    """
        import os
        if not os.path.exists(d):
            os.makedirs(d)
        else:
            empty(d)
        """,
    """
        import os
        if a:
            pass
        elif not os.path.exists(d):
            os.makedirs(d)
        """,
    "import os\nif not os.path.exists(next(i)):\n    os.makedirs(next(i))\n",
    "import os\nif not os.path.exists(d):  # new\n    os.makedirs(d)\n",
    "import os\na = 1; \\\nif_ = 2\nif not os.path.exists(d): os.makedirs(d, 0o777, False)\n",
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
