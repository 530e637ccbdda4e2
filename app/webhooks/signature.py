"""GitHub's signature of a delivery: HMAC-SHA256 over the raw bytes, as they come in.

Source: https://docs.github.com/en/webhooks/using-webhooks/validating-webhook-deliveries."""

import hmac
import re
from collections.abc import Sequence

from checks.model.errors import Refusal

HEADER = "X-Hub-Signature-256"
_FORM = re.compile(r"sha256=([0-9a-f]{64})")
REMEDY = "Set SELFMOD_WEBHOOK_SECRET to the secret of the App's webhook, or register an App here: selfmod serve --setup"


class Signatures:
    """The secrets that count: the current one and, while it is being replaced, the one before. Raises Refusal where
    there is none: a server without would believe anybody."""

    def __init__(self, secrets: Sequence[bytes]) -> None:
        if not secrets or not all(secrets):
            raise Refusal(
                "the server has no webhook secret, so it cannot tell GitHub's deliveries from others.", REMEDY
            )
        self._secrets = tuple(secrets)

    def begin(self, headers: Sequence[str]) -> "Signature | None":
        """What compares a body with the values of the header; None where they are no signature of this kind, exactly
        one. The header comes as text that may hold any character of latin-1."""
        found = _FORM.fullmatch(headers[0]) if len(headers) == 1 else None
        return Signature(self._secrets, bytes.fromhex(found[1])) if found else None


class Signature:
    """One delivery's signature while its body arrives: each piece is taken in for itself, so that a body of 25 MiB
    does not hold up other deliveries."""

    def __init__(self, secrets: Sequence[bytes], claimed: bytes) -> None:
        self._macs = [hmac.new(secret, digestmod="sha256") for secret in secrets]
        self._claimed = claimed

    def update(self, piece: bytes) -> None:
        """The next bytes of the body."""
        for mac in self._macs:
            mac.update(piece)

    def valid(self) -> bool:
        """Whether one of the secrets made the signature; takes as long whichever it was."""
        answers = [hmac.compare_digest(mac.digest(), self._claimed) for mac in self._macs]
        return any(answers)
