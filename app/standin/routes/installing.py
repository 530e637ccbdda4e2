"""The page that installs an App on repositories, as a person sees it.

Source: https://docs.github.com/en/apps/using-github-apps/installing-your-own-github-app. Nobody signs in to the
stand-in's pages: every account's repositories are shown."""

from urllib.parse import urlencode, urlsplit

from jinja2 import Environment

from app.standin import opening
from app.standin.routing import Answer, Call, Route, gone
from app.standin.state import App, Repository

_PAGE = Environment(autoescape=True, trim_blocks=True, lstrip_blocks=True).from_string(
    """<!doctype html>
<html lang="en"><head><meta charset="utf-8"><title>Install {{ app.name }}</title>
<style>body{font:15px/1.5 system-ui,sans-serif;max-width:40rem;margin:2rem auto;padding:0 1rem;color:#1f2328}</style>
</head><body><h1>Install {{ app.name }}</h1>
{% if told %}<p role="alert">{{ told }}</p>{% endif %}
<form method="post"><input type="hidden" name="state" value="{{ state }}">
{% for one in repositories %}<p><label><input type="checkbox" name="repository:{{ one.full_name }}" value="on">
{{ one.full_name }}</label></p>{% else %}<p>There is no repository.</p>{% endfor %}
<p><button type="submit">Install</button></p></form>
<h2>Permissions</h2>
<ul>{% for name, level in app.permissions.items() %}<li>{{ name }}: {{ level }}</li>{% endfor %}</ul>
</body></html>
"""
)


def _app(call: Call) -> App:
    found = next((app for app in call.world.apps.values() if app.slug == call.params["slug"]), None)
    if found is None:
        raise gone()
    return found


def page(call: Call) -> Answer:
    return _shown(call, call.query.get("state", ""))


def install(call: Call) -> Answer:
    """On the repositories that are ticked, of one account; then to the App's own page if it has one."""
    app, state = _app(call), str(call.body.get("state", ""))
    names = [name.partition(":")[2] for name in call.body if name.startswith("repository:")]
    chosen = [found for name in names if (found := call.world.repository(name))]
    if not chosen or len({one.owner.login for one in chosen}) > 1:
        return _shown(call, state, "Choose repositories of one account.")
    made = opening.install(call.world, app, chosen)
    facts = {"installation_id": str(made.id), "setup_action": "install"} | ({"state": state} if state else {})
    goal = app.setup_url or f"{call.world.web_url}{call.path}"
    return Answer(status=302, headers={"Location": f"{goal}{'&' if urlsplit(goal).query else '?'}{urlencode(facts)}"})


def _shown(call: Call, state: str, told: str = "") -> Answer:
    repositories: list[Repository] = sorted(call.world.repositories.values(), key=lambda one: one.full_name)
    text = _PAGE.render(app=_app(call), repositories=repositories, state=state, told=told)
    return Answer(text.encode(), status=422 if told else 200, content_type="text/html; charset=utf-8")


_PATH = "/apps/{slug}/installations/new"

ROUTES = (
    Route("GET", _PATH, "public", page),
    Route("POST", _PATH, "public", install, body=None),
)
