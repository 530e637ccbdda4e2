"""JSON of records, read whatever it holds."""

from app.dashboard import plain

ODD = {"a": 1, "b": None, "c": [1, "x", None, {"d": 2}, True], "e": "text", "f": {"g": 1.5}, "h": True}


def test_what_is_there_is_read():
    assert plain.text(ODD, "e") == "text"
    assert plain.text(ODD, "a") == "1"
    assert plain.number(ODD, "a") == 1
    assert plain.rows(ODD, "c") == [{"d": 2}]
    assert plain.texts(ODD, "c") == ("x",)
    assert plain.numbers(ODD, "c") == (1,)
    assert plain.seconds(plain.part(ODD, "f"), "g") == 1.5
    assert plain.truth(ODD, "h")


def test_what_is_missing_or_of_another_kind_is_nothing():
    for key in ("b", "c", "h", "nowhere"):
        assert plain.text(ODD, key) == ""
        assert plain.number(ODD, key) == 0
        assert plain.seconds(ODD, key) == 0.0
        assert plain.part(ODD, key) == {}
    for key in ("a", "b", "e", "f", "nowhere"):
        assert plain.rows(ODD, key) == []
        assert plain.texts(ODD, key) == ()
        assert plain.numbers(ODD, key) == ()
    assert plain.truth(ODD, "a", True) and not plain.truth(ODD, "a")
