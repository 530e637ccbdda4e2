import pytest

from checks.debugging.rules.injection.paramiko_accepts_any_host_key import RULE
from tests.rulecases import check_left, check_silent

SILENT = [
    "import paramiko\nc = paramiko.SSHClient()\nc.set_missing_host_key_policy(paramiko.RejectPolicy())\n",
    "import paramiko\nc = paramiko.SSHClient()\nc.set_missing_host_key_policy(Mine())\n",
    "import paramiko\nc = paramiko.SSHClient()\nc.load_system_host_keys()\n",
    "from mine import AutoAddPolicy\nc.set_missing_host_key_policy(AutoAddPolicy())\n",
    "class AutoAddPolicy: ...\nc.set_missing_host_key_policy(AutoAddPolicy())\n",
    "def f(c, policy):\n    c.set_missing_host_key_policy(policy)\n",
]

LEFT = [
    "import paramiko\nc = paramiko.SSHClient()\nc.set_missing_host_key_policy(paramiko.AutoAddPolicy())\n",
    "import paramiko\nc = paramiko.SSHClient()\nc.set_missing_host_key_policy(paramiko.WarningPolicy)\n",
    "from paramiko import AutoAddPolicy as A\nself.c.set_missing_host_key_policy(A())\n",
    "from paramiko.client import AutoAddPolicy\nc.set_missing_host_key_policy(policy=AutoAddPolicy())\n",
    (
        "import paramiko\n"
        "c = paramiko.SSHClient()\n"
        "policy = paramiko.AutoAddPolicy()\n"
        "c.set_missing_host_key_policy(policy)\n"
    ),
]


@pytest.mark.parametrize("source", SILENT)
def test_look_alikes(source: str) -> None:
    check_silent(RULE, source)


@pytest.mark.parametrize("source", LEFT)
def test_left(source: str) -> None:
    check_left(RULE, source)
