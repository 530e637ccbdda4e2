import json
import subprocess
import sys
import threading
from pathlib import Path

import pytest

from checks.debugging.source.text import Text, read
from checks.debugging.tools import bandit
from tests.rulecases import module_of

EVERY = Path(__file__).with_name("every_test_of_bandit.txt").read_text("utf-8").replace("{bidi}", "\u202e")

type Row = tuple[str, int, str, str, int | None, str]


def ours(source: str | bytes, path: str = "package/module.py") -> list[Row]:
    data = source if isinstance(source, bytes) else source.encode()
    return [(i.code, i.line, i.severity, i.confidence, i.cwe, i.message) for i in bandit.issues(module_of(data, path))]


def command(folder: Path, *files: str) -> list[Row]:
    """What bandit's command finds in files of a folder, in its order, without any settings."""
    options = ["-f", "json", "-q", "--ini", "/dev/null", "--exit-zero"]
    done = subprocess.run(
        [sys.executable, "-m", "bandit", *options, *files], cwd=folder, capture_output=True, text=True, timeout=60
    )
    assert done.returncode == 0, done.stderr
    report = json.loads(done.stdout)
    assert not report["errors"]
    return [
        (
            row["test_id"],
            row["line_number"],
            row["issue_severity"],
            row["issue_confidence"],
            row["issue_cwe"].get("id"),
            row["issue_text"],
        )
        for row in report["results"]
    ]


def check_same(folder: Path, source: str | bytes) -> list[Row]:
    """Both say the same; returns what."""
    (folder / "module.py").write_bytes(source if isinstance(source, bytes) else source.encode())
    theirs, mine = command(folder, "module.py"), ours(source)
    assert sorted(mine, key=repr) == sorted(theirs, key=repr)
    return mine


def test_every_test_of_bandit_says_what_its_command_says(tmp_path: Path) -> None:
    from bandit.core.extension_loader import MANAGER

    found = check_same(tmp_path, EVERY)
    own = {name for name, plugin in MANAGER.plugins_by_id.items() if plugin.plugin.__module__.startswith("bandit.")}
    assert {row[0] for row in found} == own | set(MANAGER.blacklist_by_id)


NOSEC = [
    "# nosec",
    "#nosec",
    "# nosec:",
    "# nosec B602",
    "# nosec: B602",
    "# nosec:B602,B404",
    "# nosec B602, B404",
    "# nosec B602 B404",
    "# nosec B101",
    "# nosec subprocess_popen_with_shell_equals_true",
    "# nosec assert_used",
    "# nosec nonsense",
    "# nosec because I say so",
    "# nosec B602 # because",
    "# nosec # B101",
    "# NOSEC",
    "# no sec",
    "# a # nosec",
    "# noqa: S602 # nosec B602",
    "# nosecurity",
    "# nosec b602",
    "# nosec B999",
    "'# nosec'",
]


def test_nosec_in_all_its_forms(tmp_path: Path) -> None:
    calls = "".join(f"subprocess.run(x, shell=True)  {end}\n" for end in NOSEC if end[0] == "#")
    over = "".join(f"subprocess.run(  {end}\n    x,\n    shell=True,\n)\n" for end in NOSEC)
    below = "".join(f"subprocess.run(\n    x,\n    shell=True,  {end}\n)  # nosec B101\n" for end in NOSEC)
    text = 'x = """\n# nosec\n""" + password\nassert x, """\n"""  # nosec\nassert (\n # nosec\n x)\n'
    strings = "y = [\n" + "'0.0.0.0',\n" * 5 + "'0.0.0.0',  # nosec B104\n'/tmp/x',\n]\n"
    over = over.replace("'# nosec'", "").replace("(  \n", "('# nosec',\n")
    found = check_same(tmp_path, "import subprocess\n" + calls + over + below.replace("'# nosec'", "") + text + strings)
    assert 15 < len(found) < 50


@pytest.mark.complete
@pytest.mark.parametrize(
    "source",
    [
        "",
        "\n",
        "# nosec",
        "assert x",
        "\ufeffassert x\nassert y # nosec\n",
        "x = 1\r\nassert x\r\nassert y  # nosec\r\n",
        "# coding: utf-8\npassword = 'é'\n",
        "# coding: latin-1\npassword = 'é'\nassert x # nosec\n".encode("latin-1"),
        "# coding: shift_jis\npassword = '\u3042'\nassert x  # nosec\n".encode("shift_jis"),
        "# coding: gb18030\npassword = '\u202e'\n".encode("gb18030"),
        "class A:\n  async def f(self):\n    assert 1\n  def g(self, password='p'):\n    return lambda: eval(x)\n",
        "def f(a, /, password='x', *b, token='y', **c): pass\n",
        "match x:\n  case {'password': 'p'}:\n    assert x\n",
        "type X = int\ndef f[T](x: T): assert x\n",
        "try:\n  pass\nexcept* ValueError:\n  pass\n",
        "f'{eval(x)} select {y} from z'\n",
        "x = (" + " + ".join(f"'select a{n} from b'" for n in range(50)) + ")\n",
        "from . import pickle\nfrom .. import *\nfrom .pickle import loads\nloads(x)\n",
        "import pickle as p, os.path\np.loads(x)\n",
        "__import__('pickle')\nimportlib.import_module('telnetlib')\n",
    ],
)
def test_the_same_on_all_kinds_of_files(tmp_path: Path, source: str | bytes) -> None:
    check_same(tmp_path, source)


@pytest.mark.parametrize(
    ("source", "line", "column"),
    [
        ("x = 1\n# \u202e\n", 2, 2),
        ("\x0c\nx = '\x0b\x1c'\n\x0c# é\u202e\n", 3, 5),
        ("x = '\u2028\u2029\x85'\n# \u2066\n", 2, 2),
        ("x = 1\rassert x\r# \u202e\r", 3, 2),
    ],
)
def test_lines_are_those_of_python(source: str, line: int, column: int) -> None:
    """bandit's own count goes wrong in these: it takes other characters for ends of lines."""
    (found,) = (i for i in bandit.issues(module_of(source.encode())) if i.code == "B613")
    assert (found.line, found.column, found.end_line) == (line, column, line)


@pytest.mark.parametrize(
    ("name", "content"),
    [
        (".bandit", "[bandit]\nskips: B101,B602\nexclude: *\n"),
        ("pyproject.toml", "[tool.bandit]\nskips = ['B101', 'B602']\nexclude_dirs = ['.']\n"),
        ("bandit.yaml", "skips: [B101, B602]\n"),
        ("setup.cfg", "[bandit]\nskips = B101,B602\n"),
        ("tox.ini", "[bandit]\nskips = B101\n"),
    ],
)
def test_settings_of_a_repository_change_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str, content: str
) -> None:
    source = "import subprocess\nassert x\nsubprocess.run(x, shell=True)\n"
    before = ours(source)
    (tmp_path / name).write_text(content)
    monkeypatch.chdir(tmp_path)
    assert ours(source) == before
    assert {row[0] for row in before} == {"B404", "B101", "B602"}


def test_tests_of_other_distributions_are_not_run() -> None:
    assert {plugin.plugin.__module__.partition(".")[0] for plugin in bandit._tests().plugins} == {"bandit"}


@pytest.mark.parametrize("path", ["a.py", "/etc/a.py", "a/\n/b.py", "-x/é.py", "a" * 255 + "/b.py", "../../x.py"])
def test_a_path_is_only_a_name(path: str) -> None:
    assert [row[0] for row in ours("assert x\n", path)] == ["B101"]


@pytest.mark.parametrize("names", ["", "nosec"])
def test_long_tables_of_strings_are_quick(names: str) -> None:
    """bandit's command makes a list of all lines of the table for each string in it: it takes minutes."""
    source = "x = [\n" + "'word',\n" * 20_000 + f"]\nassert x  # {names}\npassword = 'abc'\n"
    assert [row[0] for row in ours(source)] == (["B105"] if names else ["B101", "B105"])


def test_too_much_work_is_given_up() -> None:
    module = module_of("x = '" + "select " * 50_000 + "' + y\n")
    with pytest.raises(TimeoutError, match=r"bandit took more than 0\.2 s"):
        bandit.issues(module, seconds=0.2)
    # and the next file is done as always
    assert ours("assert x\n")


def test_deep_trees_are_refused() -> None:
    module = module_of("x = " + "+".join("y" * 900) + "\n")
    before = sys.getrecursionlimit()
    sys.setrecursionlimit(600)
    try:
        with pytest.raises(RecursionError):
            bandit.issues(module)
    finally:
        sys.setrecursionlimit(before)


def test_a_thread_has_no_limit_of_time() -> None:
    found: list[list[Row]] = []
    thread = threading.Thread(target=lambda: found.append(ours(EVERY)))
    thread.start()
    thread.join()
    assert found == [ours(EVERY)]


def test_columns_are_within_the_lines() -> None:
    text = read("a.py", EVERY.encode())
    assert isinstance(text, Text)
    for issue in bandit.issues(module_of(EVERY.encode())):
        assert 1 <= issue.line <= issue.end_line <= len(text.line_starts)
        assert 0 <= issue.column <= len(text.line(issue.line).encode())
        assert issue.end_line > issue.line or issue.end_column > issue.column


@pytest.mark.parametrize(
    ("source", "lines"),
    [
        ("x = 1\n", {}),
        ("x = 'nosec'  # nosecurity\n", {1: set()}),
        ("x  # nosec\ny  # nosec B101\n", {1: set(), 2: {"B101"}}),
        ("x  # nosec assert_used, B602\n", {1: {"B101", "B602"}}),
        ("x\ry  # nosec\r", {2: set()}),
        ("'''\n# nosec\n'''\n", {}),
    ],
)
def test_lines_with_nosec(source: str, lines: dict[int, set[str]]) -> None:
    text = read("a.py", source.encode())
    assert isinstance(text, Text)
    assert bandit.nosec_lines(text) == lines
    assert bandit.nosec_lines(Text("a.py", b"x  # nosec\n(((", "utf-8", False)) == {1: frozenset()}
