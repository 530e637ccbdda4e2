"""`/selfmod explain [rule|check]`."""

from app.commands.grammar import Asked, nearest
from app.commands.spec import Answer, Command, Refused, Reply, Spec, Where
from app.model.forge import Role
from checks.debugging.rule import Rule
from checks.debugging.rules import BY_NAME, RULES
from checks.reports.safe import for_markdown_code, shortened
from checks.validation.pipeline import STAGES

SPEC = Spec(
    "explain",
    "explain [rule|check]",
    "Print the documentation of a rule, or of a stage of validation; without a name, list them.",
    ("explain mutable-default-argument", "explain sandbox", "explain"),
    Role.READ,
)
_STAGES = {stage.NAME: stage for stage in STAGES}


def plan(asked: Asked, where: Where) -> Answer:
    """The words are those that the rule's own file has."""
    name = (asked.words[0] if asked.words else "").casefold().removeprefix("selfmod/")
    if not name:
        return Reply(_all())
    rule = BY_NAME.get(name) or next((each for each in RULES if name.upper() in each.aliases), None)
    if rule is not None:
        return Reply(_rule(rule))
    if name in _STAGES:
        stage = _STAGES[name]
        return Reply(f"### {stage.TITLE}\n\n{(stage.__doc__ or '').strip()}")
    near = nearest(name, [*BY_NAME, *_STAGES])
    meant = f"Did you mean `/selfmod explain {near}`?" if near else "All of them: `/selfmod explain`"
    return Refused(f"There is no rule or check {for_markdown_code(shortened(name, 80))}. {meant}")


def _rule(rule: Rule) -> str:
    facts = f"`{rule.name}` · {rule.severity} · confidence {rule.confidence} · fix: {rule.fixes}"
    facts += f" · CWE-{rule.cwe}" if rule.cwe else ""
    facts += f" · also {', '.join(rule.aliases)}" if rule.aliases else ""
    return f"### {rule.summary}\n\n{facts}\n\n{rule.documentation.strip()}"


def _all() -> str:
    topics = dict.fromkeys(rule.topic for rule in RULES)
    lines = [f"- **{topic}**: {', '.join(f'`{r.name}`' for r in RULES if r.topic == topic)}" for topic in topics]
    return "\n".join((*lines, f"- **checks**: {', '.join(f'`{name}`' for name in _STAGES)}"))


COMMAND = Command(SPEC, plan)
