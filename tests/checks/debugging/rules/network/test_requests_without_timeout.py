import pytest

from checks.debugging.rules.network.requests_without_timeout import RULE
from tests.rulecases import check_fixed, check_left, check_silent

FIXED = [
    ("import requests\nrequests.get(u)\n", "import requests\nrequests.get(u, timeout=10)\n"),
    ("from requests import post as p\np(u, data=d)\n", "from requests import post as p\np(u, data=d, timeout=10)\n"),
    (
        """
        import requests

        def load(url):
            return requests.get(
                url,  # where
                headers={"a": "b"},  # what
            )
        """,
        """
        import requests

        def load(url):
            return requests.get(
                url,  # where
                headers={"a": "b"},  # what
                timeout=10,
            )
        """,
    ),
    (
        "import requests\nrequests.get(\n    u\n)\n",
        "import requests\nrequests.get(\n    u,\n    timeout=10\n)\n",
    ),
    (
        "import requests\ns = requests.Session()\ns.get(u)\n",
        "import requests\ns = requests.Session()\ns.get(u, timeout=10)\n",
    ),
    (
        "import requests\nwith requests.Session() as s:\n    s.post(u)\n",
        "import requests\nwith requests.Session() as s:\n    s.post(u, timeout=10)\n",
    ),
]

SILENT = [
    "import requests\nrequests.get(u, timeout=5)\n",
    "import requests\nrequests.get(u, **options)\n",
    "import httpx\nhttpx.get(u)\n",
    'import requests\ns = requests.Session()\ns.request("GET", u, None, None, None, None, None, None, 5)\n',
    "import requests\ns = requests.Session()\ns.request(*given)\n",
    "requests.get(u)\n",
    "from mine import requests\nrequests.get(u)\n",
    "import requests\nrequests = Fake()\nrequests.get(u)\n",
    "import requests\ndef f(requests):\n    return requests.get(u)\n",
    "import requests\ns = make()\ns.get(u)\n",
    "import requests\nd = {}\nd.get('k')\n",
]

LEFT = [
    "import requests\nprint(f'{requests.get(u).text}')\n",
    "import requests\nrequests.get(u, timeout=None)\n",
    "import httpx\nhttpx.get(u, timeout=None)\n",
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
