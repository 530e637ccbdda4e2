import pytest

from checks.debugging.rules.removed.removed_unittest_alias import RULE
from tests.rulecases import check_fixed, check_left, check_silent

CASE = "import unittest\nclass A(unittest.TestCase):\n    def test(self):\n        "

FIXED = [
    (CASE + "self.assertEquals(1, x)\n", CASE + "self.assertEqual(1, x)\n"),
    (CASE + "self.assert_(x)\n", CASE + "self.assertTrue(x)\n"),
    (CASE + "self.assertItemsEqual(x, y)\n", CASE + "self.assertCountEqual(x, y)\n"),
    (CASE + "with self.assertRaisesRegexp(E, 'a'): f()\n", CASE + "with self.assertRaisesRegex(E, 'a'): f()\n"),
    (CASE + "check = self.failUnless\n        check(x)\n", CASE + "check = self.assertTrue\n        check(x)\n"),
    (
        (
            "from unittest import TestCase as T\nclass A(T):\n    pass\nclass B(A):\n"
            "    async def f(self):\n        self.assertNotEquals(1, 2)\n"
        ),
        (
            "from unittest import TestCase as T\nclass A(T):\n    pass\n"
            "class B(A):\n    async def f(self):\n        self.assertNotEqual(1, 2)\n"
        ),
    ),
    (
        (
            "from base import SlowTestCase\nclass A(Mixin, SlowTestCase):\n"
            "    def f(self):\n        self.assertEquals(1, 2)\n"
        ),
        (
            "from base import SlowTestCase\nclass A(Mixin, SlowTestCase):\n"
            "    def f(self):\n        self.assertEqual(1, 2)\n"
        ),
    ),
]

SILENT = [
    CASE + "self.assertEqual(1, x)\n",
    CASE + "other.assertEquals(1, x)\n",
    CASE + "self.assertEquals = 1\n",
    CASE + "self.x.assertEquals(1, 2)\n",
    CASE + "if hasattr(self, 'assertItemsEqual'):\n            self.assertItemsEqual(x, y)\n",
    "class A:\n    def f(self):\n        self.assertEquals(1, 2)\n",
    "class A(Mixin):\n    def f(self):\n        self.assertEquals(1, 2)\n",
    "def f(self):\n    self.assertEquals(1, 2)\n",
    CASE + "self.assertItemsEqual(x, y)\n    def assertItemsEqual(self, a, b): pass\n",
    CASE + "self.assertItemsEqual(x, y)\n    assertItemsEqual = unittest.TestCase.assertCountEqual\n",
    CASE + "self.assertEquals(x, y)\n    def __getattr__(self, name): pass\n",
    (
        "import unittest\nclass M:\n    def assert_(self, x): pass\n"
        "class A(M, unittest.TestCase):\n    def f(self): self.assert_(1)\n"
    ),
    "from twisted.trial import unittest\nclass A(unittest.TestCase):\n    def f(self): self.assertEquals(1, 2)\n",
]

LEFT = [
    "from base import TestCase\nclass A(TestCase):\n    def f(self): self.assertItemsEqual(1, 2)\n",
    CASE + "self.assertRegexpMatches(x, expected_regexp=y)\n",
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
