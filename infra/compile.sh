#!/bin/sh
# Compiles every template and every file of parameters with whatever Bicep compiler is there; any warning is a failure.
# Exit code 3: there is no compiler here, and nothing was checked.
set -u
cd "$(dirname "$0")" || exit 1

if command -v bicep > /dev/null; then
  compiler='bicep'
elif command -v az > /dev/null && az bicep version > /dev/null 2>&1; then
  compiler='az bicep'
else
  echo 'No Bicep compiler here (bicep, or az with "az bicep install").' >&2
  exit 3
fi

# Word of a newer compiler would look like a warning.
export AZURE_BICEP_VERSION_CHECK=false

# A file of parameters compiles only with all that it reads from the environment.
HUB_ALERT_EMAIL=${HUB_ALERT_EMAIL:-nobody@example.com}
export HUB_ALERT_EMAIL

status=0
compile() {
  verb=$1 file=$2
  said=$($compiler "$verb" ${3:+"$3"} "$file" --stdout 2>&1 > /dev/null) && [ -z "$said" ] && { echo "$file: compiles"; return; }
  printf '%s: %s\n' "$file" "$said" >&2
  status=1
}

for file in main.bicep modules/*.bicep; do
  if [ "$compiler" = bicep ]; then compile build "$file"; else compile build "$file" --file; fi
done
for file in *.bicepparam; do
  if [ "$compiler" = bicep ]; then compile build-params "$file"; else compile build-params "$file" --file; fi
done
exit "$status"
