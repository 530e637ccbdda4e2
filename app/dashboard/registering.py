"""What the set-up form asks for, checked, and the manifest that is made of it.

Source: https://docs.github.com/en/apps/sharing-github-apps/registering-a-github-app-from-a-manifest. *Unverified*
against github.com itself: that names are 34 characters long at most, and that a loopback address of the webhook is
refused there.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from ipaddress import ip_address
from typing import Any
from urllib.parse import quote, urlsplit

from app.model.registration import EVENTS, PERMISSIONS

LONGEST_NAME = 34
HOOK_PATH = "/webhooks/github"
SIGNED_IN = "/signed-in"
"""Where GitHub sends back who signs in; it takes no address that the App does not list."""
_LOGIN = re.compile(r"[A-Za-z0-9](?:[A-Za-z0-9-]{0,98})")
_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9 ._-]*")


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a person entered. `organisation` is empty for the person's own account, `public_url` has no `/` at its
    end; `public` lets other accounts install the App."""

    organisation: str = ""
    name: str = ""
    public_url: str = ""
    public: bool = False

    @classmethod
    def of(cls, form: Mapping[str, str]) -> "Wanted":
        """From the fields of a form, white space at the ends left out."""
        return cls(
            form.get("organisation", "").strip(),
            form.get("name", "").strip(),
            form.get("public_url", "").strip().rstrip("/"),
            form.get("public", "") == "yes",
        )


def faults(wanted: Wanted, github_url: str) -> dict[str, str]:
    """What is wrong with each field, in a sentence for a person; empty where nothing is."""
    found = {
        "organisation": _organisation_fault(wanted.organisation),
        "name": _name_fault(wanted.name),
        "public_url": _address_fault(wanted.public_url, github_url),
    }
    return {field: fault for field, fault in found.items() if fault}


def manifest(wanted: Wanted, here: str) -> dict[str, Any]:
    """As GitHub takes it. `here` is the origin that the browser comes back to, which need not be the public one."""
    return {
        "name": wanted.name,
        "url": wanted.public_url,
        "description": "Validates pull requests, says how risky they are, and asks for the approvals that they need.",
        "hook_attributes": {"url": wanted.public_url + HOOK_PATH, "active": True},
        "redirect_url": f"{here}/setup/callback",
        "callback_urls": [wanted.public_url + SIGNED_IN],
        "public": wanted.public,
        "default_permissions": {each.name: each.access for each in PERMISSIONS},
        "default_events": [each.name for each in EVENTS],
    }


def destination(wanted: Wanted, github_url: str, state: str) -> str:
    """Where the manifest is sent to."""
    owner = f"/organizations/{quote(wanted.organisation, safe='')}" if wanted.organisation else ""
    return f"{github_url.rstrip('/')}{owner}/settings/apps/new?state={quote(state, safe='')}"


def origin(url: str) -> str:
    """Scheme, host and port of an address."""
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc}"


def is_loopback(host: str | None) -> bool:
    """Whether a host is this machine, as far as its name says."""
    if host is None or host == "localhost" or host.endswith(".localhost"):
        return host is not None
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return False


def _organisation_fault(organisation: str) -> str:
    if organisation and not _LOGIN.fullmatch(organisation):
        return "This is no name of an organisation: letters, digits and hyphens, as in its address on GitHub."
    return ""


def _name_fault(name: str) -> str:
    if not name:
        return "The App needs a name. It is shown beside everything that it does."
    if len(name) > LONGEST_NAME:
        return f"GitHub takes {LONGEST_NAME} characters at most; this has {len(name)}."
    if not _NAME.fullmatch(name):
        return "Letters, digits, spaces, dots, hyphens and underscores only, a letter or digit first."
    if name.casefold().startswith(("github", "gist")):
        return "GitHub keeps names that begin with its own for itself."
    return ""


def _address_fault(url: str, github_url: str) -> str:
    if not url:
        return "GitHub sends its webhooks to this address, so it needs one."
    try:
        parts = urlsplit(url)
        host, _ = parts.hostname, parts.port  # a port that is none raises here
    except ValueError:
        return "This is no address."
    if parts.scheme not in ("http", "https") or not host or re.search(r"[^!-~]|[\"'<>\\;,]", url):
        return "This is no address: it begins with https:// and names a host."
    if parts.username is not None or parts.password is not None or parts.query or parts.fragment:
        return "The address has only a host, and a path where there is one: no name, no ? and no #."
    local = is_loopback(urlsplit(github_url).hostname)
    if is_loopback(host) and not local:
        return "GitHub cannot reach this machine by that address. Give it a public one: a proxy or a tunnel in front."
    if parts.scheme == "http" and not is_loopback(host):
        return "Over http anybody on the way reads what GitHub sends. Use https."
    return ""
