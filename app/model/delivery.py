"""One webhook delivery, as GitHub made it."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any


@dataclass(frozen=True)
class Delivery:
    """`id` is the GUID of `X-GitHub-Delivery` (a redelivery keeps it), `event` the name of `X-GitHub-Event`; `body` are
    the raw bytes whose signature was valid. `received` is seconds since the epoch. Source:
    https://docs.github.com/en/webhooks/webhook-events-and-payloads."""

    id: str
    event: str
    body: bytes
    received: float

    @cached_property
    def payload(self) -> Mapping[str, Any]:
        """The body as JSON; an empty mapping where it is no JSON object."""
        try:
            value = json.loads(self.body)
        except (ValueError, RecursionError):
            return {}
        return value if isinstance(value, dict) else {}

    @property
    def action(self) -> str:
        """What happened to the event's subject, empty where the event has no actions."""
        value = self.payload.get("action")
        return value if isinstance(value, str) else ""

    @property
    def installation(self) -> int:
        """The number of the App's installation that it concerns, 0 where it names none."""
        value = self.payload.get("installation")
        number = value.get("id") if isinstance(value, dict) else None
        return number if type(number) is int else 0

    @property
    def digest(self) -> str:
        """SHA-256 of event and body in hexadecimal: the GUID is not covered by the signature, this is."""
        return hashlib.sha256(self.event.encode("utf-8", "backslashreplace") + b"\0" + self.body).hexdigest()
