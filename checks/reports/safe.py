"""Untrusted text made harmless for the place where it is shown.

File names, messages of tools that quote the source, and source lines are hostile input: they may hold escape sequences
that drive a terminal, characters that reorder or hide what is read, mentions that notify strangers, and commands that a
runner of GitHub Actions obeys. Nothing is dropped: what would act is shown as what it is.
"""

import re

# Controls, line and paragraph separators, format characters (bidirectional ones among them), surrogates, and the other
# characters that are not drawn: Unicode's categories Cc, Cf, Cs, Zl and Zp with its property Default_Ignorable.
_HIDDEN = re.compile(
    "[\x00-\x1f\x7f-\x9f\xad\u034f\u0600-\u0605\u061c\u06dd\u070f\u0890\u0891\u08e2\u115f\u1160\u17b4\u17b5\u180b-\u180f"
    "\u200b-\u200f\u2028-\u202e\u2060-\u206f\u3164\ud800-\udfff\ufe00-\ufe0f\ufeff\uffa0\ufff0-\ufffb"
    "\U000110bd\U000110cd\U00013430-\U0001343f\U0001bca0-\U0001bca3\U0001d173-\U0001d17a\U000e0000-\U000e0fff]"
)
_SHORT = {"\t": "\\t", "\n": "\\n", "\r": "\\r"}

_COMMAND = re.compile(r"^(\s*):")  # the runner trims a line before it looks for `::`
_OLD_COMMAND = re.compile(r"##(?=\[)")  # and finds its older form, `##[group]`, anywhere in it

# GitHub looks for mentions, references, addresses and emoji in the text that is left after Markdown: an escape does not
# stop it, a zero-width space within does.
_NOTIFYING = re.compile(r"@|#(?=\d)|gh-(?=\d)|www(?=\.)|:(?=//|[\w+-]+:)", re.IGNORECASE)
_MARKUP = re.compile(r"[\\`*_{}\[\]()<>#|~&\"'$^!]|^[-+=]|(?<=\d)[.)]")
_GAP = "\u200b"


def visible(text: str) -> str:
    r"""The text on one line with every character that acts or hides written as `\n`, `\x1b`, `\u202e`."""
    return _HIDDEN.sub(_escape, text)


def for_terminal(text: str) -> str:
    """`visible` text that is no workflow command either: for terminals and logs, at any place of a line."""
    text = _OLD_COMMAND.sub(r"#\\x23", visible(text))
    return _COMMAND.sub(r"\1\\x3a", text)


def lines_for_terminal(text: str) -> str:
    """Text of many lines, such as a diff, with what would act on a terminal made visible; tabs and lines stay."""
    return _HIDDEN.sub(lambda match: match[0] if match[0] in "\t\n" else _escape(match), text)


def for_workflow_command(text: str) -> str:
    """The message of a workflow command of GitHub Actions (`::error::message`); lines stay lines."""
    encoded = text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")
    return visible(encoded)


def for_workflow_property(text: str) -> str:
    """The value of a property of a workflow command (`::error file=value::`)."""
    return for_workflow_command(text).replace(":", "%3A").replace(",", "%2C")


def for_markdown(text: str) -> str:
    """Prose on one line of GitHub's Markdown, in a paragraph, a list or a table: it renders as itself.

    No mark-up, HTML, image, fence or table cell begins in it; no mention, issue reference, address or emoji is made
    of it. White space at its ends is lost.
    """
    gapped = _NOTIFYING.sub(lambda match: match[0] + _GAP, visible(text).strip())
    return _MARKUP.sub(lambda match: f"&#{ord(match[0])};", gapped).replace(_GAP, "&#8203;")


def for_markdown_code(text: str) -> str:
    """The text as inline code of GitHub's Markdown, tables included: for paths and source, which stay copyable."""
    text = visible(text)
    if text.strip() and not set("`|") & set(text):
        return f"`{text}`"  # nothing is read within; only these two could end it
    return f"<code>{for_markdown(text)}</code>"


def shortened(text: str, limit: int) -> str:
    """The text itself if it has at most `limit` characters, else its start with `…` as the last of them."""
    return text if len(text) <= limit else text[: limit - 1] + "…"


def _escape(match: re.Match[str]) -> str:
    character = match[0]
    code = ord(character)
    if code <= 0xFF:
        return _SHORT.get(character, f"\\x{code:02x}")
    return f"\\u{code:04x}" if code <= 0xFFFF else f"\\U{code:08x}"
