import pytest

from checks.risk.weakened import found
from tests.changed import BASE, change

OLD = """import pytest


def test_a():
    assert f(1) == 2
    assert f(2) == 3
"""


def seen(new: str | None, old: str | None = OLD, path: str = "tests/test_x.py") -> list[str]:
    before = BASE | ({path: old} if old is not None else {})
    after = BASE | ({path: new} if new is not None else {})
    things, left = found(change(before, after))
    assert left == ()
    return [each.what.removeprefix("test_a ") for each in things if each.firm]


@pytest.mark.parametrize(
    ("new", "expected"),
    [
        (OLD.replace("    assert f(2) == 3\n", ""), "lost 1 assertion"),
        ("import pytest\n", "is gone"),
        (OLD.replace("def test_a", "def _test_a"), "is gone"),
        (OLD.replace("def test_a", "def check_a"), "is gone"),
        (OLD + "\n\ntest_b = 1\n\n\ndef test_a():\n    pass\n", "lost 2 assertions"),  # hides the one above
        (
            OLD.replace("def test_a", "@pytest.mark.skip\ndef test_a"),
            "is skipped, excused or run under a new condition",
        ),
        (
            OLD.replace("def test_a", "@pytest.mark.skipif(True, reason='')\ndef test_a"),
            "is skipped, excused or run under a new condition",
        ),
        (
            OLD.replace("def test_a", "@pytest.mark.xfail\ndef test_a"),
            "is skipped, excused or run under a new condition",
        ),
        (
            OLD.replace("def test_a", "@unittest.skip('')\ndef test_a"),
            "is skipped, excused or run under a new condition",
        ),
        (
            OLD.replace("def test_a", "pytestmark = pytest.mark.skip\n\n\ndef test_a"),
            "is skipped, excused or run under a new condition",
        ),
        (
            OLD.replace("def test_a", "pytestmark = [pytest.mark.xfail]\n\n\ndef test_a"),
            "is skipped, excused or run under a new condition",
        ),
        (OLD.replace("    assert f(1)", "    pytest.skip('no')\n    assert f(1)"), "skips itself"),
        (OLD.replace("    assert f(1)", "    pytest.importorskip('no')\n    assert f(1)"), "skips itself"),
        (OLD.replace("    assert f(1)", "    raise unittest.SkipTest('')\n    assert f(1)"), "skips itself"),
        (OLD.replace("    assert f(1)", "    return\n    assert f(1)"), "returns before its last assertion"),
        (
            OLD.replace("def test_a", "slow = pytest.mark.skipif(True, reason='')\n\n\n@slow\ndef test_a"),
            "is skipped, excused or run under a new condition",
        ),
        (
            OLD.replace("def test_a", "@skip_on_linux\ndef test_a"),
            "is skipped, excused or run under a new condition",
        ),
        (OLD + "\n\ndel test_a\n", "is gone"),
        (OLD + "\n\ntest_a = None\n", "is gone"),
        (OLD + "\n\ntest_a.__test__ = False\n", "is gone"),
        (OLD.replace("assert f(2) == 3", "assert len(f(2)) == 3"), "asserts less"),
        (OLD.replace("assert f(2) == 3", "assert set(f(2)) == {3}"), "asserts less"),
        (OLD.replace("assert f(2) == 3", "assert f(2) in (3, 4)"), "asserts less"),
        (OLD.replace("assert f(2) == 3", "assert f(2) >= 3"), "asserts less"),
        (OLD.replace("assert f(2) == 3", "assert f(2)"), "asserts less"),
        (OLD.replace("assert f(2) == 3", "assert f(2) is not None"), "asserts less"),
        (OLD.replace("assert f(2) == 3", "assert isinstance(f(2), int)"), "asserts less"),
        (OLD.replace("assert f(2) == 3", "assert f(2) == pytest.approx(3)"), "asserts less"),
        (OLD.replace("assert f(2) == 3", "assert f(2) == 3 or True"), "lost 1 assertion"),
        (OLD.replace("assert f(2) == 3", "assert f(2) == 3 or f(2) == 4"), "asserts less"),
        (OLD.replace("assert f(2) == 3", "assert f(2) != 4"), "asserts less"),
        (OLD.replace("assert f(2) == 3", "assert f(2) == ANY"), "asserts less"),
        (OLD.replace("assert f(2) == 3", "assert True"), "lost 1 assertion"),
        (OLD.replace("assert f(2) == 3", "assert (f(2) == 3, 'why')"), "lost 1 assertion"),
        (OLD.replace("assert f(2) == 3", "assert f(2) == f(2)"), "lost 1 assertion"),
        (
            OLD.replace(
                "    assert f(2) == 3", "    try:\n        assert f(2) == 3\n    except Exception:\n        pass"
            ),
            "asserts within try or suppress",
        ),
        (
            OLD.replace("    assert f(2) == 3", "    with suppress(Exception):\n        assert f(2) == 3"),
            "asserts within try or suppress",
        ),
        (OLD.replace("    assert f(2) == 3", "    if x:\n        assert f(2) == 3"), "asserts under a condition"),
        (OLD.replace("    assert f(2) == 3", "    while x:\n        assert f(2) == 3"), "asserts under a condition"),
    ],
)
def test_a_weaker_test_is_seen(new: str, expected: str) -> None:
    assert expected in seen(new)


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        ("with pytest.raises(KeyError): f()", "with pytest.raises(Exception): f()", "expects a broader exception"),
        (
            "with pytest.raises(KeyError): f()",
            "with pytest.raises((KeyError, OSError)): f()",
            "expects a broader exception",
        ),
        (
            "with pytest.raises(KeyError, match='a'): f()",
            "with pytest.raises(KeyError): f()",
            "no longer looks at the exception's message",
        ),
        ("with self.assertRaises(KeyError): f()", "f()", "lost 1 assertion"),
        ("assert f() == approx(1, abs=1e-6)", "assert f() == approx(1, abs=1e-3)", "tolerates more"),
        ("assert f() == approx(1, 1e-6)", "assert f() == approx(1, 1e-3)", "tolerates more"),
        ("self.assertAlmostEqual(f(), 1, places=7)", "self.assertAlmostEqual(f(), 1, places=2)", "tolerates more"),
        ("np.testing.assert_allclose(a, b, rtol=1e-7)", "np.testing.assert_allclose(a, b, rtol=1)", "tolerates more"),
        ("self.assertEqual(f(), 1)", "self.assertTrue(f())", "asserts less"),
        ("self.assertEqual(f(), 1)", "self.assertTrue(True)", "lost 1 assertion"),
        ("self.assertEqual(f(), 1)", "self.assertIsInstance(f(), int)", "asserts less"),
        ("m.assert_called_once_with(1)", "m.assert_called()", "asserts less"),
        ("assert f() == 1", "self.assertIn(f(), (1, 2))", "asserts less"),
        ("assert f()", "assert 'x'", "lost 1 assertion"),
    ],
)
def test_a_looser_assertion_is_seen(old: str, new: str, expected: str) -> None:
    before, after = (f"def test_a():\n    {each}\n" for each in (old, new))
    assert seen(after, before) == [expected]
    assert seen(before, after) == []


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        ("[1, 2, 3]", "[1, 2]", "has 2 parameter sets instead of 3"),
        ("[1, 2]", "[1]", "has 1 parameter set instead of 2"),
        ("[1, 2]", "[1, pytest.param(2, marks=pytest.mark.skip)]", "is skipped, excused or run under a new condition"),
    ],
)
def test_parameter_sets(old: str, new: str, expected: str) -> None:
    before, after = (f"@pytest.mark.parametrize('a', {e})\ndef test_a(a):\n    assert f(a) == 1\n" for e in (old, new))
    assert seen(after, before) == [expected]


def test_time_limits() -> None:
    text = "@pytest.mark.timeout({})\ndef test_a():\n    assert f() == 1\n"
    assert seen(text.format(60), text.format(5)) == ["may take 60 s instead of 5 s"]
    assert seen(text.format(5), text.format(60)) == []
    assert seen("def test_a():\n    assert f() == 1\n", text.format(5)) == ["has no time limit any more"]


CLASS = "class TestA:\n    def test_m(self):\n        assert f() == 1\n"


@pytest.mark.parametrize(
    ("new", "expected"),
    [
        (CLASS.replace("TestA", "A"), "TestA.test_m is gone"),
        (CLASS + "    __test__ = False\n", "TestA.test_m is gone"),
        (CLASS + "    def __init__(self): ...\n", "TestA.test_m is gone"),
        ("@pytest.mark.skip\n" + CLASS, "TestA.test_m is skipped, excused or run under a new condition"),
        (
            CLASS.replace("    def", "    pytestmark = pytest.mark.xfail\n\n    def"),
            "TestA.test_m is skipped, excused or run under a new condition",
        ),
        ("if sys.platform == 'x':\n" + "".join(f"    {line}\n" for line in CLASS.splitlines()),
         "TestA.test_m is skipped, excused or run under a new condition"),
    ],
)  # fmt: skip
def test_classes_of_tests(new: str, expected: str) -> None:
    assert seen(new, CLASS) == [expected]


@pytest.mark.parametrize(
    "new",
    [
        OLD.replace("    assert f(1)", "    x = 1\n    assert f(1)"),
        OLD + "\n\ndef test_b():\n    assert 1\n",
        OLD + "    assert f(3) == 4\n",
        OLD.replace("assert f(2) == 3", "assert f(2) == 4"),  # another expectation: only mentioned
        OLD.replace("def test_a", "def test_renamed"),
        OLD.replace("def test_a", "@pytest.mark.slow\ndef test_a"),
        "# a comment\n" + OLD,
        OLD.replace("    assert f(2) == 3", "    for x in y:\n        assert f(2) == 3"),
        OLD + "    if x:\n        assert f(4) == 5\n",
        OLD.replace("    assert f(1)", "    def g():\n        return 1\n\n    assert f(1)"),
    ],
)
def test_what_is_no_weaker_is_not_called_so(new: str) -> None:
    assert seen(new) == []


def test_a_test_that_moved_is_nothing() -> None:
    before = BASE | {"tests/test_x.py": OLD, "tests/test_y.py": "import pytest\n"}
    after = BASE | {"tests/test_x.py": "import pytest\n", "tests/test_y.py": OLD}
    assert found(change(before, after)) == ((), ())
    gone = {path: text for path, text in after.items() if path != "tests/test_x.py"}
    assert found(change(before, gone)) == ((), ())
    renamed = BASE | {"tests/unit/test_z.py": OLD}
    renames = {"tests/unit/test_z.py": "tests/test_x.py"}
    assert found(change(BASE | {"tests/test_x.py": OLD}, renamed, renames)) == ((), ())


def test_a_test_that_moved_where_nobody_collects_it_is_gone() -> None:
    before = BASE | {"tests/test_x.py": OLD}
    after = BASE | {"tests/x.py": OLD}
    assert [each.what for each in found(change(before, after))[0]] == ["test_a is gone"]
    assert [each.what for each in found(change(before, after, {"tests/x.py": "tests/test_x.py"}))[0]] == [
        "test_a is gone"
    ]


def test_a_test_that_moved_and_lost_something_is_weaker() -> None:
    before = BASE | {"tests/test_x.py": OLD}
    after = BASE | {"tests/test_y.py": OLD.replace("    assert f(2) == 3\n", "")}
    things = found(change(before, after))[0]
    assert [(each.path, each.what) for each in things] == [("tests/test_y.py", "test_a lost 1 assertion")]


def test_another_expectation_is_mentioned() -> None:
    things, _ = found(change(BASE | {"tests/test_x.py": OLD}, BASE | {"tests/test_x.py": OLD.replace("== 3", "== 4")}))
    assert [(each.what, each.firm, each.line) for each in things] == [("test_a expects something else", False, 6)]


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        ("", "collect_ignore = ['test_a.py']\n", "collect_ignore is new"),
        ("collect_ignore = ['a']\n", "collect_ignore = ['a', 'b']\n", "collect_ignore is changed"),
        ("", "def pytest_collection_modifyitems(items): items.clear()\n", "hook pytest_collection_modifyitems is new"),
        ("", "@pytest.fixture(autouse=True)\ndef quiet(): ...\n", "autouse fixture quiet is new"),
        ("@pytest.fixture(autouse=True)\ndef quiet(): ...\n", "", "autouse fixture quiet is gone"),
        ("", "pytest_plugins = ['x']\n", "pytest_plugins is new"),
    ],
)
def test_what_steers_other_tests_is_seen(old: str, new: str, expected: str) -> None:
    assert seen(new or "# nothing\n", old or "# none\n", "tests/conftest.py") == [expected]


def test_what_does_not_parse_is_left() -> None:
    assert found(change(BASE, BASE | {"tests/test_cart.py": "def (\n"}))[1] == ("tests/test_cart.py",)


@pytest.mark.parametrize("loose", ["''", "'.*'", "None"])
def test_a_message_that_may_be_anything_is_not_looked_at(loose: str) -> None:
    old = "def test_a():\n    with pytest.raises(KeyError, match='x'):\n        g()\n"
    assert seen(old.replace("'x'", loose), old) == ["no longer looks at the exception's message"]
