import ast

import pytest

from checks.debugging.rules.network._addresses import is_local, literal_start


@pytest.mark.parametrize(
    ("source", "start"),
    [
        ("'https://a/'", "https://a/"),
        ("f'https://a/{b}'", "https://a/"),
        ("'https://%s' % a", "https://%s"),
        ("'https://a/' + b + c", "https://a/"),
        ("'https://{}'.format(a)", "https://{}"),
        ("f'{a}/b'", None),
        ("a + 'b'", None),
        ("a", None),
    ],
)
def test_literal_start(source: str, start: str | None) -> None:
    assert literal_start(ast.parse(source, mode="eval").body) == start


@pytest.mark.parametrize(
    ("url", "local"),
    [
        ("https://localhost:8443/", True),
        ("https://127.0.0.1/", True),
        ("https://10.1.2.3/x", True),
        ("https://[::1]:80/", True),
        ("https://printer.local", True),
        ("https://example.org/", False),
        ("https://8.8.8.8/", False),
        ("https://[bad/", False),
        ("https://", False),
        (None, False),
    ],
)
def test_is_local(url: str | None, local: bool) -> None:
    assert is_local(url) is local
