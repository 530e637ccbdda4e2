"""One outgoing call, as it is logged."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Call:
    """`purpose` says what for (`check runs: write`), `target` is method and path without query (`GET /repos/o/n`),
    `repository` is `owner/name` or empty. `outcome` is `ok`, `gone`, `refused`, `limited`, `failed` or `unreachable`,
    `status` HTTP's (0: no answer came), `seconds` how long it took. It holds no token, no body and no header."""

    purpose: str
    target: str
    repository: str
    outcome: str
    status: int
    seconds: float
