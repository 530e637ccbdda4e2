"""A container engine as a sandbox, where there is one."""
