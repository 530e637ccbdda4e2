import pytest

from checks.debugging.rules.leftovers.mock_assertion_never_made import RULE
from tests.rulecases import check_fixed, check_left, check_silent

MOCK = "from unittest.mock import MagicMock, Mock, patch\nm = Mock()\n"

FIXED = [
    (
        "from unittest import mock\nclass A:\n    @mock.patch.object(X, 'y')\n"
        "    def test(self, m):\n        m.assert_called\n",
        "from unittest import mock\nclass A:\n    @mock.patch.object(X, 'y')\n"
        "    def test(self, m):\n        m.assert_called()\n",
    ),
    (MOCK + "m.assert_called_once\n", MOCK + "m.assert_called_once()\n"),
    (MOCK + "m.a.b.assert_not_called  # why\n", MOCK + "m.a.b.assert_not_called()  # why\n"),
    (MOCK + "m.called_once_with(1, a=2)\n", MOCK + "m.assert_called_once_with(1, a=2)\n"),
    (MOCK + "assert m.called_once_with(\n    1,\n)\n", MOCK + "m.assert_called_once_with(\n    1,\n)\n"),
    (MOCK + "assert m.called_once\n", MOCK + "m.assert_called_once()\n"),
    (MOCK + "m.a.has_calls([1])\n", MOCK + "m.a.assert_has_calls([1])\n"),
    (
        "from unittest import mock\nwith mock.patch('a.b') as m:\n    m.called_once_with(1)\n",
        "from unittest import mock\nwith mock.patch('a.b') as m:\n    m.assert_called_once_with(1)\n",
    ),
    (
        (
            "import mock\nclass A:\n    def setUp(self): self.m = mock.Mock()\n"
            "    def test(self): self.m.x.assert_called\n"
        ),
        (
            "import mock\nclass A:\n    def setUp(self): self.m = mock.Mock()\n"
            "    def test(self): self.m.x.assert_called()\n"
        ),
    ),
]

SILENT = [
    MOCK + "m.assert_called_once()\n",
    MOCK + "m.assert_called_once_with(1)\n",
    MOCK + "assert m.called\n",
    MOCK + "m.called\n",
    MOCK + "x = m.called_with(1)\n",
    MOCK + "m.send(1)\n",
    "from unittest import mock\ndef f(m): m.called_once_with(1)\n",
    "from mine import Mock\nm = Mock()\nm.called_once_with(1)\nimport mock\n",
    "from unittest import mock\nwith mock.patch('a.b', Fake()) as m:\n    m.called_once_with(1)\n",
    "from unittest import mock\nwith mock.patch('a.b', new=Fake()) as m:\n    m.called_once_with(1)\n",
    "from unittest import mock\nm = mock.patch('a.b')\nm.called_once_with(1)\n",
    "from unittest import mock\nm = mock.Mock()\nm = Recorder()\nassert m.not_called()\n",
    "import mock\nm = api()\nassert m.assert_called_once\n",
    "import mock\nm = api()\nm.called_once_with(1)\n",
]

LEFT = [
    "import mock\nm = api()\nm.assert_called_once\n",
    "from unittest import mock\n@mock.patch('a.b', new=3)\ndef test(m):\n    m.assert_called\n",
    "from unittest import mock\n@mock.patch('a.b')\n@mock.patch('a.c')\ndef test(c, b):\n    b.assert_called\n",
    MOCK + "m.assert_called_with\n",
    MOCK + "assert m.assert_called_once\n",
    MOCK + "assert m.called_with(1), 'why'\n",
    MOCK + "assert m.called_with\n",
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
