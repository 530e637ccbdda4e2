"""Names, encodings and kinds of files that readers, copies and reports stumble over."""

from collections.abc import Mapping

from tests.hostile.project import Content, Hostile, Link, Noticed, Odd, Repeated, Verdict

_T = "names"
_GOOD = "def test_it():\n    pass\n"
_FAILS = "def test_must_fail():\n    raise ValueError\n"
_HONEST: dict[str, Content] = {"test_it.py": _GOOD}


def _named(
    name: str, tries: str, files: Mapping[str, Content], expects: Verdict = Verdict.PASSES, cases: int = 1
) -> Hostile:
    """A project whose files are odd; the honest test beside them must run, unless something else is said."""
    return Hostile(name, _T, tries, {**_HONEST, **files}, expects, Noticed.NEVER, cases=cases)


NAMES: tuple[Hostile, ...] = (
    _named(
        "line-breaks",
        "Has files with line breaks, tabs and workflow commands in their names.",
        {"a\nb.py": "", "test_\n::error::x.py": _GOOD, "tab\there.txt": "x", "cr\rhere.txt": "x"},
    ),
    _named("escapes", "Has files whose names drive a terminal.", {"\x1b[2J\x1b]0;x\x07.txt": "x", "\x9b2J.txt": "x"}),
    _named(
        "no-utf-8",
        "Has files and folders whose names are no UTF-8.",
        {"latin\udce9.txt": "x", "folder\udcff\udcfe/inner.py": "x = 1\n"},
    ),
    _named(
        "bidirectional", "Has names that read otherwise than they are.", {"\u202etxt.yp": "x", "a\u2066b\u2069.py": ""}
    ),
    _named(
        "case-twins",
        "Has files that differ by case or normal form only.",
        {"A.py": "", "a.py": "", "\xe9.py": "", "e\u0301.py": ""},
    ),
    _named(
        "long-names", "Has names as long as a name may be.", {"n" * 255: "x", "t" * 251 + ".py": "", "é" * 127: "x"}
    ),
    _named("hundred-folders", "Has a file a hundred folders deep.", {"d/" * 100 + "file.py": "x = 1\n"}),
    _named("deep-and-long", "Has a path of nearly 4,000 bytes.", {("n" * 150 + "/") * 24 + "file.txt": "x"}),
    _named(
        "options-and-globs",
        "Has files whose names are options, patterns, quotes or addresses.",
        {
            "-rf": "x",
            "--collect-only": "x",
            "*.py": "",
            "$(touch x)": "x",
            "`id`": "x",
            "'\";": "x",
            "a:b@c": "x",
            "@file": "x",
        },
    ),
    _named(
        "test-named-like-an-option",
        "Has test modules whose names are options or node ids.",
        {"--version/test_a.py": _GOOD, "test_a::b.py": _GOOD, "test [1].py": _GOOD, "-k/test_b.py": _GOOD},
        cases=2,
    ),
    _named(
        "names-of-the-system",
        "Has folders named as those of the system inside.",
        {"proc/x": "", "dev/null": "x", "etc/passwd": "x"},
    ),
    _named(
        "our-own-names",
        "Has folders named app, checks, tests and selfmod, with modules that end the process.",
        {f"{folder}/__init__.py": "import os\nos._exit(0)\n" for folder in ("app", "checks", "selfmod")},
    ),
    _named(
        "null-bytes", "Has sources with NUL bytes.", {"test_null.py": "def test_x():\n    pass\n\x00\n"}, Verdict.FAILS
    ),
    _named(
        "byte-order-mark",
        "Has a test module with a byte order mark.",
        {"test_bom.py": b"\xef\xbb\xbf" + _GOOD.encode()},
        cases=2,
    ),
    _named(
        "lone-carriage-returns",
        "Has a module whose lines end in CR.",
        {"test_cr.py": _GOOD.replace("\n", "\r")},
        cases=2,
    ),
    _named(
        "strange-codecs",
        "Has modules in utf-7, rot13 and a codec of its own.",
        {"test_a.py": "# coding: utf-7\n", "test_b.py": "# coding: rot13\n", "test_c.py": "# coding: evil\n"},
        Verdict.FAILS,
    ),
    _named(
        "deep-nesting", "Has a module nested beyond any parser.", {"test_deep.py": "x = " + "(" * 20_000}, Verdict.FAILS
    ),
    _named(
        "deep-operators",
        "Has an expression of fifty thousand operators.",
        {"test_deep.py": "x = " + "-" * 50_000 + "1\n"},
        Verdict.FAILS,
    ),
    _named(
        "line-of-20-mb",
        "Has a module of one line of 20 MB.",
        {"test_long.py": Repeated("x = '", "a", 20_000_000, "'\n")},
        Verdict.ANY,
    ),
    _named(
        "list-of-20-mb",
        "Has a module with a list of ten million numbers.",
        {"data.py": Repeated("x = [", "1,", 10_000_000, "]\n")},
        Verdict.ANY,
    ),
    _named(
        "test-ids",
        "Has test ids with control characters, bidirectional ones, workflow commands and lone surrogates.",
        {
            "test_ids.py": "import pytest\n\n\n@pytest.mark.parametrize('x', range(6), ids=["
            r"'\x1b[2J', '\u202eevil', '\n::error::x', '\x00', '\udcff', 'a::b[c]'])"
            "\ndef test_it(x):\n    pass\n"
        },
        cases=7,
    ),
    _named(
        "same-ids",
        "Has two tests with one id, of which one fails.",
        {
            "conftest.py": "def pytest_itemcollected(item):\n    item._nodeid = 'test_it.py::test_it'\n",
            "test_must_fail.py": _FAILS,
        },
        Verdict.FAILS,
        cases=0,
    ),
    _named(
        "fifo",
        "Has FIFOs among its files, which block whoever opens them.",
        {"pipe": Odd("fifo"), "test_pipe.py": Odd("fifo"), "conftest.py": Odd("fifo")},
    ),
    _named("sockets", "Has sockets among its files.", {"socket": Odd("socket"), "test_socket.py": Odd("socket")}),
    _named("devices", "Has device nodes among its files.", {"zero": Odd("device"), "test_zero.py": Odd("device")}),
    _named(
        "links-out",
        "Has links that lead out of the tree, to a secret and to folders of the host.",
        {"secret.txt": Link("<<secret>>"), "home": Link("<<home>>"), "to": Link("<<target>>"), "loop": Link("loop")},
    ),
    _named(
        "links-in-circles",
        "Has folders that link to each other.",
        {"a/b": Link("../c"), "c/d": Link("../a"), "self": Link(".")},
        Verdict.ANY,  # pytest gives up in such a circle, or does not: neither is a lie
    ),
    _named(
        "tests-behind-a-link",
        "Has a test module that is a link to a file of the host.",
        {"test_link.py": Link("<<secret>>"), "conftest.py": Link("<<secret>>")},
        Verdict.ANY,
        cases=0,
    ),
    _named(
        "hard-link",
        "Has a hard link to a file of the host and writes to it: the host's must stay.",
        {
            "linked.txt": Odd("hard", "<<kept>>"),
            "test_it.py": "def test_it():\n    open('linked.txt', 'a').write('changed')\n",
        },
    ),
    _named(
        "link-as-root",
        "Has its configuration behind a link.",
        {"pyproject.toml": Link("<<secret>>"), "pytest.ini": Link("/dev/zero")},
        Verdict.ANY,
        cases=0,
    ),
    _named("modes", "Has programs that would give another user's rights.", {"run.sh": Odd("setuid")}),
    _named("closed", "Has a file that nobody may read.", {"shut.txt": Odd("shut")}, Verdict.EITHER),
)
