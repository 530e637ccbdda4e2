"""What every rule's tests assert: before and after, silence on look-alikes, a report without an offer."""

import ast
from textwrap import dedent

from checks.debugging.analyse import place
from checks.debugging.faults import Found, faults
from checks.debugging.mending.mend import Target, built
from checks.debugging.rule import Rule
from checks.debugging.source.module import Module, Surroundings, parse
from checks.debugging.source.text import Text, read


def module_of(source: str | bytes, path: str = "package/module.py", surroundings: Surroundings | None = None) -> Module:
    """The parsed module; the test fails where it cannot be parsed."""
    text = read(path, source if isinstance(source, bytes) else dedent(source).encode())
    assert isinstance(text, Text), text
    module = parse(text, surroundings)
    assert isinstance(module, Module), module
    return module


def found(rule: Rule, source: str | bytes, **options: object) -> list[Found]:
    """The rule's faults in a source."""
    return faults(module_of(source, **options), [rule])  # type: ignore[arg-type]  # passed through


def fixed(rule: Rule, source: str | bytes, **options: object) -> str:
    """The source after all fixes of the rule, line endings as they came out; imports not needed any more stay."""
    module = module_of(source, **options)  # type: ignore[arg-type]  # passed through
    targets = []
    for hit in faults(module, [rule]):
        line, column, *_ = place(module.text, hit.fault.node)
        targets.append(Target(rule.name, line, column, hopeful=hit.fault.fix is None))
    return built(module.text, module.surroundings, targets)[0].string


def check_fixed(rule: Rule, before: str, after: str, **options: object) -> None:
    """`before` has a fault with a fix; fixing gives `after` to the letter, which has no fixable fault left, parses,
    stays as it is when fixed again, and comes out the same with CR LF line endings."""
    before, after = dedent(before), dedent(after)
    assert any(f.fault.fix for f in found(rule, before, **options)), "no fixable fault in `before`"
    assert fixed(rule, before, **options) == after
    ast.parse(after)
    assert not [f for f in found(rule, after, **options) if f.fault.fix], "a fixable fault is left in `after`"
    assert fixed(rule, after, **options) == after, "fixing again changes it"
    windows = before.replace("\n", "\r\n").encode()
    assert fixed(rule, windows, **options) == after.replace("\n", "\r\n"), "line endings were not kept"


def check_silent(rule: Rule, source: str, **options: object) -> None:
    """A look-alike: no fault."""
    assert [f.fault.message for f in found(rule, source, **options)] == []


def check_left(rule: Rule, source: str, **options: object) -> None:
    """A fault that is reported with the reason why nothing is offered; fixing changes nothing."""
    results = found(rule, source, **options)
    assert results, "no fault"
    assert all(f.fault.fix is None and f.fault.left for f in results), "a fix is offered, or no reason given"
    assert fixed(rule, source, **options) == dedent(source)
