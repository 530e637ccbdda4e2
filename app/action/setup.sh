#!/usr/bin/env bash
# Installs selfmod from the Action's own checkout into an environment of its own, never into the project's, and lets
# the sandbox make user namespaces on Ubuntu's runners.
set -euo pipefail

home="$RUNNER_TEMP/selfmod"
# nothing of the workspace is imported, whatever it names its files
cd "$RUNNER_TEMP"
unset PYTHONPATH PYTHONHOME PYTHONSTARTUP

if [ "$(cat "$home/.ready" 2>/dev/null)" != "$GITHUB_ACTION_PATH" ]; then
  found=
  for python in python3.13 python3.14 python3.12 python3 python; do
    if "$python" -I -c 'import ensurepip, sys, venv; sys.exit(sys.version_info < (3, 12))' >/dev/null 2>&1; then
      found=$python
      break
    fi
  done
  if [ -z "$found" ]; then
    echo "::error title=selfmod::selfmod needs Python 3.12 or newer: add actions/setup-python before it."
    exit 2
  fi
  rm -rf "$home"
  "$found" -I -m venv "$home"
  pip=("$home/bin/python" -I -m pip install --quiet --disable-pip-version-check)
  "${pip[@]}" --require-hashes --requirement "$GITHUB_ACTION_PATH/app/action/requirements.lock"
  "${pip[@]}" --no-deps --no-build-isolation "$GITHUB_ACTION_PATH"
  printf '%s' "$GITHUB_ACTION_PATH" >"$home/.ready"
fi

# Ubuntu 23.10 and newer let AppArmor refuse user namespaces to programs without a profile
restricted=/proc/sys/kernel/apparmor_restrict_unprivileged_userns
if [ "$(cat "$restricted" 2>/dev/null)" = 1 ] && [ "$(id -u)" != 0 ]; then
  sudo -n sysctl --quiet --write kernel.apparmor_restrict_unprivileged_userns=0 ||
    echo "::warning title=selfmod::user namespaces are refused here and cannot be allowed without sudo: the weaker sandbox is used, or none."
fi
