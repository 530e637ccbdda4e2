import ast

import pytest

from checks.risk.interface.annotations import plain


@pytest.mark.parametrize(
    ("one", "other", "alike"),
    [
        ("Optional[int]", "int | None", True),
        ("t.Optional[int]", "None | int", True),
        ("Union[int, str, None]", "str | int | None", True),
        ("'int'", "int", True),
        ("'t.List[str]'", "list[str]", True),
        ("typing.Dict[str, Optional[int]]", "dict[str, int | None]", True),
        ("Callable[[int], str]", "t.Callable[[int], str]", True),
        ("int", "str", False),
        ("list[int]", "list[str]", False),
        ("int | None", "int", False),
        ("Literal['a']", "Literal['b']", False),
        ("'not an expression ('", "int", False),
    ],
)
def test_annotations_that_mean_the_same_are_written_alike(one: str, other: str, alike: bool) -> None:
    texts = [plain(ast.parse(text, mode="eval").body) for text in (one, other)]
    assert (texts[0] == texts[1]) is alike


def test_no_annotation_is_none() -> None:
    assert plain(None) is None
