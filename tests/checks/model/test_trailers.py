import pytest

from checks.model import trailers

LINE = trailers.line(trailers.MODIFICATION, "mod_4be1")


@pytest.mark.parametrize(
    ("message", "found"),
    [
        (f"fix: it\n\n{LINE}\n", ("mod_4be1",)),
        (f"fix: it\r\n\r\n{LINE}\r\n", ("mod_4be1",)),
        (f"* one\n\n{LINE}\n\n* two\n\n{trailers.MODIFICATION}: mod_9999\n{LINE}\n", ("mod_4be1", "mod_9999")),
        (f"{trailers.MODIFICATION}:mod_4be1", ("mod_4be1",)),
        (f"> {LINE}", ()),
        (f"{LINE} and more", ()),
        (f"{trailers.MODIFICATION}: mod_", ()),
        (f"{trailers.MODIFICATION}: mod_4be1;rm", ()),
        (f"{trailers.MODIFICATION}: --all", ()),
        (f"{trailers.MODIFICATION.lower()}: mod_4be1", ()),
        (trailers.line(trailers.REVERTS, "mod_4be1"), ()),
        ("", ()),
    ],
)
def test_what_a_message_says(message: str, found: tuple[str, ...]) -> None:
    assert trailers.values(message, trailers.MODIFICATION) == found
