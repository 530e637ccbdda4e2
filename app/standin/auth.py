"""Who calls: JSON Web Tokens of Apps, tokens of installations and of persons, with GitHub's rules.

Sources: https://docs.github.com/en/apps/creating-github-apps/authenticating-with-a-github-app"""

import base64
import json
import secrets
from dataclasses import dataclass
from typing import Any

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import padding, rsa

from app.standin.state import Account, App, Installation, Repository, Token, World

ACTIONS = "github-actions"
"""The App whose installation tokens the jobs of workflows get."""
LIFE = 3600.0
"""Seconds that an installation token lives."""
USER_LIFE = 8 * 3600.0
"""Seconds that a user access token lives."""
FARTHEST = 600
"""Seconds in the future that `exp` may lie at most."""
DRIFT = 60
"""Seconds that the clocks of both sides may differ."""


class Unauthorised(Exception):
    """401 with this message."""


@dataclass(frozen=True)
class Caller:
    """`kind` is `nobody`, `person`, `installation`, `app` (a JSON Web Token) or `client` (an App's ID and secret)."""

    kind: str = "nobody"
    account: Account | None = None
    token: Token | None = None
    jwt_app: App | None = None
    client: App | None = None

    @property
    def app(self) -> App | None:
        return self.installation.app if self.installation else None

    @property
    def installation(self) -> Installation | None:
        return self.token.installation if self.token else None

    @property
    def name(self) -> str:
        if self.jwt_app:
            return f"app:{self.jwt_app.slug}"
        return self.account.login if self.account else ""

    def reaches(self, repository: Repository) -> bool:
        """Whether an installation token covers the repository; False for everybody else."""
        token = self.token
        if token is None or token.installation is None:
            return False
        return repository in token.installation.repositories and (
            token.repositories is None or repository in token.repositories
        )

    def has(self, resource: str, level: str) -> bool:
        """Whether an installation token has this permission."""
        granted = self.token.permissions.get(resource, "none") if self.token else "none"
        order = ("none", "read", "write", "admin")
        return order.index(granted) >= order.index(level)


def make_keys() -> tuple[bytes, bytes]:
    """A new private key and its public key, both PEM; the private one as GitHub gives it (PKCS#1)."""
    key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    private = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.TraditionalOpenSSL, serialization.NoEncryption()
    )
    public = key.public_key().public_bytes(serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo)
    return private, public


def caller(world: World, header: str) -> Caller:
    """Of an Authorization header, in any of the schemes that GitHub takes: bearer, token, basic (the password of git's
    is the token)."""
    if not header:
        return Caller()
    scheme, _, value = header.partition(" ")
    value = value.strip()
    if scheme.casefold() == "basic":
        try:
            name, _, password = base64.b64decode(value, validate=True).decode().partition(":")
        except ValueError:
            raise Unauthorised("Bad credentials") from None
        client = next((app for app in world.apps.values() if app.client_id == name), None)
        if client is not None and secrets.compare_digest(password.encode(), client.client_secret.encode()):
            return Caller("client", client=client)
        return of_token(world, password if password and password != "x-oauth-basic" else name)  # noqa: S105  # git's word
    if scheme.casefold() not in {"bearer", "token"}:
        raise Unauthorised("Bad credentials")
    if value.count(".") == 2 and value.startswith("ey"):
        return Caller("app", jwt_app=app_of_jwt(world, value))
    return of_token(world, value)


def of_token(world: World, value: str) -> Caller:
    """The person or installation that this token belongs to."""
    token = world.tokens.get(value)
    if token is None or (token.expires is not None and token.expires <= world.now()):
        raise Unauthorised("Bad credentials")
    if token.installation and token.installation.id not in world.installations:
        raise Unauthorised("Bad credentials")
    return Caller("installation" if token.installation else "person", token.account, token)


def person_token(world: World, account: Account) -> str:
    value = f"ghp_{secrets.token_hex(18)}"
    world.tokens[value] = Token(value, account)
    return value


def user_token(world: World, account: Account, app: App) -> Token:
    """What an App gets of a person who signed in to it."""
    token = Token(f"ghu_{secrets.token_hex(18)}", account, expires=world.now() + USER_LIFE, signed_in=app)
    world.tokens[token.value] = token
    return token


def installation_token(
    world: World, installation: Installation, repositories: list[Repository] | None, permissions: dict[str, str]
) -> Token:
    """In the format of 2026: several hundred characters, with dots and underscores."""
    value = f"ghs_{installation.app.id}_" + ".".join(secrets.token_urlsafe(size) for size in (27, 200, 128))
    token = Token(value, installation.app.bot, installation, repositories, permissions, world.now() + LIFE)
    world.tokens[value] = token
    return token


def app_of_jwt(world: World, value: str) -> App:
    """The App that signed it; raises with GitHub's messages for everything that GitHub refuses."""
    head, body, signature = value.split(".")
    header, claims = _json(head), _json(body)
    if header.get("alg") != "RS256":
        raise Unauthorised("A JSON web token could not be decoded")
    issuer = str(claims.get("iss", ""))
    app = next((app for app in world.apps.values() if issuer in {str(app.id), app.client_id}), None)
    if app is None:
        raise Unauthorised("Integration not found")
    key = serialization.load_pem_public_key(app.public_key)
    if not isinstance(key, rsa.RSAPublicKey):
        raise Unauthorised("A JSON web token could not be decoded")
    try:
        key.verify(_bytes(signature), f"{head}.{body}".encode(), padding.PKCS1v15(), hashes.SHA256())
    except InvalidSignature:
        raise Unauthorised("A JSON web token could not be decoded") from None
    issued, expires, now = claims.get("iat"), claims.get("exp"), world.now()
    if type(issued) is not int or issued > now + DRIFT:
        raise Unauthorised(
            "'Issued at' claim ('iat') must be an Integer representing the time that the assertion was issued"
        )
    if type(expires) is not int or expires <= now:
        raise Unauthorised(
            "'Expiration time' claim ('exp') must be a numeric value representing the future time at which the "
            "assertion expires"
        )
    if expires > now + FARTHEST + DRIFT or expires - issued > FARTHEST + DRIFT:
        raise Unauthorised("'Expiration time' claim ('exp') is too far in the future")
    return app


def _bytes(part: str) -> bytes:
    try:
        return base64.urlsafe_b64decode(part + "=" * (-len(part) % 4))
    except ValueError:
        raise Unauthorised("A JSON web token could not be decoded") from None


def _json(part: str) -> dict[str, Any]:
    try:
        value = json.loads(_bytes(part))
    except (ValueError, RecursionError):
        raise Unauthorised("A JSON web token could not be decoded") from None
    if not isinstance(value, dict):
        raise Unauthorised("A JSON web token could not be decoded")
    return value
