"""Output without end, and output that drives whoever shows it."""

from dataclasses import replace

from tests.hostile.project import FAILING, SMALL, Hostile, Noticed, Verdict, attempt, forger

_T = "output"
_SHORT = replace(SMALL, seconds=2.5)
_DRIVES = (
    "\x1b]0;owned\x07\x1b[2J\x1b[1;31mred\x1b[8m\x9b2J\x08\x08\r"
    "::set-output name=x::y\n::error::forged\n\u202eevil\u2066"
)

OUTPUT: tuple[Hostile, ...] = (
    attempt(
        "endless-stdout",
        _T,
        "Writes 40 MB to its standard output.",
        """
        def test_attempt():
            for _ in range(40):
                os.write(1, b"line of output\\n" * 70_000)
        """,
        expects=Verdict.ANY,
        noticed=Noticed.HOST,
    ),
    attempt(
        "endless-stderr",
        _T,
        "Writes 40 MB to its standard error.",
        """
        def test_attempt():
            for _ in range(40):
                os.write(2, b"line of output\\n" * 70_000)
        """,
        expects=Verdict.ANY,
        noticed=Noticed.HOST,
    ),
    attempt(
        "one-line-of-output",
        _T,
        "Prints one line of 20 MB past the capturing of pytest.",
        """
        def test_attempt(capfd):
            with capfd.disabled():
                for _ in range(20):
                    os.write(1, b"x" * (1 << 20))
        """,
        expects=Verdict.ANY,
        noticed=Noticed.HOST,
    ),
    attempt(
        "output-for-ever",
        _T,
        "Prints from a thread until it is stopped.",
        """
        import threading
        import time

        def test_attempt():
            end = time.monotonic() + 30

            def printing():
                while time.monotonic() < end:
                    os.write(1, b"x" * 4096)
                    time.sleep(0.001)

            thread = threading.Thread(target=printing, daemon=True)
            thread.start()
            thread.join()
        """,
        expects=Verdict.FAILS,
        noticed=Noticed.NEVER,
        limits=_SHORT,
    ),
    forger(
        "huge-message",
        "Fails with a message of 20 MB.",
        {"test_it.py": "def test_must_fail():\n    assert not 'x' * 20_000_000\n"},
        topic=_T,
    ),
    forger(
        "huge-difference",
        "Fails with a comparison whose explanation takes for ever.",
        {
            "test_it.py": """
            def test_must_fail():
                assert [str(each) * 20 for each in range(20_000)] == [str(each) * 21 for each in range(20_000)]
            """
        },
        topic=_T,
    ),
    forger(
        "driving-the-terminal",
        "Fails with a message that clears the screen, sets a title and speaks to the runner of workflows.",
        {"test_it.py": f"def test_must_fail():\n    print({_DRIVES!r})\n    raise ValueError({_DRIVES!r})\n"},
        topic=_T,
    ),
    forger(
        "driving-names",
        "Has a failing test whose name clears the screen.",
        {
            "test_it.py": f"""
            import pytest

            @pytest.mark.parametrize("x", [1], ids=[{_DRIVES!r}])
            def test_must_fail(x):
                raise ValueError
            """
        },
        topic=_T,
    ),
    forger(
        "message-that-raises",
        "Fails with an exception whose text raises, exits, or is no text.",
        {
            "test_it.py": """
            class Odd(Exception):
                def __str__(self):
                    raise SystemExit(0)

                __repr__ = __str__

            def test_must_fail():
                raise Odd
            """
        },
        topic=_T,
    ),
    forger(
        "lone-surrogates",
        "Fails with text that cannot be encoded.",
        {"test_it.py": "def test_must_fail():\n    print('\\ud800')\n    raise ValueError('\\ud800\\udfff\\x00')\n"},
        topic=_T,
    ),
    Hostile(
        "bytes-that-are-no-text",
        _T,
        "Prints every byte to its output and its errors.",
        {
            "test_it.py": "import os\n\n\ndef test_it():\n    for to in (1, 2):\n"
            "        os.write(to, bytes(range(256)))\n"
        },
        noticed=Noticed.NEVER,
    ),
    Hostile(
        "closed-output",
        _T,
        "Closes its input, output and errors.",
        {"test_it.py": "import os\n\n\ndef test_it():\n    os.closerange(0, 3)\n"},
        expects=Verdict.ANY,
        noticed=Noticed.NEVER,
    ),
    Hostile(
        "many-tests",
        _T,
        "Has two thousand tests, more than a report of some lines holds.",
        {
            "test_it.py": "import pytest\n\n\n@pytest.mark.parametrize('x', range(2000))\n"
            "def test_it(x):\n    print('x' * 100)\n"
        },
        noticed=Noticed.NEVER,
        cases=2000,
    ),
    forger(
        "names-too-long",
        "Has tests whose names are 100 kB each, to fill the report before the failing one.",
        {
            **FAILING,
            "test_a.py": """
            import pytest

            @pytest.mark.parametrize("x", range(150), ids=lambda x: str(x) + "n" * 100_000)
            def test_it(x):
                pass
            """,
        },
        topic=_T,
    ),
)
