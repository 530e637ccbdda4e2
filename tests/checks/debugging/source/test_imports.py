import ast

import pytest

from checks.debugging.source.edits import applied
from checks.debugging.source.imports import reference
from checks.debugging.source.module import Surroundings
from tests.rulecases import module_of

PYTHON = Surroundings(own=frozenset({"mine"}))


def referred(source: str, target: str) -> tuple[str | None, str]:
    """The name given at the last use of HERE, and the text with the edits in."""
    module = module_of(source.encode(), surroundings=PYTHON)
    at = [n for n in module.nodes if isinstance(n, ast.Name) and n.id == "HERE"][-1]
    found = reference(module, target, at)
    if found is None:
        return None, source
    after = applied(module.text, found.edits).decode()
    ast.parse(after)
    return found.text, after


EXISTING = [
    ("import secrets\nHERE", "secrets:choice", "secrets.choice"),
    ("import secrets as s\nHERE", "secrets:choice", "s.choice"),
    ("from secrets import choice\nHERE", "secrets:choice", "choice"),
    ("from secrets import choice as pick\nHERE", "secrets:choice", "pick"),
    ("import secrets\nfrom secrets import choice as c\nHERE", "secrets:choice", "c"),
    ("from datetime import timezone as tz\nHERE", "datetime:timezone.utc", "tz.utc"),
    ("import tempfile\nHERE", "tempfile:", "tempfile"),
    ("import xml.etree.ElementTree\nHERE", "xml.etree.ElementTree:parse", "xml.etree.ElementTree.parse"),
    ("import xml.etree.ElementTree as ET\nHERE", "xml.etree.ElementTree:parse", "ET.parse"),
    ("from xml.etree import ElementTree\nHERE", "xml.etree.ElementTree:parse", "ElementTree.parse"),
    ("import xml.dom, xml.sax\nimport xml.sax.handler\nHERE", "xml.sax:parse", "xml.sax.parse"),
    ("def f():\n    HERE\nimport secrets", "secrets:choice", "secrets.choice"),
    ("import secrets; HERE", "secrets:choice", "secrets.choice"),
    ("import secrets\nclass A:\n    secrets = 1\n    def f(self): HERE", "secrets:choice", "secrets.choice"),
]


@pytest.mark.parametrize(("source", "target", "text"), EXISTING)
def test_an_import_that_is_there_is_used(source: str, target: str, text: str) -> None:
    assert referred(source, target) == (text, source)


NONE = [
    ("secrets = 1\nHERE", "secrets:choice"),
    ("def f(secrets): HERE", "secrets:choice"),
    ("import secrets\ndef f(secrets): HERE", "secrets:choice"),
    ("import secrets\nfor secrets in x: pass\nHERE", "secrets:choice"),
    ("class A:\n    secrets = 1\n    HERE", "secrets:choice"),
    ("if x:\n    import secrets\nHERE", "secrets:choice"),
    ("try:\n    import secrets\nexcept ImportError:\n    pass\nHERE", "secrets:choice"),
    ("from typing import TYPE_CHECKING\nif TYPE_CHECKING:\n    import secrets\nHERE", "secrets:choice"),
    ("HERE\nimport secrets", "secrets:choice"),
    ("HERE; import secrets", "secrets:choice"),
    ("@HERE\ndef f(): pass\nimport secrets", "secrets:choice"),
    ("def f(a=HERE): pass\nimport secrets", "secrets:choice"),
    ("from datetime import datetime\nHERE", "datetime:"),
    ("HERE", "mine:thing"),
    ("from tools import *\nHERE", "secrets:choice"),
    ("xml = 1\nHERE", "xml.sax:parse"),
    ("print(secrets)\nHERE", "secrets:choice"),
]


@pytest.mark.parametrize(("source", "target"), NONE)
def test_nothing_is_given_where_the_name_is_in_doubt(source: str, target: str) -> None:
    assert referred(source, target) == (None, source)


ADDED = [
    ("HERE\n", "import secrets\n\nHERE\n"),
    ("HERE", "import secrets\n\nHERE"),
    ("#!/bin/x\n# coding: utf-8\nHERE\n", "#!/bin/x\n# coding: utf-8\nimport secrets\n\nHERE\n"),
    ("# licence\n\n# what\nHERE\n", "# licence\n\nimport secrets\n\n# what\nHERE\n"),
    ('"""Doc."""\nHERE\n', '"""Doc."""\n\nimport secrets\n\nHERE\n'),
    ('"""Doc."""\n\nHERE\n', '"""Doc."""\n\nimport secrets\n\nHERE\n'),
    ("from __future__ import annotations\nHERE\n", "from __future__ import annotations\n\nimport secrets\n\nHERE\n"),
    (
        '"""Doc."""\n\nfrom __future__ import annotations\n\nimport os\n\nHERE\n',
        '"""Doc."""\n\nfrom __future__ import annotations\n\nimport os\nimport secrets\n\nHERE\n',
    ),
    ("import os\nHERE\n", "import os\nimport secrets\nHERE\n"),
    ("import os\nimport sys\nHERE\n", "import os\nimport secrets\nimport sys\nHERE\n"),
    ("import sys\nHERE\n", "import secrets\nimport sys\nHERE\n"),
    ("from os import path\nHERE\n", "import secrets\nfrom os import path\nHERE\n"),
    ("import requests\nHERE\n", "import secrets\n\nimport requests\nHERE\n"),
    ("# 1\n\n# others\nimport requests\nHERE\n", "# 1\n\nimport secrets\n\n# others\nimport requests\nHERE\n"),
    ('"""a\n# b"""\nimport requests\nHERE\n', '"""a\n# b"""\nimport secrets\n\nimport requests\nHERE\n'),
    ("import os  # noqa\n\nimport requests\nHERE\n", "import os  # noqa\nimport secrets\n\nimport requests\nHERE\n"),
    ("import os; import re\nHERE\n", "import os; import re\nimport secrets\nHERE\n"),
    ("import os; x = [\n1]\nHERE\n", "import os; x = [\n1]\nimport secrets\nHERE\n"),
    ("from a import (\n  b,\n)\nHERE\n", "import secrets\n\nfrom a import (\n  b,\n)\nHERE\n"),
    ("import os; HERE\n", "import secrets\nimport os; HERE\n"),
    ("import sys; HERE\n", "import secrets\nimport sys; HERE\n"),
    ("import os; f = lambda: HERE", "import os; f = lambda: HERE\nimport secrets\n"),
    ("import os\r\nHERE\r\n", "import os\r\nimport secrets\r\nHERE\r\n"),
    ("def f(): HERE\nimport os", "def f(): HERE\nimport os\nimport secrets\n"),
    ("HERE\nimport os\n", "import secrets\n\nHERE\nimport os\n"),
    ("try:\n    import os\nexcept E: pass\nHERE\n", "import secrets\n\ntry:\n    import os\nexcept E: pass\nHERE\n"),
    ("x = f(a)\n\n\nimport os\nHERE\n", "x = f(a)\n\n\nimport os\nimport secrets\nHERE\n"),
]


@pytest.mark.parametrize(("before", "after"), ADDED)
def test_an_import_is_added_where_it_belongs(before: str, after: str) -> None:
    assert referred(before, "secrets:choice") == ("secrets.choice", after)


def test_a_library_of_others_stands_between_the_standard_ones_and_the_own() -> None:
    before = "import os\n\nfrom mine import a\nHERE\n"
    after = "import os\n\nimport defusedxml.ElementTree\n\nfrom mine import a\nHERE\n"
    assert referred(before, "defusedxml.ElementTree:parse") == ("defusedxml.ElementTree.parse", after)
    before = "from . import a\nHERE\n"
    assert referred(before, "yaml:load") == ("yaml.load", "import yaml\n\nfrom . import a\nHERE\n")


def test_a_package_that_is_imported_does_not_bring_its_modules() -> None:
    for before in ("import xml\nHERE\n", "import xml.dom\nHERE\n"):
        text, after = referred(before, "xml.etree.ElementTree:parse")
        assert text == "xml.etree.ElementTree.parse"
        assert "import xml.etree.ElementTree\n" in after
    assert referred("import xml as x\nHERE\n", "xml.sax:parse")[0] == "xml.sax.parse"


EXTENDED = [
    ("from m import a\nHERE\n", "from m import a, c\nHERE\n"),
    ("from m import a, d  # noqa\nHERE\n", "from m import a, c, d  # noqa\nHERE\n"),
    ("from m import d, a\nHERE\n", "from m import d, a, c\nHERE\n"),
    ("from m import a as b, d as e\nHERE\n", "from m import a as b, c, d as e\nHERE\n"),
    ("from m import a; x = 1\nHERE\n", "from m import a, c; x = 1\nHERE\n"),
    ("from m import a, \\\n    b\nHERE\n", "from m import a, \\\n    b, c\nHERE\n"),
    ("from m import b, \\\n    d\nHERE\n", "from m import b, \\\n    c, d\nHERE\n"),
    ("from m import (a, b)\nHERE\n", "from m import (a, b, c)\nHERE\n"),
    ("from m import (a, b,\n    d, e)\nHERE\n", "from m import (a, b,\n    c, d, e)\nHERE\n"),
    ("from m import (a,\n               d)\nHERE\n", "from m import (a,\n               c,\n               d)\nHERE\n"),
    ("from m import (a,\n               b)\nHERE\n", "from m import (a,\n               b,\n               c)\nHERE\n"),
    ("from m import (\n    a,\n    b,\n)\nHERE\n", "from m import (\n    a,\n    b,\n    c,\n)\nHERE\n"),
    ("from m import (\n    a,\n    b\n)\nHERE\n", "from m import (\n    a,\n    b,\n    c\n)\nHERE\n"),
    ("from m import (\n    a,\n)\nHERE\n", "from m import (\n    a,\n    c,\n)\nHERE\n"),
    (
        "from m import (  # one\n    a,  # two\n    d,  # three\n)\nHERE\n",
        "from m import (  # one\n    a,  # two\n    c,\n    d,  # three\n)\nHERE\n",
    ),
    (
        "from m import (\n    a,  # two\n    b  # three\n)\nHERE\n",
        "from m import (\n    a,  # two\n    b,  # three\n    c\n)\nHERE\n",
    ),
    (
        "from m import (\n    # first\n    d,\n    e,\n)\nHERE\n",
        "from m import (\n    c,\n    # first\n    d,\n    e,\n)\nHERE\n",
    ),
    (
        "from m import (\r\n    a,\r\n    # last\r\n    d,\r\n)\r\nHERE\r\n",
        "from m import (\r\n    a,\r\n    c,\r\n    # last\r\n    d,\r\n)\r\nHERE\r\n",
    ),
    ("from m import (d,\n    e)\nHERE\n", "from m import (c,\n    d,\n    e)\nHERE\n"),
]


@pytest.mark.parametrize(("before", "after"), EXTENDED)
def test_a_name_joins_those_of_its_library(before: str, after: str) -> None:
    assert referred(before, "m:c") == ("c", after)


NOT_EXTENDED = [
    ("from m import *\nHERE\n", None),
    ("from m import a\nc = 1\nHERE\n", "m.c"),
    ("from .m import a\nHERE\n", "m.c"),
    ("HERE\nfrom m import a\n", "m.c"),
    ("from m import (\n    a\n    ,\n    d,\n)\nHERE\n", "m.c"),
    ("if x:\n    from m import a\nHERE\n", "m.c"),
]


@pytest.mark.parametrize(("before", "text"), NOT_EXTENDED)
def test_a_name_that_cannot_join(before: str, text: str | None) -> None:
    assert referred(before, "m:c")[0] == text


FROM = [
    ("HERE\n", "from a.b.c import d\n\nHERE\n"),
    (
        "from a.b import x\nfrom a.z import y\nHERE\n",
        "from a.b import x\nfrom a.b.c import d\nfrom a.z import y\nHERE\n",
    ),
    ("import z\nHERE\n", "import z\nfrom a.b.c import d\nHERE\n"),
    ("import os\nHERE\n", "import os\n\nfrom a.b.c import d\nHERE\n"),
]


@pytest.mark.parametrize(("before", "after"), FROM)
def test_a_long_name_of_a_library_is_imported_by_its_last_word(before: str, after: str) -> None:
    assert referred(before, "a.b.c:d") == ("d", after)


def test_a_long_name_is_written_out_where_its_last_word_is_taken() -> None:
    assert referred("d = 1\nHERE\n", "a.b.c:d")[0] == "a.b.c.d"
