import pytest

from checks.debugging.rules.network.bind_to_all_interfaces import RULE
from tests.rulecases import check_left, check_silent

SILENT = [
    'import socket\ns = socket.socket()\ns.bind(("127.0.0.1", 80))\n',
    "import socket\ns = socket.socket()\ns.bind((host, 80))\n",
    's.bind(("0.0.0.0", 80))\n',
    'ANY = "0.0.0.0"\n',
    'if host == "0.0.0.0":\n    host = "localhost"\n',
    'app.run(host="127.0.0.1")\n',
    'connect(host="0.0.0.0")\n',
    'import socket\ns = socket.socket()\ns.bind("0.0.0.0")\n',
]

LEFT = [
    'import socket\ns = socket.socket()\ns.bind(("0.0.0.0", 80))\n',
    'import socket\ns = socket.socket()\ns.bind(("::", 80, 0, 0))\n',
    'app.run(host="0.0.0.0", port=80)\n',
    'import uvicorn\nuvicorn.run(app, host="0.0.0.0")\n',
    'import socket\nwith socket.socket() as s:\n    s.bind(("0.0.0.0", 80))\n',
]


@pytest.mark.parametrize("source", SILENT)
def test_look_alikes(source: str) -> None:
    check_silent(RULE, source)


@pytest.mark.parametrize("source", LEFT)
def test_left(source: str) -> None:
    check_left(RULE, source)
