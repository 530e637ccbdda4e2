"""The YAML of a configuration: what it holds, and what hostile or mistaken files come to."""

import pytest

from checks.configuration import document
from checks.configuration.document import DEEPEST, LARGEST


def told(text: str | bytes) -> list[str]:
    found = document.read(text if isinstance(text, bytes) else text.encode())
    return [f"{fault.line}: {fault.reason}" for fault in found.faults]


OF_ITS_OWN = "for something of its own; put the whole value in quotes."


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("", None),
        ("a: 1", {"a": 1}),
        ("a: [2001-01-01, 2001-99-99]", {"a": ["2001-01-01", "2001-99-99"]}),  # no key means a date
        ("a: {b: true, c: yes}", {"a": {"b": True, "c": True}}),
        ("a: '<<'", {"a": "<<"}),
        ("a: 0\nb: -5\nc: 10", {"a": 0, "b": -5, "c": 10}),
        ("\ufeffa: x\r\nb: y\r\n", {"a": "x", "b": "y"}),
    ],
)
def test_values(text: str, value: object) -> None:
    found = document.read(text.encode())
    assert (found.value, found.faults) == (value, ())


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("a: 0600", "1: a: YAML reads 0600 as the number 384 (a number that begins with 0 is octal)."),
        ("a: [1, 12:30]", "1: a.1: YAML reads 12:30 as the number 750."),
        ("a:\n  b: 1_000", "2: a.b: YAML reads 1_000 as the number 1000."),
        ("a: 0x1F", "1: a: YAML reads 0x1F as the number 31."),
        ("a: 0b11", "1: a: YAML reads 0b11 as the number 3."),
        ("a: " + "9" * 19, "1: a: a number of that size is not allowed."),
        ("a: " + "9" * 60_000, "1: a: a number of that size is not allowed."),
        ("on: 1", "1: on: a key is to be text; YAML reads on as true."),
        ("a:\n  No: 1", "2: a.No: a key is to be text; YAML reads No as false."),
        ("3.10: 1", "1: 3.10: a key is to be text; YAML reads 3.10 as the number 3.1."),
        ("8: 1", "1: 8: a key is to be text."),
        ("~: 1", "1: ~: a key is to be text."),
        ("a: 1\nb: 2\na: 3", "3: the key 'a' is given twice, first on line 1."),
        ("a: {b: 1, 'b': 2}", "1: the key 'b' is given twice, first on line 1."),
        ("<<: {a: 1}", "1: merge keys are not allowed."),
        ("? [a]\n: b", "1: a key is a word, not a list or a mapping."),
        ("a: &x 1\nb: *x", "2: aliases are not allowed: put a word that begins with '*' in quotes."),
        ("a: @acme/x", f"1: YAML takes a word that begins with '@' {OF_ITS_OWN}"),
        ("a: * * * * *", f"1: YAML takes a word that begins with '*' {OF_ITS_OWN}"),
        ("a: **/x", f"1: YAML takes a word that begins with '*' {OF_ITS_OWN}"),
        ("a: %x", f"1: YAML takes a word that begins with '%' {OF_ITS_OWN}"),
        ("a: `x`", f"1: YAML takes a word that begins with '`' {OF_ITS_OWN}"),
        ("a: & b", f"1: YAML takes a word that begins with '&' {OF_ITS_OWN}"),
        ("a: b: c", "1: a second ': ' on this line; put a value that holds one in quotes."),
        ("a: !x 1", "1: the tag '!x' is not allowed."),
        ("=: 1", "1: =: a key is to be text."),
    ],
)
def test_traps_are_explained(text: str, said: str) -> None:
    assert told(text) == [said]


BOMB = "a: &a [x,x,x,x]\n" + "".join(
    f"{c}: &{c} [*{p},*{p},*{p},*{p}]\n" for p, c in zip("abcdefgh", "bcdefghi", strict=True)
)


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (BOMB.encode(), "2: aliases are not allowed: put a word that begins with '*' in quotes."),
        (b"[" * LARGEST, f"1: it is nested deeper than {DEEPEST} levels."),
        (b"{a: " * 10_000, f"1: it is nested deeper than {DEEPEST} levels."),
        (b"- " * 30_000, f"1: it is nested deeper than {DEEPEST} levels."),
        (b"x" * (LARGEST + 1), "0: has 65,537 bytes; 65,536 are allowed."),
        (b"a: [" + b"1," * 1_000_000 + b"]", "0: has 2,000,005 bytes; 65,536 are allowed."),
        (b"\xff\xfea\x00", "0: is not UTF-8 (byte 0)."),
        (
            b"\x7fELF\x02\x01\x01\x00\x00",
            "0: cannot be read: unacceptable character #x007f: special characters are not allowed.",
        ),
        (
            b"a: !!python/object/apply:os.system [x]",
            "1: the tag 'tag:yaml.org,2002:python/object/apply:os.system' is not allowed.",
        ),
        (b"a: 'x", "1: found unexpected end of stream."),
        (b"? " * 5, "1: a key is a word, not a list or a mapping."),
    ],
)
def test_hostile_files_cost_little(content: bytes, said: str) -> None:
    assert told(content) == [said]


def test_every_fault_of_the_yaml_is_told() -> None:
    assert told("a: 010\nb:\n  on: 1\nb: 2\n") == [
        "1: a: YAML reads 010 as the number 8 (a number that begins with 0 is octal).",
        "3: b.on: a key is to be text; YAML reads on as true.",
        "4: the key 'b' is given twice, first on line 2.",
    ]


TEXT = "a:\n  b:\n    - x\n    - c: 1\n      d: 2\n"


@pytest.mark.parametrize(
    ("location", "line", "there"),
    [
        ((), 1, True),
        (("a",), 1, True),
        (("a", "b"), 2, True),
        (("a", "b", 0), 3, True),
        (("a", "b", 1, "d"), 5, True),
        (("a", "b", 1, "e"), 4, False),
        (("a", "b", 2), 2, False),
        (("a", "b", 0, "x"), 3, False),
        (("z",), 1, False),
    ],
)
def test_every_value_knows_its_line(location: tuple[str | int, ...], line: int, there: bool) -> None:
    found = document.read(TEXT.encode())
    assert (found.line(location), found.holds(location)) == (line, there)


def test_where_values_come_from() -> None:
    found = document.read(b"a:\n  b: 1\nl: [1]\n")
    origins = dict(document.origins(found, {"a": {"b": 1, "c": 2}, "l": [1], "m": {}}))
    assert origins == {("a", "b"): 2, ("a", "c"): None, ("l",): 3, ("m",): None}
