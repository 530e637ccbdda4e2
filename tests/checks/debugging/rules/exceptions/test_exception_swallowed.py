import pytest

from checks.debugging.rules.exceptions.exception_swallowed import RULE
from tests.rulecases import check_left, check_silent, found

SILENT = [
    """
        try:
            a()
        except KeyError:
            pass
        """,
    """
        try:
            a()
        except (OSError, ValueError):
            pass
        """,
    """
        try:
            a()
        except Exception:
            log(1)
        """,
    """
        try:
            a()
        except Exception as e:
            raise B from e
        """,
    """
        class A:
            def __del__(self):
                try:
                    self.a()
                except Exception:
                    pass
        """,
    """
        def f():
            try:
                a()
            except Exception:
                return False
        """,
    """
        from mine import Exception
        try:
            a()
        except Exception:
            pass
        """,
    "import contextlib\nwith contextlib.suppress(KeyError):\n    a()\n",
    "from mine import suppress\nwith suppress(Exception):\n    a()\n",
]

LEFT = [
    """
        try:
            a()
        except Exception:
            pass
        """,
    """
        try:
            a()
        except:
            ...
        """,
    """
        for x in y:
            try:
                a(x)
            except Exception:
                continue
        """,
    """
        def f():
            try:
                a()
            except (KeyError, Exception):
                return None
        """,
    """
        def f():
            try:
                a()
            except BaseException:
                return
        """,
    "from contextlib import suppress\nwith suppress(Exception):\n    a()\n",
]


@pytest.mark.parametrize("source", SILENT)
def test_look_alikes(source: str) -> None:
    check_silent(RULE, source)


@pytest.mark.parametrize("source", LEFT)
def test_left(source: str) -> None:
    check_left(RULE, source)


@pytest.mark.parametrize(
    ("source", "severity"),
    [
        ("try:\n    a()\nexcept Exception:\n    pass\n", None),
        ("try:\n    a()\nexcept BaseException:\n    pass\n", "medium"),
        ("try:\n    a()\nexcept Exception:\n    pass  # the peer is gone already\n", "info"),
        ("try:\n    a()\nexcept Exception:\n    # the peer is gone already\n    pass\n", "info"),
        ("try:\n    a()\nexcept Exception:\n    pass\n    # the peer is gone already\n", "info"),
        ("try:\n    a()\nexcept Exception:  # noqa: S110\n    pass\n", None),
        ("try:\n    a.close()\nexcept Exception:\n    pass\n", "info"),
        ("async def f():\n    try:\n        await a.close()\n    except Exception:\n        pass\n", "info"),
        ("try:\n    import a\n    b = None\nexcept Exception:\n    pass\n", "info"),
        ("def f():\n    try:\n        return a()\n    except Exception:\n        pass\n    return b()\n", "info"),
    ],
)
def test_severity_says_how_much_is_hidden(source: str, severity: str | None) -> None:
    assert [f.fault.severity for f in found(RULE, source)] == [severity]
