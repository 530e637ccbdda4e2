"""The decoded text of a file, with exact offsets, so that everything outside an edit stays as it was to the byte."""

import bisect
import codecs
import io
import re
import tokenize
import warnings
from dataclasses import dataclass
from functools import cached_property

from checks.model.findings import NotAnalysed

_LINE_END = re.compile(rb"\r\n|\r|\n")
_BOM = codecs.BOM_UTF8
_UNITS = ("\t", "  ", "   ", "    ", "        ")
_ASCII = b"# -*- coding: AZaz09_."


@dataclass(frozen=True)
class Text:
    """A Python file's text.

    `data` is the text in UTF-8 without byte order mark: all offsets count its bytes, as `ast` columns do. Lines end
    where Python's tokenizer ends them: at LF, CR LF or a lone CR, never at a form feed or U+2028.
    """

    path: str
    data: bytes
    encoding: str
    bom: bool

    @cached_property
    def string(self) -> str:
        """The text as `str`, line endings as they are."""
        return self.data.decode("utf-8")

    @cached_property
    def line_starts(self) -> tuple[int, ...]:
        """Offset of each line's first byte."""
        return (0, *(match.end() for match in _LINE_END.finditer(self.data)))

    @cached_property
    def newline(self) -> str:
        """The line ending that the file uses most; LF for a file of one line."""
        windows = self.data.count(b"\r\n")
        unix = self.data.count(b"\n") - windows
        mac = self.data.count(b"\r") - windows
        best = max(windows, unix, mac)
        if not best or best == unix:
            return "\n"
        return "\r\n" if best == windows else "\r"

    @cached_property
    def indent_unit(self) -> str:
        """One level of indentation as the file writes it: that of its first indented block, else four blanks."""
        lines = io.StringIO(self.string, newline=None)
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            try:
                for token in tokenize.generate_tokens(lines.readline):
                    if token.type == tokenize.INDENT:
                        return token.string if token.string in _UNITS else "    "
            except (tokenize.TokenError, SyntaxError):
                pass  # the file's own faults are told elsewhere
        return "    "

    def offset(self, line: int, column: int) -> int:
        """Byte offset of a place as `ast` gives it: line from 1, column in UTF-8 bytes from 0."""
        return self.line_starts[line - 1] + column

    def line_of(self, offset: int) -> int:
        """The line, from 1, that holds a byte offset."""
        return bisect.bisect_right(self.line_starts, offset)

    def line(self, number: int) -> str:
        """A line's text without its ending; empty where there is no such line."""
        if not 1 <= number <= len(self.line_starts):
            return ""
        start = self.line_starts[number - 1]
        end = self.line_starts[number] if number < len(self.line_starts) else len(self.data)
        return self.data[start:end].rstrip(b"\r\n").decode("utf-8")

    def column(self, line: int, column: int) -> int:
        """A byte column from 0 as a character column from 1."""
        start = self.line_starts[line - 1]
        return len(self.data[start : start + column].decode("utf-8", "replace")) + 1

    def encode(self, data: bytes) -> bytes | None:
        """Changed UTF-8 data as the file's own bytes (encoding, byte order mark); None where it cannot say them."""
        try:
            return (_BOM if self.bom else b"") + data.decode("utf-8").encode(self.encoding)
        except UnicodeError:
            return None


def read(path: str, raw: bytes) -> Text | NotAnalysed:
    """Decodes a file as Python does (PEP 263, PEP 3120). What cannot be decoded, or could not be written back the
    same, is not analysed, with the place."""
    if b"\0" in raw:
        return NotAnalysed(path, f"line {_line(raw, raw.index(0))} holds a NUL byte: Python does not read such a file")
    # the declaration is looked for in lines as Python's tokenizer ends them
    head = re.sub(rb"\r\n?", b"\n", raw) if b"\r" in raw else raw
    try:
        encoding, _ = tokenize.detect_encoding(io.BytesIO(head).readline)
    except (SyntaxError, ValueError) as error:
        return NotAnalysed(path, f"its encoding cannot be told: {getattr(error, 'msg', None) or error}")
    bom = raw.startswith(_BOM)
    encoding = "utf-8" if encoding == "utf-8-sig" else encoding
    body = raw[len(_BOM) :] if bom else raw
    try:
        string = body.decode(encoding)
        if encoding == "utf-8":
            return Text(path, body, encoding, bom)
        if _ASCII.decode(encoding).encode() != _ASCII or string.encode(encoding) != body:
            return NotAnalysed(path, f"its encoding {encoding} cannot be used: it does not give the same bytes back")
        data = string.encode("utf-8")
    except UnicodeDecodeError as error:
        return NotAnalysed(path, f"line {_line(body, error.start)} is not valid {encoding} (byte {error.start})")
    except (LookupError, UnicodeError, ValueError) as error:
        return NotAnalysed(path, f"its encoding {encoding} cannot be used: {error}")
    if b"\0" in data:
        return NotAnalysed(path, f"it holds a NUL character in {encoding}: Python does not read such a file")
    return Text(path, data, encoding, bom)


def _line(data: bytes, offset: int) -> int:
    return len(_LINE_END.findall(data, 0, offset)) + 1
