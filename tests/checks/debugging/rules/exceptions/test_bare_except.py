import pytest

from checks.debugging.rules.exceptions.bare_except import RULE
from tests.rulecases import check_fixed, check_left, check_silent

FIXED = [
    (
        """
        try:
            a()
        except:  # why
            b = 1
        """,
        """
        try:
            a()
        except Exception:  # why
            b = 1
        """,
    ),
    (
        "def f():\n\ttry:\n\t\treturn a()\n\texcept :\n\t\tlog.exception('no')\n\t\treturn None\n",
        "def f():\n\ttry:\n\t\treturn a()\n\texcept Exception :\n\t\tlog.exception('no')\n\t\treturn None\n",
    ),
    (
        """
        try:
            a()
        except KeyError:
            b = 2
        except: b = 1
        """,
        """
        try:
            a()
        except KeyError:
            b = 2
        except Exception: b = 1
        """,
    ),
    (
        """
        try:
            a()
        except:
            close()
            raise
        """,
        """
        try:
            a()
        except BaseException:
            close()
            raise
        """,
    ),
    (
        """
        try:
            a()
        except:
            if b:
                raise
            else:
                c()
                raise
        """,
        """
        try:
            a()
        except BaseException:
            if b:
                raise
            else:
                c()
                raise
        """,
    ),
    (
        """
        try:
            def f():
                yield 1
        except:
            pass
        """,
        """
        try:
            def f():
                yield 1
        except Exception:
            pass
        """,
    ),
]

SILENT = [
    "class A:\n    def __del__(self):\n        try:\n            self.close()\n        except:\n            pass\n",
    """
        try:
            a()
        except Exception:
            pass
        """,
    """
        try:
            a()
        except BaseException:
            pass
        """,
    """
        try:
            a()
        except (KeyError, ValueError):
            pass
        """,
    """
        try:
            a()
        finally:
            b()
        """,
    """
        try:
            a()
        except* ValueError:
            pass
        """,
    "text = 'except:'\n",
]

LEFT = [
    """
        import sys
        try:
            a()
            sys.exit(0)
        except:
            pass
        """,
    """
        try:
            raise SystemExit(1)
        except:
            pass
        """,
    """
        def f():
            try:
                yield 1
            except:
                pass
        """,
    """
        async def f():
            try:
                await a()
            except:
                pass
        """,
    """
        try:
            a()
        except:
            if b:
                raise
        """,
    """
        try:
            a()
        except Exception:
            b()
        except:
            pass
        """,
    """
        try:
            a()
        except:
            server.shutdown()
        """,
    """
        try:
            a()
        except:
            future.set_exception(1)
        """,
    """
        import sys
        try:
            a()
        except:
            e = sys.exc_info()[1]
        """,
    """
        try:
            a()
        except:
            del b[0]
        """,
    """
        try:
            exec(code)
        except:
            pass
        """,
    """
        import os
        def f():
            try:
                os.execv(a, b)
            except:
                print(1)
            finally:
                os._exit(127)
        """,
    """
        class Stop(BaseException):
            pass
        try:
            a()
        except:
            pass
        """,
    """
        from mine import Exception
        try:
            a()
        except:
            pass
        """,
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
