import pytest

from checks.validation.syntax.data import fault, kind

WELL: list[tuple[str, bytes]] = [
    ("a.toml", b"x = 1\n[a.b]\ny = [1, 2]\n"),
    ("a.toml", b"\xef\xbb\xbfx = 1\r\n"),
    ("uv.lock", b"version = 1\n"),
    ("a.yml", b"a: 1\n---\nb: 2\n...\n"),
    ("a.yaml", b"a: !Ref x\nb: !!python/object:os.system {}\nc: !<tag:x,1> y\n"),
    ("a.yaml", b"a: &x {b: 1}\nc: *x\nd: {<<: *x}\n"),
    ("a.yaml", b"on: [push]\nsteps:\n  - run: |\n      a: {{\n"),
    ("a.yaml", b""),
    ("a.yaml", b"# only a comment\n"),
    ("a.yaml", b"a: &l [x]\nb: &m [*l,*l,*l]\nc: &n [*m,*m,*m]\nd: [*n,*n,*n]\n"),
    ("a.json", b'{"a": [1, null, "\\ud83d\\ude00"]}'),
    ("a.json", b"\xef\xbb\xbf{}"),
    ("a.json", "{}".encode("utf-16")),
    ("a.json", b"[" + b"1" * 9000 + b"]"),
    ("x.ipynb", b'{"cells": []}'),
    ("tsconfig.json", b'{\n // why\n "a": "http://x", /* b */ "c": [1, 2,],\n}\n'),
    ("tsconfig.build.json", b'{"a": 1,}'),
    (".vscode/settings.json", b'{"a": "// no comment", // one\n}'),
    (".devcontainer/devcontainer.json", b"// x\n{}"),
    ("a.jsonc", b'{"a": "\\"//", "b": ",]"}//'),
    ("notes.txt", b"{"),
]
FAULTS: list[tuple[str, bytes, int, str]] = [
    ("a.toml", b"x = 1\ny = \n", 2, "Invalid value"),
    ("a.toml", b"x = 1\nx = 2\n", 2, "Cannot overwrite"),
    ("a.toml", b"a = '''", 1, "Expected"),
    ("a.yml", b"a: 1\nb: [1\n", 3, "flow sequence"),
    ("a.yml", b"a: b: c\n", 1, "mapping values"),
    ("a.yml", b"a:\n\t- b\n", 2, "token"),
    ("a.yml", b"a: *nowhere\n", 1, "no anchor"),
    ("a.yml", b"a: &x 1\n---\nb: *x\n", 3, "no anchor"),
    ("a.yml", b"a: \xff\n", 1, "UTF-8"),
    ("a.json", b'{"a": 1,}', 1, ""),
    ("a.json", b"{\n// no\n}", 2, ""),
    ("a.json", b"{'a': 1}", 1, ""),
    ("a.json", b"", 1, ""),
    ("a.json", b"{}\n{}\n", 2, "Extra data"),
    ("x.ipynb", b'{"cells": [}', 1, ""),
    ("tsconfig.json", b'{"a": 1,, }', 1, ""),
    ("tsconfig.json", b"{\n/* open\n}", 2, ""),
]


@pytest.mark.parametrize(("path", "content"), WELL)
def test_well_formed(path: str, content: bytes) -> None:
    assert fault(path, content) is None


@pytest.mark.parametrize(("path", "content", "line", "said"), FAULTS)
def test_faults_with_their_lines(path: str, content: bytes, line: int, said: str) -> None:
    found = fault(path, content)
    assert found is not None
    assert found[0] == line
    assert said in found[2]


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        ("a/pyproject.toml", "TOML"),
        ("Pipfile", "TOML"),
        ("Pipfile.lock", "JSON"),
        ("A.YML", "YAML"),
        ("a.json5", None),
        ("a.jsonl", None),
        ("toml", None),
    ],
)
def test_kinds(path: str, expected: str | None) -> None:
    assert kind(path) == expected
