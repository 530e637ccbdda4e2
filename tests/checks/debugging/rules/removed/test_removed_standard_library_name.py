import pytest

from checks.debugging.rules.removed.removed_standard_library_name import RULE
from checks.debugging.source.module import Surroundings
from checks.model.findings import Severity
from tests.rulecases import check_fixed, check_left, check_silent, found

FIXED = [
    ("import cgi\nx = cgi.escape(y)\n", "import cgi\nimport html\nx = html.escape(y, quote=False)\n"),
    (
        "import cgi\nimport os\n\nx = cgi.escape(\n    y,  # why\n)\n",
        "import cgi\nimport html\nimport os\n\nx = html.escape(\n    y,  # why\n    quote=False,\n)\n",
    ),
    ("import os\nx = os.errno.EEXIST\n", "import errno\nimport os\nx = errno.EEXIST\n"),
    ("import os, errno\nx = os.errno.EEXIST\n", "import os, errno\nx = errno.EEXIST\n"),
    ("import pipes\nimport shlex\nx = pipes.quote(y)\n", "import pipes\nimport shlex\nx = shlex.quote(y)\n"),
    ("from pipes import quote\nx = quote(y)\n", "from shlex import quote\nx = quote(y)\n"),
    ("import xml.etree.cElementTree as ET\n", "import xml.etree.ElementTree as ET\n"),
    ("from xml.etree import cElementTree as ET\n", "from xml.etree import ElementTree as ET\n"),
    ("from xml.etree.cElementTree import parse\n", "from xml.etree.ElementTree import parse\n"),
    (
        "import configparser\nc = configparser.SafeConfigParser()\n",
        "import configparser\nc = configparser.ConfigParser()\n",
    ),
    (
        "import configparser\nc = configparser.ConfigParser()\nc.readfp(f)\n",
        "import configparser\nc = configparser.ConfigParser()\nc.read_file(f)\n",
    ),
    (
        "from configparser import SafeConfigParser\nSafeConfigParser()\n",
        "from configparser import ConfigParser\nConfigParser()\n",
    ),
    ("import itertools as i\nx = i.izip_longest(a, b)\n", "import itertools as i\nx = i.zip_longest(a, b)\n"),
    (
        "import unittest\ns = unittest.makeSuite(A)\n",
        "import unittest\ns = unittest.defaultTestLoader.loadTestsFromTestCase(A)\n",
    ),
]

SILENT = [
    "import html\nx = html.escape(y)\n",
    "import time\nx = time.perf_counter()\n",
    "from mine import time\nx = time.clock()\n",
    "import time\nclass time: pass\ntime.clock()\n",
    "from . import imp\n",
    "from .distutils import x\n",
    "import imports\n",
    "import html.parser\n",
    "try:\n    import imp\nexcept ImportError:\n    imp = None\n",
    "try:\n    import xml.etree.cElementTree as ET\nexcept ImportError:\n    import xml.etree.ElementTree as ET\n",
    "import sys\nif sys.version_info >= (3, 4):\n    import importlib\nelse:\n    import imp\n",
    "import time\nclock = time.clock if hasattr(time, 'clock') else time.perf_counter\n",
    "import time\nclock = getattr(time, 'perf_counter', None) or time.clock\n",
    "import string\nx = string.ascii_letters\n",
    "import configparser\nc = make()\nc.readfp(f)\n",
    "def load_py2():\n    import imp\n",
    "import asyncio\nx = asyncio.run(y)\n",
]

LEFT = [
    "import cgi\nx = cgi.escape(y, True)\n",
    "import cgi\nx = cgi.escape(*y)\n",
    "import cgi\nx = map(cgi.escape, y)\n",
    "from cgi import escape\nx = escape(y)\n",
    "import time\nx = time.clock()\n",
    "from time import clock\n",
    "import string\nx = string.letters\n",
    "import platform\nx = platform.linux_distribution()\n",
    "import imp\n",
    "from distutils.core import setup\n",
    "import asyncore, os\n",
    "import fractions\nx = fractions.gcd(a, b)\n",
    "import xml.etree.cElementTree\nx = xml.etree.cElementTree.parse(f)\n",
    "from xml.etree import cElementTree\n",
    "import unittest\ns = unittest.makeSuite(A, 'check')\n",
    "import configparser\nc = configparser.ConfigParser()\nc.readfp(f, filename='x')\n",
]


def test_a_module_that_the_repository_or_a_distribution_brings_is_there() -> None:
    check_silent(RULE, "import imp\nimp.x()\n", surroundings=Surroundings(own=frozenset({"imp"})))
    check_silent(RULE, "import telnetlib\n", surroundings=Surroundings(distributions=frozenset({"standard-telnetlib"})))
    check_silent(RULE, "import cgi\n", surroundings=Surroundings(distributions=frozenset({"legacy-cgi"})))


def test_distutils_beside_setuptools_is_less_bad() -> None:
    results = found(RULE, "import setuptools\nfrom distutils.core import Extension\n")
    assert [one.fault.severity for one in results] == [Severity.LOW]
    results = found(RULE, "import distutils\ndef f():\n    import imp\n")
    assert [one.fault.severity for one in results] == [None, Severity.LOW]


def test_a_file_named_after_the_module_is_its_replacement() -> None:
    check_silent(RULE, "import distutils.core\n", path="locations/_distutils.py")


@pytest.mark.parametrize(("before", "after"), FIXED)
def test_fixed(before: str, after: str) -> None:
    check_fixed(RULE, before, after)


@pytest.mark.parametrize("source", SILENT)
def test_look_alikes(source: str) -> None:
    check_silent(RULE, source)


@pytest.mark.parametrize("source", LEFT)
def test_left(source: str) -> None:
    check_left(RULE, source)
