import pytest

from checks.debugging.rules.secrets.weak_hash_for_security import RULE
from checks.debugging.source.module import Surroundings
from tests.rulecases import check_fixed, check_left, check_silent, found

FIXED = [
    (
        "import hashlib\netag = hashlib.md5(data).hexdigest()\n",
        "import hashlib\netag = hashlib.md5(data, usedforsecurity=False).hexdigest()\n",
    ),
    (
        """
        from hashlib import sha1
        def cache_key(text):
            return sha1(text.encode()).hexdigest()
        """,
        """
        from hashlib import sha1
        def cache_key(text):
            return sha1(text.encode(), usedforsecurity=False).hexdigest()
        """,
    ),
    (
        'import hashlib\nchecksum = hashlib.new("md5", blob)\n',
        'import hashlib\nchecksum = hashlib.new("md5", blob, usedforsecurity=False)\n',
    ),
    (
        """
        import hashlib
        send(checksum=hashlib.md5(
            blob,  # all
        ).hexdigest())
        """,
        """
        import hashlib
        send(checksum=hashlib.md5(
            blob,  # all
            usedforsecurity=False,
        ).hexdigest())
        """,
    ),
    (
        'import hashlib\nrow = {"checksum": hashlib.sha1(blob).hexdigest()}\n',
        'import hashlib\nrow = {"checksum": hashlib.sha1(blob, usedforsecurity=False).hexdigest()}\n',
    ),
    (
        """
        import hashlib
        def bucket_of(name):
            h = hashlib.md5()
            h.update(name)
            return h
        """,
        """
        import hashlib
        def bucket_of(name):
            h = hashlib.md5(usedforsecurity=False)
            h.update(name)
            return h
        """,
    ),
]

SILENT = [
    "import hashlib\netag = hashlib.md5(data, usedforsecurity=False)\n",
    "import hashlib\netag = hashlib.sha256(data)\n",
    'import hashlib\netag = hashlib.new("sha256", data)\n',
    "import hashlib\nh = hashlib.new(name)\n",
    "import hmac\nimport hashlib\nhmac.new(k, m, hashlib.sha1)\n",
    "md5(data)\n",
    "from mine import md5\nmd5(data)\n",
    "import hashlib\ndef f(hashlib):\n    hashlib.md5(b)\n",
    "import hashlib\nhashlib.md5(*data)\n",
    "import hashlib\nhashlib.md5(data, **options)\n",
]

LEFT = [
    "import hashlib\nstored = hashlib.md5(password.encode()).hexdigest()\n",
    "import hashlib\ndef sign(payload):\n    return hashlib.sha1(payload).hexdigest()\n",
    'import hashlib\ntoken = hashlib.new("SHA1", data).hexdigest()\n',
    """
        import hashlib
        def f(user):
            h = hashlib.md5()
            h.update(user.password)
            return h
        """,
    "import hashlib\nvalue = hashlib.md5(data).hexdigest()\n",
    'import hashlib\netag = f"{hashlib.md5(data).hexdigest()}"\n',
    """
        import hashlib
        class DigestAuth:
            def answer(self):
                return hashlib.md5(self.password).hexdigest()
        """,
    """
        import hashlib
        def check_token(data):
            etag = hashlib.md5(data)
            return etag
        """,
    "from Crypto.Hash import MD5\nh = MD5.new(d)\n",
    "from cryptography.hazmat.primitives import hashes\nh = hashes.SHA1()\n",
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


def test_severity_follows_the_use() -> None:
    sources = ("password_hash = hashlib.md5(x)", "value = hashlib.md5(x)", "etag = hashlib.md5(x)")
    assert [found(RULE, f"import hashlib\n{source}\n")[0].fault.severity for source in sources] == [None, "low", "low"]


def test_the_argument_needs_python_3_9() -> None:
    [one] = found(RULE, "import hashlib\netag = hashlib.md5(x)\n", surroundings=Surroundings(python=(3, 8)))
    assert one.fault.fix is None and "3.9" in one.fault.left
