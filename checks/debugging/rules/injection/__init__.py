"""Text that somebody else may choose and that is then run, parsed or shown as if it were the program's own."""

from checks.debugging.rules.injection import (
    eval_of_text,
    flask_debug_enabled,
    jinja2_without_autoescape,
    mark_safe_of_formatted_text,
    paramiko_accepts_any_host_key,
    shell_injection,
    shell_true_with_constant_command,
    sql_built_by_formatting,
    unsafe_deserialisation,
    xml_parsed_without_defusedxml,
    yaml_load_without_safe_loader,
)

RULES = (
    eval_of_text.RULE,
    flask_debug_enabled.RULE,
    jinja2_without_autoescape.RULE,
    mark_safe_of_formatted_text.RULE,
    paramiko_accepts_any_host_key.RULE,
    shell_injection.RULE,
    shell_true_with_constant_command.RULE,
    sql_built_by_formatting.RULE,
    unsafe_deserialisation.RULE,
    xml_parsed_without_defusedxml.RULE,
    yaml_load_without_safe_loader.RULE,
)
