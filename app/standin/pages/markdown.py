"""Markdown of comments and check runs as HTML that is harmless whoever wrote it."""

import re
from collections.abc import Callable, Sequence
from html import escape

from markdown_it import MarkdownIt
from markdown_it.renderer import RendererHTML
from markdown_it.token import Token
from markdown_it.utils import EnvType, OptionsDict
from markupsafe import Markup

_FOLDS = re.compile(r"(</?(?:details|summary)>|<br ?/?>)")
"""The HTML that is kept; everything else is shown as it was written."""
_COMMENT = re.compile(r"<!--.*?(?:-->|\Z)", re.DOTALL)
_REFERENCE = re.compile(r"(?<![\w&;#/])#(\d{1,9})\b")
_LONGEST = 200_000
"""Characters that are rendered; more are shown as plain text."""


def rendered(text: str | None, issue: Callable[[int], str | None] = lambda number: None) -> Markup:
    """`issue` gives the address of an issue or pull request of the repository, None where there is none."""
    if not text:
        return Markup()
    if len(text) > _LONGEST:
        return Markup(f"<pre>{escape(text)}</pre>")  # noqa: S704  # escaped here
    made = _PARSER.render(text, {"issue": issue})
    return Markup(made)  # noqa: S704  # made of escaped text and known tags alone


def _html(renderer: RendererHTML, tokens: Sequence[Token], index: int, options: OptionsDict, env: EnvType) -> str:
    pieces = _FOLDS.split(_COMMENT.sub("", tokens[index].content))
    return "".join(each if _FOLDS.fullmatch(each) else escape(each) for each in pieces)


def _text(renderer: RendererHTML, tokens: Sequence[Token], index: int, options: OptionsDict, env: EnvType) -> str:
    """Text, with references to what is there as links; not within a link, which cannot hold another."""
    told = escape(tokens[index].content, quote=False)
    if sum((each.type == "link_open") - (each.type == "link_close") for each in tokens[:index]):
        return told
    issue: Callable[[int], str | None] = env["issue"]

    def linked(found: re.Match[str]) -> str:
        address = issue(int(found[1]))
        return f'<a href="{escape(address)}">{found[0]}</a>' if address else found[0]

    return _REFERENCE.sub(linked, told)


def _parser() -> MarkdownIt:
    made = MarkdownIt("commonmark", {"html": True}).enable(["table", "strikethrough"]).disable("image")
    for name, rule in (("html_block", _html), ("html_inline", _html), ("text", _text)):
        made.add_render_rule(name, rule)
    return made


_PARSER = _parser()
