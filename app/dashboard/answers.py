"""Pages as answers: the templates, what they may not do, and the headers of each.

All text in a template is hostile: it is escaped for HTML, and characters that act or hide are shown as what they are.
A page loads its style sheet and its icon from here and nothing from elsewhere; it has no script at all.
"""

import hashlib
from collections.abc import Iterable
from functools import cache
from importlib import resources
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response
from starlette.routing import Route

from app.dashboard import words
from checks.reports.safe import shortened, visible

_STATIC = {"selfmod.css": "text/css; charset=utf-8", "icon.svg": "image/svg+xml"}


def page(
    template: str,
    values: dict[str, Any],
    *,
    status: int = 200,
    cache_control: str = "private, no-cache",
    referrer: str = "no-referrer",
    form_actions: Iterable[str] = (),
) -> HTMLResponse:
    """A rendered page. `form_actions` are origins beside our own that its forms are sent to."""
    headers = {
        "Content-Security-Policy": _policy(form_actions),
        "X-Content-Type-Options": "nosniff",
        "X-Frame-Options": "DENY",
        "Referrer-Policy": referrer,
        "Cache-Control": cache_control,
        "Cross-Origin-Opener-Policy": "same-origin",
        "Cross-Origin-Resource-Policy": "same-origin",
        "X-Robots-Tag": "noindex, nofollow",
    }
    return HTMLResponse(_environment().get_template(template).render(values), status, headers)


def message(status: int, title: str, *said: str, hint: str = "", action: tuple[str, str] | None = None) -> HTMLResponse:
    """A page that says one thing: what is the matter, and what to do. `action` is a link's text and its address here,
    for the top right."""
    values = {"title": title, "said": said, "hint": hint, "action": action}
    return page("message.html", values, status=status, cache_control="no-store")


def static_routes() -> list[Route]:
    """The style sheet and the icon, under names that change with their content."""
    return [Route(_address(name), _static, name=name) for name in _STATIC]


def _policy(form_actions: Iterable[str]) -> str:
    actions = " ".join(("'self'", *form_actions))
    return (
        "default-src 'none'; style-src 'self'; img-src 'self'; base-uri 'none'; "
        f"frame-ancestors 'none'; form-action {actions}"
    )


@cache
def _environment() -> Environment:
    environment = Environment(
        loader=PackageLoader("app.dashboard"),
        autoescape=True,
        undefined=StrictUndefined,
        finalize=_harmless,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.globals |= {"static": _address}
    environment.filters |= words.FILTERS
    return environment


def _harmless(value: object) -> object:
    """What a template prints; Jinja escapes it after that. Markup is only what a template itself made."""
    if isinstance(value, str) and not isinstance(value, Markup):
        return visible(shortened(value, words.LONGEST))
    return value


def _address(name: str) -> str:
    stem, _, suffix = name.rpartition(".")
    return f"/static/{stem}.{hashlib.sha256(_content(name)).hexdigest()[:12]}.{suffix}"


@cache
def _content(name: str) -> bytes:
    return resources.files("app.dashboard").joinpath("static", name).read_bytes()


def _static(request: Request) -> Response:
    name = next(each for each in _STATIC if request.url.path.endswith(_address(each)))
    headers = {"Cache-Control": "public, max-age=31536000, immutable", "X-Content-Type-Options": "nosniff"}
    return Response(_content(name), headers=headers, media_type=_STATIC[name])
