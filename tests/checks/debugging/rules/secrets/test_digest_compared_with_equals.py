import pytest

from checks.debugging.rules.secrets.digest_compared_with_equals import RULE
from tests.rulecases import check_fixed, check_left, check_silent

FIXED = [
    (
        """
        import hmac
        def f(k, b, s: bytes):
            return hmac.new(k, b, "sha256").digest() == s
        """,
        """
        import hmac
        def f(k, b, s: bytes):
            return hmac.compare_digest(hmac.new(k, b, "sha256").digest(), s)
        """,
    ),
    (
        """
        import hmac
        def f(k, b, s: str):
            if s != hmac.new(k, b, "sha256").hexdigest():
                raise Wrong
        """,
        """
        import hmac
        def f(k, b, s: str):
            if not hmac.compare_digest(s.encode(), hmac.new(k, b, "sha256").hexdigest().encode()):
                raise Wrong
        """,
    ),
    (
        """
        import hmac
        def f(k, b, s: str):
            mine = "sha256=" + hmac.new(k, b, "sha256").hexdigest()
            return a and mine == (s)  # same
        """,
        """
        import hmac
        def f(k, b, s: str):
            mine = "sha256=" + hmac.new(k, b, "sha256").hexdigest()
            return a and hmac.compare_digest(mine.encode(), s.encode())  # same
        """,
    ),
    (
        """
        import hmac
        ok = hmac.new(k, a, h).hexdigest() == hmac.new(k, b, h).hexdigest()
        """,
        """
        import hmac
        ok = hmac.compare_digest(hmac.new(k, a, h).hexdigest(), hmac.new(k, b, h).hexdigest())
        """,
    ),
    (
        "from hmac import new\nok = new(k, a, h).digest() == bytes(x)\n",
        "from hmac import compare_digest, new\nok = compare_digest(new(k, a, h).digest(), bytes(x))\n",
    ),
    (
        """
        import hmac
        def f(k, b, s: str):
            return f"v1={hmac.new(k, b, h).hexdigest()}" == s
        """,
        """
        import hmac
        def f(k, b, s: str):
            return hmac.compare_digest(f"v1={hmac.new(k, b, h).hexdigest()}".encode(), s.encode())
        """,
    ),
]

SILENT = [
    "import hmac\nhmac.compare_digest(a, b)\n",
    "import hashlib\nok = hashlib.sha256(b).hexdigest() == s\n",
    'import hmac\nh = hmac.new(k, b, "sha256")\nok = h.digest_size == 32\n',
    "ok = hmac.new(k, b, h).hexdigest() == s\n",
    "from mine import hmac\nok = hmac.new(k, b, h).hexdigest() == s\n",
    'import hmac\nok = hmac.new(k, b, h).hexdigest() == "00ff"\n',
    "import hmac\nok = hmac.new(k, b, h).hexdigest() in known\n",
    'import hmac\nmine = hmac.new(k, b, h).hexdigest() if k else ""\nok = mine == s\n',
    "import hmac\nok = digest == s\n",
]

LEFT = [
    "import hmac\nok = hmac.new(k, b, h).hexdigest() == s\n",
    """
        import hmac
        mac = hmac.new(k, msg=b, digestmod=h)
        if mac.hexdigest() != s:
            pass
        """,
    "import hmac\ndef f(k, b, s: bytes):\n    return hmac.new(k, b, h).hexdigest() == s\n",
    """
        import hmac
        def f(k, b, s: bytes):
            return (hmac.new(k, b, h).digest()  # mine
                    == s)
        """,
    'import hmac\ndef f(k, b, s: bytes):\n    return f"{hmac.new(k, b, h).digest() == s}"\n',
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
