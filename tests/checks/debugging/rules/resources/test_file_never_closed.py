import pytest

from checks.debugging.rules.resources.file_never_closed import RULE
from tests.rulecases import check_fixed, check_left, check_silent, found

NAMED = [
    (
        """
        def f(p):
            f = open(p)  # the list

            # all of it
            text = f.read()
            for line in text.splitlines():
                use(line)
            return text
        """,
        """
        def f(p):
            with open(p) as f:  # the list
                # all of it
                text = f.read()
            for line in text.splitlines():
                use(line)
            return text
        """,
    ),
    (
        '''
        import csv

        class A:
            def f(self, p):
                f = open(
                    p,
                    newline="",  # for csv
                )
                rows = csv.reader(f)
                text = """a
        b"""
                next(rows)
                for row in rows:
                    if row:
                        return text

                    self.x = row
                return None
        ''',
        '''
        import csv

        class A:
            def f(self, p):
                with open(
                    p,
                    newline="",  # for csv
                ) as f:
                    rows = csv.reader(f)
                    text = """a
        b"""
                    next(rows)
                    for row in rows:
                        if row:
                            return text

                        self.x = row
                return None
        ''',
    ),
    (
        """
        import tarfile, zipfile

        def f(p):
            z = zipfile.ZipFile(p)
            z.extractall("x")
            z.close()
            z = tarfile.open(p)
            names = z.getnames()
            # done
            z.close()
            return names
        """,
        """
        import tarfile, zipfile

        def f(p):
            with zipfile.ZipFile(p) as z:
                z.extractall("x")
            with tarfile.open(p) as z:
                names = z.getnames()
            # done
            return names
        """,
    ),
    (
        "def f(p, q):\n\ta = open(p)\n\tb = open(q, 'w')\n\tb.write(a.read())\n\treturn 1\n",
        "def f(p, q):\n\twith open(p) as a:\n\t\twith open(q, 'w') as b:\n\t\t\tb.write(a.read())\n\treturn 1\n",
    ),
    (
        "if __name__ == '__main__':\n    f = open('a')\n    print(f.read())\n",
        "if __name__ == '__main__':\n    with open('a') as f:\n        print(f.read())\n",
    ),
]

UNNAMED = [
    (
        "def f(p):\n    return open(p).read()  # all\n",
        "def f(p):\n    with open(p) as file:\n        return file.read()  # all\n",
    ),
    (
        "import json, os\nx: dict = json.load(open(os.path.join('a', 'b'), 'rb'))\n",
        "import json, os\nwith open(os.path.join('a', 'b'), 'rb') as file:\n    x: dict = json.load(file)\n",
    ),
    (
        """
        def f(file):
            for number, line in enumerate(open(file)):
                yield line
            else:
                print(number)
        """,
        """
        def f(file):
            with open(file) as handle:
                for number, line in enumerate(handle):
                    yield line
                else:
                    print(number)
        """,
    ),
    (
        """
        def f(p):
            if p:
                open(p, "w").write(
                    p)
            x = [line.strip() for line in open(p)]
            return sum(len(line) for line in open(p)) + len(x)
        """,
        """
        def f(p):
            if p:
                with open(p, "w") as file:
                    file.write(
                        p)
            with open(p) as file:
                x = [line.strip() for line in file]
            with open(p) as file:
                return sum(len(line) for line in file) + len(x)
        """,
    ),
    (
        "def f(p, q):\n    for a, b in zip(open(p), open(q)):\n        print(a, b)\n",
        "def f(p, q):\n    with open(p) as file:\n        with open(q) as handle:\n"
        "            for a, b in zip(file, handle):\n                print(a, b)\n",
    ),
    (
        "from pathlib import Path\nPath('a').open('w').write('x')\nopen('b', 'w')\n",
        "from pathlib import Path\nwith Path('a').open('w') as file:\n    file.write('x')\nopen('b', 'w').close()\n",
    ),
    (
        "def f(p):\n    text = open(\n        p,  # where\n    ).read().strip()\n",
        "def f(p):\n    with open(\n        p,  # where\n    ) as file:\n        text = file.read().strip()\n",
    ),
]

SILENT = [
    "import csv\ndef f(p):\n    rows = csv.reader(open(p))\n    return rows\n",
    "import csv\ndef f(p):\n    rows = csv.reader(open(p))\n    keep(rows)\n",
    "def f(p):\n    with open(p) as f:\n        return f.read()\n",
    "def f(p):\n    f = open(p)\n    try:\n        return f.read()\n    finally:\n        f.close()\n",
    "def f(p):\n    f = open(p)\n    with f:\n        return f.read()\n",
    "def f(p):\n    f = open(p)\n    f.read()\n    return f\n",
    "def f(p):\n    f = open(p)\n    yield f\n",
    "def f(self, p):\n    f = open(p)\n    self.f = f\n",
    "def f(self, p):\n    self.f = open(p)\n",
    "def f(p):\n    f = open(p)\n    keep(f)\n",
    "def f(p):\n    f = open(p)\n    return lambda: f.read()\n",
    "def f(p):\n    f = open(p)\n    def g():\n        return f.read()\n    return g\n",
    "def f(p):\n    f = open(p)\n    return (line for line in f)\n",
    "def f(p):\n    f = open(p)\n    return map(str, f)\n",
    "import csv\ndef f(p):\n    f = open(p)\n    return csv.reader(f)\n",
    "import csv\ndef f(p):\n    rows = csv.reader(open(p))\n    return rows\n",
    "def f(p):\n    global f\n    f = open(p)\n    f.read()\n",
    "import fcntl\ndef f(p):\n    f = open(p, 'w')\n    fcntl.flock(f, fcntl.LOCK_EX)\n    work()\n",
    "import os\ndef f(p):\n    f = open(p, 'w')\n    os.dup2(f.fileno(), 1)\n",
    "import zipfile\ndef f(p):\n    z = zipfile.ZipFile(p)\n    return z.open('a')\n",
    "import tarfile\ndef f(p):\n    t = tarfile.open(p)\n    return t.extractfile('a')\n",
    "def f(p):\n    f = open(p)\n    if p:\n        f.close()\n    f.read()\n",
    "def f(p):\n    f = open(p)\n    f = wrap(f)\n    f.read()\n",
    "def f(p, f=None):\n    if p:\n        f = open(p)\n    return f.read()\n",
    "def f(fd):\n    return open(fd).read()\n",
    "import os\ndef f():\n    a, b = os.pipe()\n    return open(a).read()\n",
    "def f(p):\n    return open(p.fileno(), closefd=False).read()\n",
    "def f():\n    return open(0).read()\n",
    "from mine import open\ndef f(p):\n    return open(p).read()\n",
    "def f(open, p):\n    return open(p).read()\n",
    "from PIL import Image\ndef f(p):\n    return Image.open(p).read()\n",
    "def f(p):\n    return store.open(p).read()\n",
    "import requests\ndef f(p):\n    requests.post(u, files={'a': open(p)})\n",
    "def f(p):\n    open(p, 'w').close()\n",
    "class A:\n    f = open('a')\n    text = f.read()\n",
]

LEFT = [
    "import csv\ndef f(p):\n    rows = csv.reader(open(p))\n    for row in rows:\n        print(row)\n",
    "def f(p, q):\n    a = open(p)\n    b = open(q)\n    b.write(a.read())\n    a.close()\n    return b\n",
    """
        def f(p, lock):
            a = open(p)
            lock.acquire()
            x = a.read()
            a.close()
            lock.release()
            return x
    """,
    "def f(p):\n    for q in p:\n        if q:\n            f.read()\n        f = open(q)\n        f.read()\n",
    "def f(p):\n    if open(p).read():\n        return 1\n",
    "def f(p):\n    return p and open(p).read()\n",
    "def f(p):\n    return open(p).read() if p else ''\n",
    "def f(p):\n    return [open(q).read() for q in p]\n",
    "def f(p):\n    return f'{open(p).read()}'\n",
    "import json\ndef f(p):\n    json.dump(make(), open(p, 'w'))\n",
    "def f(p):\n    if p: x = open(p).read()\n",
    "def f(p):\n    x = open(p).read(); return x\n",
    "class A:\n    text = open('a').read()\n",
    "def f(p):\n    f = open(p); x = f.read()\n    return x\n",
    "def f(p):\n    try:\n        f = open(p)\n    except OSError:\n        return None\n    return f.read()\n",
    "f = open('a')\ntext = f.read()\n",
    "def f(p):\n    f = open(p, 'w')\n    f.write('a')\n    f.close()  # flushed\n",
    "def f(p):\n    f = \\\n        open(p)\n    return f.read()\n",
    "def f(p):\n    yield open(p).read()\n",
    "def f(file, handle, stream, opened):\n    return open(file).read()\n",
]


@pytest.mark.parametrize(("before", "after"), [*NAMED, *UNNAMED])
def test_fixed(before: str, after: str) -> None:
    check_fixed(RULE, before, after)


@pytest.mark.parametrize("source", SILENT)
def test_look_alikes(source: str) -> None:
    check_silent(RULE, source)


@pytest.mark.parametrize("source", LEFT)
def test_left(source: str) -> None:
    check_left(RULE, source)


def test_in_a_test_an_open_that_is_to_fail_is_no_fault() -> None:
    source = "with pytest.raises(OSError):\n    open('missing')\n"
    check_silent(RULE, source, path="tests/test_a.py")


def test_a_long_statement_is_not_moved_for_one_argument() -> None:
    check_left(RULE, "setup(\n    long_description=open('README').read(),\n" + "    a=1,\n" * 20 + ")\n")


@pytest.mark.parametrize(
    ("source", "path", "severity"),
    [
        ("open(p, 'w').write(x)\n", "a.py", None),
        ("x = open(p).read()\n", "a.py", "low"),
        ("x = open(p).read()\n", "tests/test_a.py", "info"),
        ("def f():\n    f = open(p)\n    f.read()\n", "a.py", None),
        ("def f():\n    f = open(p)\n    f.read()\n    f.close()\n", "a.py", "low"),
    ],
)
def test_severity_says_what_can_be_lost(source: str, path: str, severity: str | None) -> None:
    assert [f.fault.severity for f in found(RULE, source, path=path)] == [severity]


def test_two_files_closed_one_after_the_other_are_both_closed_for_sure() -> None:
    before = """
    def copy(a, b):
        source = open(a)
        target = open(b, "w")
        for line in source:
            target.write(line)
        # done
        source.close()
        target.close()
        return b
    """
    after = """
    def copy(a, b):
        with open(a) as source:
            with open(b, "w") as target:
                for line in source:
                    target.write(line)
            # done
        return b
    """
    check_fixed(RULE, before, after)
