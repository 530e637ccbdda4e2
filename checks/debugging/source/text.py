"""The decoded text of a file, with exact offsets, so that everything outside an edit stays as it was to the byte."""

import codecs
import io
import re
import tokenize
from dataclasses import dataclass
from functools import cached_property

from checks.model.findings import NotAnalysed

_LINE_END = re.compile(rb"\r\n|\r|\n")
_BOM = codecs.BOM_UTF8


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
        """One level of indentation as the file writes it: its first indented line after a colon, else four blanks."""
        match = re.search(rb":[ \t]*(?:#[^\r\n]*)?(?:\r\n|\r|\n)([ \t]+)[^\s#]", self.data)
        if match is None:
            return "    "
        before = self.data[: match.start()]
        start = max(before.rfind(b"\n"), before.rfind(b"\r")) + 1
        outer = re.match(rb"[ \t]*", self.data[start : match.start()])
        width = match.group(1)[outer.end() if outer else 0 :]
        return width.decode() if width in (b"\t", b"  ", b"   ", b"    ", b"        ") else "    "

    def offset(self, line: int, column: int) -> int:
        """Byte offset of a place as `ast` gives it: line from 1, column in UTF-8 bytes from 0."""
        return self.line_starts[line - 1] + column

    def line_of(self, offset: int) -> int:
        """The line, from 1, that holds a byte offset."""
        import bisect

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
    """Decodes a file as Python does (PEP 263, PEP 3120). What cannot be decoded is not analysed, with the place."""
    if b"\0" in raw:
        line = raw.count(b"\n", 0, raw.index(b"\0")) + 1
        return NotAnalysed(path, f"line {line} holds a NUL byte: Python does not read such a file")
    try:
        encoding, _ = tokenize.detect_encoding(io.BytesIO(raw).readline)
    except (SyntaxError, ValueError) as error:
        return NotAnalysed(path, f"its encoding cannot be told: {getattr(error, 'msg', None) or error}")
    bom = raw.startswith(_BOM)
    encoding = "utf-8" if encoding == "utf-8-sig" else encoding
    body = raw[len(_BOM) :] if bom else raw
    try:
        string = body.decode(encoding)
        data = string.encode("utf-8")
    except UnicodeDecodeError as error:
        line = body.count(b"\n", 0, error.start) + 1
        return NotAnalysed(path, f"line {line} is not valid {encoding} (byte {error.start})")
    except (LookupError, UnicodeError, ValueError) as error:
        return NotAnalysed(path, f"its encoding {encoding} cannot be used: {error}")
    return Text(path, data, encoding, bom)
