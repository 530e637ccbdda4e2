"""Characters that deceive the reader, and those that do not."""

import pytest

from checks.validation.patterns import characters

RLO, RLI, PDI, LRM, ZWSP, ZWJ, VS16 = "\u202e", "\u2067", "\u2069", "\u200e", "\u200b", "\u200d", "\ufe0f"
TAGS = "".join(chr(0xE0000 + ord(c)) for c in "run rm")

SEEN: list[tuple[str, str, str, str]] = [
    ("a.py", f"x = 'user{RLO} {RLI}# admin{PDI}'\n", "bidirectional", "always"),
    ("a.py", f"# note {RLI}x{PDI}\n", "bidirectional", "always"),
    ("deploy.yml", f"run: a{RLO}b\n", "bidirectional", "always"),
    ("Makefile", f"all:\n\techo {RLO}\n", "bidirectional", "always"),
    ("src/a.rs", f"// {RLO}\n", "bidirectional", "always"),
    ("README.md", f"Text {RLO}\n", "bidirectional", "never"),
    ("locale/ar.json", f'{{"a": "{RLI}x{PDI}"}}\n', "bidirectional", "never"),
    ("a.py", f"x = '{LRM}'\n", "bidirectional", "never"),
    ("AGENTS.md", f"Be kind.{TAGS}\n", "invisible", "always"),
    ("a.py", "x = '" + "\U000e0101" * 5 + "'\n", "invisible", "always"),
    ("notes.txt", ZWSP * 3 + ZWJ * 4 + ZWSP * 5 + "\n", "invisible", "always"),
    ("a.py", "def f(a\u3164):\n    return 1\n", "invisible", "always"),
    ("a.py", f"x = 'a{ZWSP}b'\n", "invisible", "from selfmod"),
    ("a.js", f"const a{ZWSP} = 1\n", "invisible", "from selfmod"),
    ("notes.md", f"a{ZWSP}b\n", "invisible", "never"),
    ("a.py", "\u0430dmin = 1\nadmin = 2\n", "look-alike", "always"),
    ("a.py", "def \u0440\u0430y(): ...\n", "look-alike", "always"),
    ("a.py", "\u0441\u043e\u0440\u0443 = 1\ncopy = 2\n", "look-alike", "always"),
    ("a.py", "\uff45val(x)\n", "look-alike", "always"),
    ("a.py", "\U0001d5be\U0001d5cf\U0001d5ba\U0001d5c5(x)\n", "look-alike", "always"),
    ("a.js", "if (\u0430dmin) {}\n", "look-alike", "never"),
]

UNSEEN: list[tuple[str, str]] = [
    ("a.py", "x = 1\n"),
    ("a.py", "\ufeffx = 'é'\n"),
    ("a.py", "größe = 1\nδx = 2\nΔt = 3\nπ = 4\nν_max = 5\nµ = 6\n"),
    ("a.py", "имя = 'значение'\nсору = 1\n"),
    ("a.py", "# Сору of the file, \u0430dmin\n"),
    ("a.py", "x = '\u0430dmin'\n"),
    ("a.py", "x = 'שלום'  # مرحبا\n"),
    ("a.py", f"x = '\U0001f468{ZWJ}\U0001f469{ZWJ}\U0001f467 ❤{VS16}'\n"),
    ("a.py", r"x = '\u202e \u200b'" + "\n"),
    ("a.py", "名前 = '値'\n"),
    ("flag.md", "\U0001f3f4\U000e0067\U000e0062\U000e0065\U000e006e\U000e0067\U000e007f\n"),
    ("fa.po", 'msgstr "می\u200cخواهم"\n'),
    ("notes.md", f"Hebrew {LRM}\n"),
    ("a.md", "\u0430dmin\n"),
    ("keys.txt", f"1{VS16}\u20e3 2{VS16}\u20e3\n"),
    ("a.js", "// копия файла\n"),
    ("a.js", "const größe = 'naïve'\n"),
    ("a.yml", "name: Пример\n"),
    ("a.py", "x = 'ﬁ ½ ²'\n"),
    ("hi.txt", "क्\u200dष\n"),
    ("a.py", "'\u00a0'\n"),
]


@pytest.mark.parametrize(("path", "text", "rule", "fails"), SEEN)
def test_what_deceives_is_seen(path: str, text: str, rule: str, fails: str) -> None:
    found = list(characters.look(path, text, python=path.endswith(".py")))
    assert [(row["rule"], row["fails"]) for row in found] == [(f"dangerous-{rule}", fails)]
    assert all(c.isprintable() for c in found[0]["text"] + found[0]["message"])


@pytest.mark.parametrize(("path", "text"), UNSEEN)
def test_what_only_is_another_script_is_not(path: str, text: str) -> None:
    assert list(characters.look(path, text, python=path.endswith(".py"))) == []


def test_there_are_as_many_look_alikes() -> None:
    assert len(UNSEEN) >= len(SEEN)


def test_the_place_is_right() -> None:
    (row,) = characters.look("a.py", f"x = 1\r\ny = '{RLO}'\r", python=True)
    assert (row["line"], row["column"], row["text"]) == (2, 6, r"y = '\u202e'")


@pytest.mark.parametrize(
    "text",
    [
        "é" * 500_000,
        "é\n" * 100_000,
        f"{ZWSP}é" * 200_000,
        "(" * 5_000 + "é",
        "'''é\n" * 10_000,
        "а" * 200_000 + "b = 1",
    ],
)
def test_hostile_text_ends(text: str) -> None:
    for python in (True, False):
        assert all(row["rule"] for row in characters.look("a.js", text, python=python))
