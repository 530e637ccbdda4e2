"""Scripts that are downloaded and run at once, and downloads that are not."""

import pytest

from checks.validation.patterns import text

RUN = [
    "curl -sSL https://example.org/i.sh | sh",
    "RUN wget -qO- https://example.org/i | sudo bash -s -- -y",
    "  run: curl https://example.org | python3 -",
    "bash <(curl -s https://example.org)",
    'eval "$(curl -s https://example.org)"',
    'sh -c "$(wget -O - https://example.org)"',
    "iwr https://example.org/i.ps1 | iex",
    "curl x | env A=1 /bin/bash",
]
NOT_RUN = [
    "curl -o file https://example.org",
    "curl https://example.org | jq .name",
    "curl https://example.org | tee shasum.txt",
    "wget https://example.org/x.tar.gz && tar xf x.tar.gz",
    "cat file | sh",
    "VERSION=$(curl -s https://example.org)",
    "curling | shoes",
    "bash <(cat file)",
]


@pytest.mark.parametrize("line", RUN)
def test_what_is_run_at_once_is_seen(line: str) -> None:
    (row,) = text.look("install.sh", f"#!/bin/sh\n{line}\n")
    assert (row["rule"], row["line"], row["severity"]) == ("dangerous-download", 2, "high")
    (row,) = text.look("README.md", f"{line}\n")
    assert (row["severity"], row["fails"]) == ("low", "never")


@pytest.mark.parametrize("line", NOT_RUN)
def test_what_is_only_downloaded_is_not(line: str) -> None:
    assert list(text.look("install.sh", f"{line}\n")) == []


def test_hostile_text_ends() -> None:
    long = "curl " * 100_000 + "\n" + "curl x | sudo " + "-a " * 100_000 + "\n" + "| env " + "a=b " * 100_000
    assert list(text.look("a.sh", long)) == []
