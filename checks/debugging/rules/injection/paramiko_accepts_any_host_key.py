"""
## What it does
Reports `set_missing_host_key_policy` with paramiko's AutoAddPolicy or WarningPolicy.

## Why it is bad
The key is how the client knows the host. A client that takes any key takes one from whoever stands between, and gives
them the password and the session. No fix is offered: refusing unknown hosts needs their keys to be there first.

## Example
```python
import paramiko

def connect(host):
    client = paramiko.SSHClient()
    client.set_missing_host_key_policy(paramiko.AutoAddPolicy())
    client.connect(host)
    return client
```

## Use instead
```python
import paramiko

def connect(host, known_hosts):
    client = paramiko.SSHClient()
    client.load_host_keys(known_hosts)
    client.set_missing_host_key_policy(paramiko.RejectPolicy())
    client.connect(host)
    return client
```

References: paramiko documentation, "SSHClient.set_missing_host_key_policy"; CWE-295.
"""

import ast
from collections.abc import Iterator

from checks.debugging.rule import Fault, Rule
from checks.debugging.source.module import Module
from checks.model.findings import Confidence, Severity

_POLICIES = ("AutoAddPolicy", "WarningPolicy")
_TRUSTING = frozenset(f"paramiko.{room}{policy}" for room in ("", "client.") for policy in _POLICIES)


def detect(node: ast.Call, module: Module) -> Iterator[Fault]:
    """The policy is certainly paramiko's; the client need not be in sight."""
    if not isinstance(node.func, ast.Attribute) or node.func.attr != "set_missing_host_key_policy":
        return
    policy = node.args[0] if node.args else node.keywords[0].value if node.keywords else None
    if policy is None:
        return
    name = module.resolve(policy) or module.origin(policy)
    if name in _TRUSTING:
        message = f"{name} takes any host's key: whoever stands between is taken for the host"
        severity = Severity.LOW if module.is_test else None
        yield Fault(node, message, left="which hosts are known? their keys must be there first", severity=severity)


RULE = Rule(
    name="paramiko-accepts-any-host-key",
    topic="injection",
    summary="SSH client that takes any host's key",
    severity=Severity.HIGH,
    confidence=Confidence.HIGH,
    cwe=295,
    nodes=(ast.Call,),
    detect=detect,
    documentation=__doc__,
    fixes="never",
    aliases=("B507", "S507"),
    mentions=("set_missing_host_key_policy",),
)
