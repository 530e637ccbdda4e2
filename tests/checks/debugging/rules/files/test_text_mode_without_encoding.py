import pytest

from checks.debugging.rules.files.text_mode_without_encoding import RULE
from checks.debugging.source.module import Surroundings
from tests.rulecases import check_fixed, check_left, check_silent, found

FIXED = [
    (
        "import json\nwith open(p) as f:\n    d = json.load(f)\n",
        'import json\nwith open(p, encoding="utf-8") as f:\n    d = json.load(f)\n',
    ),
    (
        'import json\nwith open(p, "r") as f:\n    d = json.loads(f.read())\n',
        'import json\nwith open(p, "r", encoding="utf-8") as f:\n    d = json.loads(f.read())\n',
    ),
    ("import json\nd = json.load(open(p))  # all\n", 'import json\nd = json.load(open(p, encoding="utf-8"))  # all\n'),
    (
        "import json\nfrom pathlib import Path\nd = json.loads(Path(p).read_text())\n",
        'import json\nfrom pathlib import Path\nd = json.loads(Path(p).read_text(encoding="utf-8"))\n',
    ),
    (
        """
        import toml
        from pathlib import Path
        def f(p: Path):
            with p.open() as f:
                return toml.load(f)
        """,
        """
        import toml
        from pathlib import Path
        def f(p: Path):
            with p.open(encoding="utf-8") as f:
                return toml.load(f)
        """,
    ),
]

SILENT = [
    'open(p, "rb")\n',
    'open(p, "w", encoding="utf-8")\n',
    "open(p, mode)\n",
    'open(p, "r", -1, "latin-1")\n',
    "open(*a)\n",
    "open(p, **k)\n",
    'open("/proc/cpuinfo")\n',
    'import os\nopen(os.devnull, "w")\n',
    "from gzip import open\nopen(p)\n",
    "def f(open):\n    open(p)\n",
    "p.read_text()\n",
    'from pathlib import Path\nPath(p).read_text("utf-8")\n',
    'from pathlib import Path\nPath(p).write_text(t, "utf-8")\n',
    'from pathlib import Path\nPath(p).open("rb")\n',
    "import webbrowser\nwebbrowser.open(u)\n",
]

LEFT = [
    "with open(p) as f:\n    print(f.read())\n",
    'open(p, "w").close()\n',
    "from pathlib import Path\nPath(p).write_text(t)\n",
    """
        import json
        with open(p) as f:
            first = f.readline()
            d = json.load(f)
        """,
    'import json\nwith open(p, "w") as f:\n    json.dump(d, f)\n',
    """
        import json
        with open(p) as f:
            d = json.load(f)
        with open(q, "w") as g:
            json.dump(d, g, ensure_ascii=False)
        """,
    "import json\nf = open(p)\nd = json.load(f)\n",
    'import json\nwith open(p, "r+") as f:\n    d = json.load(f)\n',
    "import io\nio.open(p)\n",
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


def test_python_3_15_reads_utf8() -> None:
    assert not found(RULE, "open(p)\n", surroundings=Surroundings(python=(3, 15)))
