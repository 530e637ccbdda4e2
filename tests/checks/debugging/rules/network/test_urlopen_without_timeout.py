import pytest

from checks.debugging.rules.network.urlopen_without_timeout import RULE
from checks.debugging.source.module import Surroundings
from checks.model.findings import Severity
from tests.rulecases import check_fixed, check_left, check_silent, found

FIXED = [
    (
        "from urllib.request import urlopen\nurlopen(u)\n",
        "from urllib.request import urlopen\nurlopen(u, timeout=10)\n",
    ),
    (
        "import urllib.request as r\nr.urlopen(u, data=d)\n",
        "import urllib.request as r\nr.urlopen(u, data=d, timeout=10)\n",
    ),
    (
        "from urllib.request import urlopen as get\nwith get(u) as f:\n    pass\n",
        "from urllib.request import urlopen as get\nwith get(u, timeout=10) as f:\n    pass\n",
    ),
    (
        'import smtplib\ns = smtplib.SMTP("mail", 25)  # out\n',
        'import smtplib\ns = smtplib.SMTP("mail", 25, timeout=30)  # out\n',
    ),
    (
        """
        import http.client
        c = http.client.HTTPSConnection(
            host,
            443,
        )
        """,
        """
        import http.client
        c = http.client.HTTPSConnection(
            host,
            443,
            timeout=10,
        )
        """,
    ),
    (
        "from ftplib import FTP\nf = FTP()\nf.connect(h)\n",
        "from ftplib import FTP\nf = FTP(timeout=30)\nf.connect(h)\n",
    ),
    ('import imaplib\nm = imaplib.IMAP4_SSL("h")\n', 'import imaplib\nm = imaplib.IMAP4_SSL("h", timeout=30)\n'),
]

SILENT = [
    "from urllib.request import urlopen\nurlopen(u, timeout=5)\n",
    "from urllib.request import urlopen\nurlopen(u, None, 5)\n",
    "from urllib.request import urlopen\nurlopen(*a)\n",
    "from urllib.request import urlopen\nurlopen(u, **k)\n",
    'from urllib.request import urlopen\nurlopen("file:///etc/hosts")\n',
    'from urllib.request import urlopen\nurlopen("data:,x")\n',
    """
        import socket
        from urllib.request import urlopen
        socket.setdefaulttimeout(5)
        urlopen(u)
        """,
    "urlopen(u)\n",
    "from mine import urlopen\nurlopen(u)\n",
    """
        from urllib.request import urlopen
        def urlopen(u):
            return None
        urlopen(u)
        """,
    """
        import smtplib
        class S(smtplib.SMTP):
            pass
        S("h")
        """,
    'import smtplib\nsmtplib.SMTP("h", 25, None, 5)\n',
    "import socket\nsocket.create_connection(a, 5)\n",
    """
        import socket
        def f(a):
            s = socket.create_connection(a)
            s.settimeout(3)
        """,
    "import ftplib\nf = ftplib.FTP()\nf.connect(h, p, timeout=t)\n",
    'import http.client\nhttp.client.HTTPConnection("h", 80, 5)\n',
]

LEFT = [
    "from urllib.request import urlopen\nurlopen(u, timeout=None)\n",
    'from urllib.request import urlopen\nx = f"{urlopen(u).status}"\n',
    "import socket\ns = socket.create_connection((h, p))\n",
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


def test_a_test_is_low_and_imap_has_a_timeout_since_python_3_9() -> None:
    [one] = found(RULE, "from urllib.request import urlopen\nurlopen(u)\n", path="tests/test_x.py")
    [old] = found(RULE, "import imaplib\nimaplib.IMAP4('h')\n", surroundings=Surroundings(python=(3, 8)))
    assert one.fault.fix is None and one.fault.severity is Severity.LOW
    assert old.fault.fix is None and "3.9" in old.fault.left
