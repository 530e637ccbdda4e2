"""The end of the App manifest flow: GitHub's code becomes the App's credentials, once.

Source: https://docs.github.com/en/apps/sharing-github-apps/registering-a-github-app-from-a-manifest. The manifest
itself is made in `app.dashboard.registering` from `app.model.registration`."""

from pydantic import SecretStr

from app.github import values
from app.github.client import Client
from app.settings import Credentials, ServerSettings
from checks.model.errors import Refusal


def convert(settings: ServerSettings, code: str) -> Credentials:
    """The credentials of the App that was just registered. The code works once and for an hour.

    Raises Gone for a code that GitHub does not know, Refusal for an answer without credentials, Unavailable."""
    client = Client(settings.api_url)
    try:
        path = f"/app-manifests/{values.segment(code)}/conversions"
        data = client.call("manifest", "POST", path, lambda fresh: "").data
    finally:
        client.close()
    found = Credentials(
        app_id=values.number(data, "id"),
        private_key=SecretStr(values.text(data, "pem")),
        webhook_secret=SecretStr(values.text(data, "webhook_secret")),
        client_id=values.text(data, "client_id"),
        client_secret=SecretStr(values.text(data, "client_secret")),
        slug=values.text(data, "slug"),
        name=values.text(data, "name"),
        html_url=values.text(data, "html_url"),
    )
    if not found.app_id or not found.private_key.get_secret_value() or not found.webhook_secret.get_secret_value():
        raise Refusal("GitHub's answer lacks the App's number, key or secret.", "Begin the set-up again.")
    return found
