import pytest

from checks.debugging.rules.network.tls_context_unverified import RULE
from checks.model.findings import Severity
from tests.rulecases import check_fixed, check_left, check_silent, found

FIXED = [
    ("import ssl\nc = ssl._create_unverified_context()\n", "import ssl\nc = ssl.create_default_context()\n"),
    (
        'import ssl as s\nc = s._create_unverified_context(cafile="x.pem")\n',
        'import ssl as s\nc = s.create_default_context(cafile="x.pem")\n',
    ),
    (
        """
        import ssl
        def f(u):
            return urlopen(
                u,
                context=ssl._create_unverified_context(),  # old
            )
        """,
        """
        import ssl
        def f(u):
            return urlopen(
                u,
                context=ssl.create_default_context(),  # old
            )
        """,
    ),
]

SILENT = [
    "import ssl\nc = ssl.create_default_context()\n",
    "c = ssl._create_unverified_context()\n",
    """
        import ssl
        c = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
        c.verify_mode = ssl.CERT_NONE
        """,
    "import ssl\nc = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)\nc.check_hostname = False\n",
    """
        import ssl
        c = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
        c.verify_mode = ssl.CERT_REQUIRED
        c.check_hostname = False
        """,
    "import ssl\nc = make()\nc.verify_mode = ssl.CERT_NONE\n",
    'import ssl\nNAMES = {"TLSv1": ssl.PROTOCOL_TLSv1}\n',
    "import ssl\nc = ssl.SSLContext(ssl.PROTOCOL_TLS)\n",
    "import ssl\nssl._create_default_https_context = ssl.create_default_context\n",
    "import ssl\nc = ssl.create_default_context()\nc.minimum_version = ssl.TLSVersion.TLSv1_2\n",
    "from mine import ssl\nssl.SSLContext(ssl.PROTOCOL_TLSv1)\n",
    "import ssl\ns = ssl.wrap_socket(x, server_side=True, cert_reqs=ssl.CERT_NONE)\n",
    'import ssl\np = Pool(cert_reqs="CERT_NONE")\n',
    """
        import ssl
        class Peer:
            def f(self):
                self.check_hostname = False
        """,
    "import ssl\nc = ssl._create_unverified_context(purpose=ssl.Purpose.CLIENT_AUTH)\n",
]

LEFT = [
    "from ssl import _create_unverified_context\nc = _create_unverified_context()\n",
    "import ssl\nc = ssl._create_unverified_context(check_hostname=True)\n",
    'import ssl\nurlopen("https://localhost/", context=ssl._create_unverified_context())\n',
    "import ssl\nif insecure:\n    c = ssl._create_unverified_context()\n",
    "import ssl\nssl._create_default_https_context = ssl._create_unverified_context\n",
    """
        import ssl
        c = ssl.create_default_context()
        c.check_hostname = False
        c.verify_mode = ssl.CERT_NONE
        """,
    "import ssl\nc = ssl.create_default_context()\nc.check_hostname = False\n",
    "import ssl\nc = ssl.SSLContext(ssl.PROTOCOL_TLSv1)\n",
    "import ssl\nc = ssl.create_default_context()\nc.minimum_version = ssl.TLSVersion.TLSv1\n",
    'import urllib3\np = urllib3.PoolManager(cert_reqs="CERT_NONE")\n',
    """
        import ssl
        class A:
            def __init__(self):
                self.c = ssl.create_default_context()
            def f(self):
                self.c.verify_mode = ssl.CERT_NONE
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


def test_what_an_option_switches_off_is_low_and_both_lines_are_one_fault() -> None:
    source = "import ssl\nc = ssl.create_default_context()\nif x:\n    c.check_hostname = False\n"
    source += "    c.verify_mode = ssl.CERT_NONE\n"
    assert [(f.fault.node.lineno, f.fault.severity) for f in found(RULE, source)] == [(5, Severity.LOW)]  # type: ignore[attr-defined]  # a statement
    [one] = found(RULE, "import ssl\nc = ssl._create_unverified_context()\n", path="tests/test_x.py")
    assert one.fault.fix is None and one.fault.severity is Severity.LOW
