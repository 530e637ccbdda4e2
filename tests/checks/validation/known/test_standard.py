import sys

import pytest

from checks.repository.declarations.pythons import KNOWN
from checks.validation.known import standard

CASES: list[tuple[str, list[int] | None]] = [
    ("os", []),
    ("os.path", []),
    ("xml.etree.ElementTree", []),
    ("_thread", []),
    ("idlelib", []),
    ("tomllib", [7, 8, 9, 10]),
    ("zoneinfo", [7, 8]),
    ("graphlib", [7, 8]),
    ("importlib.metadata", [7]),
    ("asyncio.taskgroups", [7, 8, 9, 10]),
    ("distutils.core", [12, 13, 14, 15]),
    ("imp", [12, 13, 14, 15]),
    ("asyncore", [12, 13, 14, 15]),
    ("cgi", [13, 14, 15]),
    ("telnetlib", [13, 14, 15]),
    ("lib2to3.pgen2", [13, 14, 15]),
    ("annotationlib", [7, 8, 9, 10, 11, 12, 13]),
    ("compression.zstd", [7, 8, 9, 10, 11, 12, 13]),
    ("dummy_threading", [9, 10, 11, 12, 13, 14, 15]),
    ("yaml", None),
    ("typing_extensions", None),
    ("urllib2", None),
    ("OS", None),
]


@pytest.mark.parametrize(("module", "minors"), CASES)
def test_which_pythons_lack_a_module(module: str, minors: list[int] | None) -> None:
    expected = None if minors is None else tuple((3, minor) for minor in minors)
    assert standard.missing(module, KNOWN) == expected


def test_the_table_agrees_with_the_running_python() -> None:
    here = (sys.version_info[:2],)
    assert [name for name in sys.stdlib_module_names if standard.missing(name, here) != ()] == []
    public = {name for name in standard.names() if not name.startswith("_") and standard.missing(name, here) == ()}
    assert public - sys.stdlib_module_names - {"xxlimited", "test"} == set()


def test_span() -> None:
    assert standard.span("tomllib.x") == ((3, 11), None)
    assert standard.span("cgi") == ((3, 0), (3, 12))
    with pytest.raises(KeyError):
        standard.span("yaml")
