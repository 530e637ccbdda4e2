import pytest

from checks.debugging.rules.injection.xml_parsed_without_defusedxml import RULE
from checks.debugging.source.module import Surroundings
from tests.rulecases import check_fixed, check_left, check_silent, found

SURROUNDINGS = Surroundings(distributions=frozenset({"defusedxml"}))

FIXED = [
    (
        "import xml.etree.ElementTree as ET\nET.parse(f)\nET.Element('a')\n",
        (
            "import xml.etree.ElementTree as ET\n"
            "\n"
            "import defusedxml.ElementTree\n"
            "defusedxml.ElementTree.parse(f)\n"
            "ET.Element('a')\n"
        ),
    ),
    (
        "from xml.dom import minidom\nimport defusedxml.minidom\nminidom.parseString(s)\nminidom.Document()\n",
        (
            "from xml.dom import minidom\n"
            "import defusedxml.minidom\n"
            "defusedxml.minidom.parseString(s)\n"
            "minidom.Document()\n"
        ),
    ),
    (
        (
            "from xml.etree.ElementTree import fromstring as read, tostring\n"
            "from defusedxml.ElementTree import parse\n"
            "parse(f)\n"
            "tostring(read(s))\n"
        ),
        (
            "from xml.etree.ElementTree import fromstring as read, tostring\n"
            "from defusedxml.ElementTree import fromstring, parse\n"
            "parse(f)\n"
            "tostring(fromstring(s))\n"
        ),
    ),
    (
        "import defusedxml.sax\nimport xml.sax\nxml.sax.parse(f, handler)\nxml.sax.handler\n",
        "import defusedxml.sax\nimport xml.sax\ndefusedxml.sax.parse(f, handler)\nxml.sax.handler\n",
    ),
    (
        (
            "import xml.etree.ElementTree as ET\n"
            "import defusedxml.ElementTree as safe\n"
            "ET.iterparse(f, events=('end',))\n"
            "ET.Element\n"
        ),
        (
            "import xml.etree.ElementTree as ET\n"
            "import defusedxml.ElementTree as safe\n"
            "safe.iterparse(f, events=('end',))\n"
            "ET.Element\n"
        ),
    ),
]

SILENT = [
    "import xml.etree.ElementTree as ET\nET.fromstring('<a/>')\n",
    "import xml.etree.ElementTree as ET\nET.fromstring(b'<a/>')\n",
    "import xml.etree.ElementTree as ET\nTEXT = '<a/>'\nET.fromstring(TEXT)\n",
    "import xml.etree.ElementTree as ET\nET.fromstring(ET.tostring(x))\n",
    (
        "from xml.dom import minidom\n"
        "import xml.etree.ElementTree as ET\n"
        "rough = ET.tostring(x)\n"
        "minidom.parseString(rough)\n"
    ),
    "from io import StringIO\nimport xml.etree.ElementTree as ET\nET.parse(StringIO('<a/>'))\n",
    "import xml.etree.ElementTree as ET\nET.fromstring('<a/>'.encode())\n",
    "import defusedxml.ElementTree as ET\nET.parse(f)\n",
    "from lxml import etree\netree.parse(f)\n",
    "def f(ET):\n    ET.parse(xml)\n",
    "import argparse  # xml\nargparse.ArgumentParser().parse_args()\n",
    "import xml.etree.ElementTree as ET\nET.Element('a')\n",
]

LEFT = [
    "import xml.etree.ElementTree as ET\nET.parse(f, parser=mine)\n",
    "import xml.etree.ElementTree as ET\nET.parse(f, mine)\n",
    "import xml.etree.ElementTree as ET\nx = f'{ET.parse(f)}'\n",
    "import xml.etree.ElementTree as ET\nET.parse(*args)\n",
    "import xml.etree.ElementTree as ET\ndefusedxml = 1\nET.parse(f)\n",
]


@pytest.mark.parametrize(("before", "after"), FIXED)
def test_fixed(before: str, after: str) -> None:
    check_fixed(RULE, before, after, surroundings=SURROUNDINGS)


@pytest.mark.parametrize("source", SILENT)
def test_look_alikes(source: str) -> None:
    check_silent(RULE, source, surroundings=SURROUNDINGS)


@pytest.mark.parametrize("source", LEFT)
def test_left(source: str) -> None:
    check_left(RULE, source, surroundings=SURROUNDINGS)


def test_without_the_dependency_nothing_is_offered() -> None:
    check_left(RULE, "import xml.etree.ElementTree as ET\nET.parse(f)\n")
    check_left(
        RULE, "import xml.etree.ElementTree as ET\nET.parse(f)\n", surroundings=Surroundings(distributions=frozenset())
    )


def test_severity_follows_where_the_document_comes_from() -> None:
    source = "import xml.etree.ElementTree as ET\nET.parse(path)\nET.fromstring(response.text)\n"
    assert [str(f.fault.severity) for f in found(RULE, source)] == ["low", "medium"]
    assert {str(f.fault.severity) for f in found(RULE, source, path="tests/test_a.py")} == {"info"}
