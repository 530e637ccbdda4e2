import pytest

from checks.risk.proof.added import only
from checks.risk.proof.readers import Scan
from tests.changed import BASE, change

OLD = """import os

LIMIT = 3


def test_a():
    assert os.sep


class TestB:
    def test_b(self):
        assert LIMIT
"""
NEW = "\n\ndef test_new():\n    assert 1 + 1 == 2\n"


def proved(new: str, old: str | None = OLD, path: str = "tests/test_x.py", **more: str) -> bool:
    extra = {name.replace("__", "/") + ".py": text for name, text in more.items()}
    before = BASE | extra | ({path: old} if old is not None else {})
    of = change(before, before | {path: new})
    return only(path, None if old is None else old.encode(), new.encode(), Scan(of))


@pytest.mark.parametrize(
    "new",
    [
        OLD + NEW,
        NEW.lstrip() + "\n\n" + OLD,
        OLD.replace("import os\n", "import os\nimport json\n") + NEW,
        OLD.replace("import os\n", "import os\nfrom shop import cart\n") + NEW,
        OLD + "    def test_c(self):\n        assert 2 == 2\n",
        OLD + "\n\nclass TestC:\n    x = 1\n\n    def test_d(self):\n        assert self.x == 1\n",
        OLD
        + "\n\nCASES = [(1, 2), (3, 4)]\n\n\n@pytest.mark.parametrize('a', CASES)\ndef test_e(a):\n    assert a == a\n",
        OLD + "\n\ndef helper():\n    return 1\n" + NEW,
        OLD + "\n\n@pytest.mark.parametrize('a', [1])\n@mock.patch('os.remove')\ndef test_g(gone, a):\n    assert a\n",
        OLD + "\n\nasync def test_f():\n    assert 1 == 1\n",
    ],
)
def test_tests_are_added(new: str) -> None:
    assert proved(new)
    assert proved(new, None)


@pytest.mark.parametrize(
    "new",
    [
        OLD.replace("assert os.sep", "pass") + NEW,
        OLD.replace("LIMIT = 3", "LIMIT = 4") + NEW,
        OLD + "\n\ndef test_a():\n    pass\n",  # hides the one above
        OLD + "\n\ntest_a = None\n",
        OLD + "\n\nclass TestB:\n    def test_c(self):\n        assert 1\n",
        OLD + "    def test_b(self):\n        pass\n",
        OLD + "\n\nfrom other import LIMIT\n" + NEW,
        OLD + "\n\nimport json as os\n" + NEW,
        OLD + "\n\nfrom other import *\n" + NEW,
        OLD + "\n\ndel test_a\n" + NEW,
        OLD + "\n\npytestmark = pytest.mark.skip\n" + NEW,
        OLD + "\n\npytest_plugins = ['evil']\n" + NEW,
        OLD + "\n\ndef pytest_collection_modifyitems(items):\n    items.clear()\n" + NEW,
        OLD + "\n\ndef setup_module():\n    pass\n" + NEW,
        OLD + "    def setup_method(self):\n        pass\n\n    def test_c(self):\n        assert 1\n",
        OLD + "\n\n@pytest.fixture(autouse=True)\ndef quiet():\n    yield\n" + NEW,
        # a fixture by another name, and what happens when the module is imported
        OLD + "\n\nfx = pytest.fixture\n\n\n@fx(autouse=True)\ndef quiet():\n    yield\n" + NEW,
        OLD + "\n\n@os.remove\ndef test_new():\n    assert 1\n",
        OLD + "\n\ndef test_new(a=os.remove('x')):\n    assert 1\n",
        OLD + "\n\nclass TestC(os.remove('x')):\n    def test_c(self):\n        assert 1\n",
        OLD + "\n\nos.environ['X'] = '1'\n" + NEW,
        OLD + "\n\nos.remove('x')\n" + NEW,
        OLD + "\n\nx = os.remove('x')\n" + NEW,
        OLD + "\n\nif True:\n    test_a = None\n" + NEW,
        "from __future__ import annotations\n" + OLD + NEW,
        OLD.replace("class TestB:", "class TestB(Base):") + NEW,
        OLD + "x = (\n",
        NEW,
    ],
)
def test_anything_else_is_not_proved(new: str) -> None:
    assert not proved(new)


@pytest.mark.parametrize(
    ("path", "more", "expected"),
    [
        ("tests/test_y.py", {}, True),
        ("tests/unit/test_y.py", {}, True),
        ("src/shop/test_y.py", {}, False),
        ("src/shop/test_y.py", {"src__shop__test_z": "def test_z(): ...\n"}, True),
        ("tests/helpers.py", {}, False),
        ("tests/conftest.py", {}, False),
        ("tests/test_y.py", {"src__shop__all": "from tests.test_y import test_new\n"}, False),
        ("tests/test_y.py", {"src__shop__all": "import tests.test_y as t\n"}, False),
    ],
)
def test_a_place_for_tests_that_nobody_imports(path: str, more: dict[str, str], expected: bool) -> None:
    assert proved(NEW, None, path, **more) is expected


def test_a_module_without_tests_is_no_test() -> None:
    assert not proved("x = 1\n", None)
    assert not proved(OLD + "\n\ndef helper():\n    return 1\n".replace("helper", "helper2"), "def helper(): ...\n")


def test_a_new_name_does_not_hide_what_older_tests_look_up() -> None:
    old = OLD.replace("assert os.sep", "assert len(os.sep)")
    assert proved(old + NEW, old)
    assert not proved(old + "\n\ndef len(x):\n    return 1\n" + NEW, old)
    assert not proved(old + "\n\nlen = str\n" + NEW, old)
