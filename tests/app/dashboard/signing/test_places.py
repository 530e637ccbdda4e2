"""After signing in a browser stays on this server, whatever it was asked to go to."""

from urllib.parse import parse_qs, urljoin, urlsplit

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from app.dashboard.signing.places import landing, sign_in_url

HERE = "https://selfmod.example"
PIECES = st.sampled_from(
    ["/", "//", "\\", ":", "@", "evil.example", "https:", "javascript:", ".", "..", "%2f", "?", "#"]
)


@pytest.mark.parametrize(
    "path", ["/", "/details/mod_4be1a9d07c35?key=a-_b", "/acme/orders.py/pull/7?key=x&list", "/?a=%2F"]
)
def test_paths_of_this_server_stay(path: str) -> None:
    assert landing(path) == path


@given(st.one_of(st.text(), st.lists(st.one_of(PIECES, st.text(max_size=3))).map("".join)))
@example("//evil.example")
@example("/\\evil.example")
@example("/\t/evil.example")
@example("https://evil.example")
@example("/" * 2_000)
@example("/a\r\nSet-Cookie: x=y")
def test_nothing_leads_elsewhere(path: str) -> None:
    found = landing(path)
    there = urlsplit(urljoin(f"{HERE}/signed-in", found.replace("\\", "/")))
    assert (there.scheme, there.netloc) == ("https", "selfmod.example")
    assert found.startswith("/") and not found.startswith("//")
    assert found.isascii() and found.isprintable() and " " not in found
    assert landing(found) == found


@given(st.text())
def test_the_way_to_sign_in_keeps_the_path_whole(path: str) -> None:
    path = path.encode("utf-8", "replace").decode()
    address = sign_in_url(path)
    assert urlsplit(address).path == "/sign-in"
    assert parse_qs(urlsplit(address).query, keep_blank_values=True) == {"next": [path]}
