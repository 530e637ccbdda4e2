import pytest

from checks.debugging.rules.network.tls_verification_disabled import RULE
from checks.model.findings import Severity
from tests.rulecases import check_fixed, check_left, check_silent, found

FIXED = [
    ("import requests\nrequests.get(u, verify=False)\n", "import requests\nrequests.get(u)\n"),
    ("import requests\nrequests.post(u, verify=False, timeout=5)\n", "import requests\nrequests.post(u, timeout=5)\n"),
    (
        'import requests as r\nr.request("GET", "https://example.org/x", verify=False)\n',
        'import requests as r\nr.request("GET", "https://example.org/x")\n',
    ),
    (
        """
        import requests
        requests.get(
            u,  # what
            verify=False,
        )
        """,
        """
        import requests
        requests.get(
            u,  # what
        )
        """,
    ),
    (
        "import requests\ns = requests.Session()\ns.verify = False\n",
        "import requests\ns = requests.Session()\ns.verify = True\n",
    ),
    (
        "import requests\nwith requests.Session() as s:\n    s.put(u, d, verify=False)\n",
        "import requests\nwith requests.Session() as s:\n    s.put(u, d)\n",
    ),
    (
        "from httpx import AsyncClient\nc = AsyncClient(verify=False, http2=True)\n",
        "from httpx import AsyncClient\nc = AsyncClient(http2=True)\n",
    ),
    ('import httpx\nhttpx.stream("GET", u, verify=False)\n', 'import httpx\nhttpx.stream("GET", u)\n'),
]

SILENT = [
    "import requests\nrequests.get(u, verify=True)\n",
    'import requests\nrequests.get(u, verify="/etc/authority.pem")\n',
    "import requests\nrequests.get(u, verify=verify)\n",
    "import requests\nrequests.get(u)\n",
    "from mine import requests\nrequests.get(u, verify=False)\n",
    "requests.get(u, verify=False)\n",
    "import jwt\njwt.decode(t, verify=False)\n",
    'import requests\nrequests.cookies.create_cookie("a", "b", verify=False)\n',
    "import requests\ndef f(requests):\n    return requests.get(u, verify=False)\n",
    "import requests\ns = make()\ns.verify = False\n",
    "import requests\ns = requests.Session()\ns.verify = check\n",
]

LEFT = [
    "import requests\nrequests.get(\n    u,\n    verify=False,  # signed by itself\n)\n",
    "import requests\nrequests.get(\n    u,\n    # signed by itself\n    verify=False,\n)\n",
    "import requests\nrequests.get(u, verify=False)  # nosec\n",
    "import requests\ns = requests.Session()\ns.verify = False  # signed by itself\n",
    'import requests\nrequests.get("https://localhost:8443/", verify=False)\n',
    'import requests\nrequests.get(f"https://127.0.0.1:{port}/", verify=False)\n',
    'import requests\nrequests.get("https://192.168.1.4/%s" % p, verify=False)\n',
    """
        import requests
        requests.get("https://{}.x/".format(h) if h else "https://nas.local/" + p, verify=False) if insecure else None
        """,
    "import requests\nrequests.packages.urllib3.disable_warnings()\nrequests.get(u, verify=False)\n",
    """
        import requests
        def f(u, insecure):
            if insecure:
                return requests.get(u, verify=False)
        """,
    'import requests\nx = f"{requests.get(u, verify=False).text}"\n',
    "import requests\ns = requests.Session()\ns.verify = s.trust_env = False\n",
    'import httpx\nc = httpx.Client(base_url="https://[::1]/", verify=False)\n',
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


def test_a_test_is_low() -> None:
    [one] = found(RULE, "import requests\nrequests.get(u, verify=False)\n", path="tests/test_x.py")
    assert one.fault.severity is Severity.LOW and one.fault.fix is None
