import pytest

from checks.debugging.traces import MOST, Named, of_repository, read

TRACEBACK = """\
It breaks when I sum an empty cart:

```
Traceback (most recent call last):
  File "/home/ann/shop/bin/sell.py", line 4, in <module>
    main()
  File "/home/ann/shop/src/shop/cart.py", line 12, in total
    return sum(prices) / len(prices)
           ~~~~~~~~~~~~^~~~~~~~~~~~~
  File "/usr/lib/python3.13/json/decoder.py", line 344, in decode
ZeroDivisionError: division by zero
```
"""
PYTEST = """\
>   =================== FAILURES ===================
>   ___________________ test_total ___________________
>       def test_total():
> >       assert Cart().total() == 1
> E       assert 2 == 1
> tests/test_cart.py:5: AssertionError
> src/shop/cart.py:3: in total
>   ----------- short test summary info ------------
> FAILED tests/test_cart.py::test_total - assert 2 == 1
> ERROR tests/test_web.py - ImportError
"""
FILES = ("src/shop/cart.py", "src/shop/web.py", "tests/test_cart.py", "tests/test_web.py", "cart.py")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            TRACEBACK,
            (
                Named("/home/ann/shop/bin/sell.py", 4),
                Named("/home/ann/shop/src/shop/cart.py", 12),
                Named("/usr/lib/python3.13/json/decoder.py", 344),
            ),
        ),
        (
            PYTEST,
            (
                Named("tests/test_cart.py", 5),
                Named("src/shop/cart.py", 3),
                Named("tests/test_cart.py"),
                Named("tests/test_web.py"),
            ),
        ),
        ('  File "C:\\shop\\src\\shop\\cart.py", line 3, in total', (Named("C:/shop/src/shop/cart.py", 3),)),
        ('| File "a.py", line 3', (Named("a.py", 3),)),
        ("See src/shop/cart.py:12 for details, and src/shop/cart.py:12: it is wrong.", ()),
        ("src/shop/cart.py:12: it is wrong", ()),
        ("FAILED to read src/shop/cart.py", ()),
        ("", ()),
    ],
)
def test_places_of_a_text(text: str, expected: tuple[Named, ...]) -> None:
    assert read(text) == expected


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        ("src/shop/cart.py", "src/shop/cart.py"),
        ("/home/ann/shop/src/shop/cart.py", "src/shop/cart.py"),
        ("/home/ann/cart.py", "cart.py"),
        ("cart.py", "cart.py"),
        ("/venv/lib/python3.13/site-packages/shop/web.py", "src/shop/web.py"),
        ("/venv/lib/python3.13/site-packages/web.py", ""),
        ("/venv/lib/python3.13/site-packages/other/web.py", ""),
        ("shop/web.py", ""),
        ("../../etc/passwd", ""),
        ("/etc/passwd", ""),
        ("src/shop/cart.py\x00.txt", ""),
        ("src/shop/", ""),
        ("", ""),
    ],
)
def test_a_name_counts_only_where_it_is_a_path_that_is_there(path: str, expected: str) -> None:
    assert of_repository([Named(path)], FILES) == ((expected,) if expected else ())


def test_a_package_that_lies_twice_means_neither() -> None:
    named = [Named("/venv/site-packages/shop/web.py")]
    assert of_repository(named, ("a/shop/web.py", "b/shop/web.py")) == ()


def test_each_is_meant_once_in_the_order_of_the_text() -> None:
    assert of_repository(read(PYTEST), FILES) == ("tests/test_cart.py", "src/shop/cart.py", "tests/test_web.py")


def test_a_text_that_was_made_to_be_long_is_read_to_an_end() -> None:
    many = "".join(f'File "a{number}.py", line 1\n' for number in range(MOST + 50))
    assert len(read(many)) == MOST
    assert read('File "' + "a" * 300_000) == ()
    assert read("> " * 200_000 + 'File "a.py", line 3') == ()
