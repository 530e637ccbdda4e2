import pytest

from checks.debugging.rules.files.archive_extracted_without_filter import RULE
from checks.debugging.source.module import Surroundings
from tests.rulecases import check_fixed, check_left, check_silent, found

FIXED = [
    (
        "import tarfile\nwith tarfile.open(p) as t:\n    t.extractall()\n",
        'import tarfile\nwith tarfile.open(p) as t:\n    t.extractall(filter="data")\n',
    ),
    (
        "import tarfile\nt = tarfile.open(p)\nt.extractall(d, members=m)\n",
        'import tarfile\nt = tarfile.open(p)\nt.extractall(d, members=m, filter="data")\n',
    ),
    (
        """
        import tarfile
        tarfile.open(p).extractall(
            path=d,  # there
        )
        """,
        """
        import tarfile
        tarfile.open(p).extractall(
            path=d,  # there
            filter="data",
        )
        """,
    ),
    (
        """
        import tarfile
        def f(t: tarfile.TarFile):
            for m in t:
                t.extract(m, d)
        """,
        """
        import tarfile
        def f(t: tarfile.TarFile):
            for m in t:
                t.extract(m, d, filter="data")
        """,
    ),
    (
        """
        import tarfile
        class A:
            def __init__(self, p):
                self.t = tarfile.open(p)
            def f(self):
                self.t.extractall(**{}) if 0 else self.t.extractall("x")
        """,
        """
        import tarfile
        class A:
            def __init__(self, p):
                self.t = tarfile.open(p)
            def f(self):
                self.t.extractall(**{}) if 0 else self.t.extractall("x", filter="data")
        """,
    ),
    (
        'from shutil import unpack_archive\nunpack_archive("a.tar.gz", d)\n',
        'from shutil import unpack_archive\nunpack_archive("a.tar.gz", d, filter="data")\n',
    ),
    (
        'import shutil\nshutil.unpack_archive(p, d, "gztar")\n',
        'import shutil\nshutil.unpack_archive(p, d, "gztar", filter="data")\n',
    ),
]

SILENT = [
    'import tarfile\nwith tarfile.open(p) as t:\n    t.extractall(filter="data")\n',
    "import tarfile\nwith tarfile.open(p) as t:\n    t.extractall(d, filter=f)\n",
    "import zipfile\nwith zipfile.ZipFile(p) as z:\n    z.extractall()\n",
    "import tarfile\nt = make()\nt.extractall()\n",
    "import tarfile\nwith tarfile.open(p) as t:\n    t.extractall(**options)\n",
    'import shutil\nshutil.unpack_archive("a.zip", d)\n',
    'import shutil\nshutil.unpack_archive(p, d, format="zip")\n',
    """
        import tarfile
        t = tarfile.open(p)
        t.extraction_filter = tarfile.data_filter
        t.extractall()
        """,
    """
        import tarfile
        t = tarfile.open(p)
        t = other
        t.extract("x")
        """,
    'import pandas\nimport tarfile\ns.str.extract("x")\n',
    "from mine import shutil\nshutil.unpack_archive(p)\n",
]

LEFT = [
    "import shutil\nshutil.unpack_archive(p, d)\n",
    'import tarfile\nt = tarfile.open(p)\ns = f"{t.extractall()}"\n',
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


def test_versions_of_python() -> None:
    source = "import tarfile\ntarfile.open(p).extractall()\n"
    [old] = found(RULE, source, surroundings=Surroundings(python=(3, 7)))
    assert old.fault.fix is None
    assert not found(RULE, source, surroundings=Surroundings(python=(3, 14)))
