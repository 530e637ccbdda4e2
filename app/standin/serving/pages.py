"""A page per pull request, so that a person can look at it."""

from jinja2 import Environment

from app.standin.routing import Answer
from app.standin.state import World, iso

_PAGE = Environment(autoescape=True, trim_blocks=True, lstrip_blocks=True).from_string(
    """<!doctype html>
<html lang="en"><head><meta charset="utf-8">
<title>{{ issue.title }} · {{ repository.full_name }} #{{ issue.number }}</title>
<style>body{font:15px/1.5 system-ui,sans-serif;max-width:60rem;margin:2rem auto;padding:0 1rem;color:#1f2328}
pre{white-space:pre-wrap;background:#f6f8fa;padding:.7rem;border-radius:6px}
.label{border:1px solid #d0d7de;border-radius:1rem;padding:0 .6rem;margin-right:.3rem}
article{border:1px solid #d0d7de;border-radius:6px;padding:.2rem 1rem;margin:1rem 0}</style></head><body>
<p>{{ repository.full_name }}</p>
<h1>{{ issue.title }} <small>#{{ issue.number }}</small></h1>
<p id="state">{{ state }} · {{ issue.author.login }}{% if pull %} wants to merge <code>{{ pull.head_label }}</code>
(<code>{{ pull.head[:10] }}</code>) into <code>{{ pull.base_ref }}</code>{% endif %}</p>
<p id="labels">{% for label in issue.labels %}<span class="label">{{ label.name }}</span>{% endfor %}</p>
<pre id="body">{{ issue.body or "" }}</pre>
{% if pull %}<h2>Checks</h2>
<section id="checks">{% for run in runs %}<article id="run-{{ run.id }}">
<h3>{{ run.name }}: {{ run.conclusion or run.status }}{% if run.output.title %} · {{ run.output.title }}{% endif %}</h3>
{% if run.details_url %}<p><a href="{{ run.details_url }}">Details</a></p>{% endif %}
{% if run.output.summary %}<pre>{{ run.output.summary }}</pre>{% endif %}
{% if run.output.text %}<pre>{{ run.output.text }}</pre>{% endif %}
{% for note in run.annotations %}<p><code>{{ note.path }}:{{ note.start_line }}</code> {{ note.annotation_level }}:
{{ note.title or "" }} {{ note.message }}</p>{% endfor %}
{% for button in run.actions %}<p>[{{ button.label }}] {{ button.description }}</p>{% endfor %}
</article>{% else %}<p>No check has reported.</p>{% endfor %}</section>
<h2>Reviews</h2><section id="reviews">
{% for review in pull.reviews %}<article><p>{{ review.author.login }}:
{{ review.state }} (<code>{{ review.commit[:10] }}</code>)</p>
<pre>{{ review.body }}</pre></article>{% endfor %}</section>
{% endif %}<h2>Comments</h2><section id="comments">{% for comment in issue.comments %}
<article id="issuecomment-{{ comment.id }}"><p>{{ comment.author.login }}, {{ iso(comment.updated) }}
{% for reaction in comment.reactions %}({{ reaction.content }}){% endfor %}</p><pre>{{ comment.body }}</pre></article>
{% else %}<p>No comments.</p>{% endfor %}</section></body></html>
"""
)


def answer(world: World, method: str, path: str) -> Answer | None:
    """The page of `/{owner}/{repo}/pull/{number}` (or `issues`); None for all other paths."""
    parts = path.strip("/").split("/")
    if method != "GET" or len(parts) != 4 or parts[2] not in {"pull", "issues"} or not parts[3].isdecimal():
        return None
    repository = world.repository("/".join(parts[:2]))
    issue = repository.issues.get(int(parts[3])) if repository else None
    if repository is None or issue is None:
        return None
    pull = issue.pull
    state = "merged" if pull and pull.merged is not None else issue.state
    newest = {run.name: run for run in repository.runs if pull and run.head == pull.head}
    text = _PAGE.render(
        repository=repository,
        issue=issue,
        pull=pull,
        state="draft" if pull and pull.draft and state == "open" else state,
        runs=sorted(newest.values(), key=lambda run: run.name),
        iso=iso,
    )
    return Answer(text.encode(), content_type="text/html; charset=utf-8")
