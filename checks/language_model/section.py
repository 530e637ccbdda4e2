"""Which language model a repository wants to be asked, and where.

The file is the repository's and the key is the machine's: a stranger's file must not be able to send a key of the
machine to an address of the stranger's. So an address of one's own gets only variables that are named for this.
"""

import ipaddress
import re
from enum import StrEnum
from typing import Annotated, ClassVar, Self
from urllib.parse import SplitResult, urlsplit

from pydantic import AfterValidator, Field, WithJsonSchema, model_validator

from checks.model.section import Line, Section, whole


class Provider(StrEnum):
    """Whose protocol is spoken."""

    OPENAI = "openai"
    ANTHROPIC = "anthropic"
    GITHUB = "github"


OURS = "SELFMOD_MODEL_KEY"
USUAL = {Provider.OPENAI: "OPENAI_API_KEY", Provider.ANTHROPIC: "ANTHROPIC_API_KEY", Provider.GITHUB: "GITHUB_TOKEN"}
_VARIABLE = r"[A-Z][A-Z0-9_]{0,95}_(?:KEY|TOKEN)(?:_[A-Z0-9_]{1,40})?"


def _variable(name: str) -> str:
    """Raises ValueError for what is no name; the value is not repeated, for it may be the key itself."""
    if re.fullmatch(_VARIABLE, name):
        return name
    words = re.fullmatch(r"[A-Za-z]{1,15}|[A-Za-z]{1,15}(?:_[A-Za-z]{1,15})+", name)
    if words and len(name) < 40:
        raise ValueError(f"the name of the variable is to be in capitals with _KEY or _TOKEN in it, such as {OURS}")
    raise ValueError(
        "this is to be the name of an environment variable, and looks like a key itself; a key never stands in a file: "
        "revoke it, and put its successor where the machine keeps secrets"
    )


def loopback(parts: SplitResult) -> bool:
    """Whether an address is on this machine: `localhost` or a loopback address written as a number."""
    host = parts.hostname or ""
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def _address(text: str) -> str:
    """Raises ValueError for what is no plain https address (http on this machine); credentials are not repeated."""
    try:
        parts = urlsplit(text)
        # reading the port is what checks it
        named = bool(parts.hostname) and parts.port != 0
    except ValueError:
        named, parts = False, urlsplit("")
    if not named or re.search(r"[^\x21-\x7e]|\\", text):
        raise ValueError("this is no address such as 'https://models.example.org/v1'")
    if "@" in parts.netloc:
        raise ValueError("an address holds no name and no password; the key comes from the variable of key_variable")
    if parts.query or parts.fragment or "?" in text or "#" in text:
        raise ValueError("an address ends with its path: no '?' and no '#'")
    if parts.scheme == "https" or (parts.scheme == "http" and loopback(parts)):
        return text.rstrip("/")
    raise ValueError("an address begins with https:// (http:// only for this machine: localhost, 127.0.0.1, [::1])")


type Variable = Annotated[
    str, AfterValidator(_variable), WithJsonSchema({"type": "string", "pattern": f"^{_VARIABLE}$"})
]
type Address = Annotated[
    Line, AfterValidator(_address), WithJsonSchema({"type": "string", "pattern": "^https?://", "maxLength": 300})
]


class ModelSettings(Section):
    """The language model that writes code. Without this section none is asked, and everything else works."""

    EXAMPLE: ClassVar[str] = """\
model:
  provider: anthropic
  name: claude-sonnet-4-5
  key_variable: ANTHROPIC_API_KEY    # the name of the variable, never the key
"""
    provider: Provider = Field(description="Whose protocol is spoken: any server that speaks OpenAI's is `openai`.")
    name: Line = Field(description="The model, as its provider calls it.")
    base_url: Address | None = Field(
        default=None,
        description="Where it is, if not at the provider's own address: https, or http on this machine.",
    )
    key_variable: Variable | None = Field(
        default=None,
        description="The *name* of the environment variable with the key; by default the provider's usual one. For an "
        f"address of your own beyond this machine only `{OURS}` and names that begin with it.",
    )
    max_tokens: int = whole(4096, 1, 1_000_000, "Tokens of one answer.")

    @model_validator(mode="after")
    def _own_key_for_own_address(self) -> Self:
        if self.base_url is None or loopback(urlsplit(self.base_url)):
            return self
        if self.key_variable is not None and self.key_variable != OURS and not self.key_variable.startswith(f"{OURS}_"):
            raise ValueError(
                f"{self.key_variable} is not sent to an address of your own: put that server's key into {OURS} "
                "(or a name that begins with it) and name that in key_variable"
            )
        return self

    def variable(self) -> str:
        """The name of the environment variable that holds the key."""
        return self.key_variable or (USUAL[self.provider] if self.base_url is None else OURS)
