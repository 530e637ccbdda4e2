"""The whole line shown on a forge: `selfmod demo` on the embedded one, `selfmod smoke` on a real one."""
