#!/bin/sh
# Runs the trust suite: most faults on one core, all else on another, and prints one table of what was tried.
#
#   scripts/trust.sh PYTHON [options of pytest]
set -u

python=$1
shift
kept=$(mktemp -d)
# As long as all the others together.
most="tests/trust/faults/test_damage.py tests/trust/faults/test_disk_faults.py tests/trust/faults/test_kill_points.py"
faults=
trap '[ -z "$faults" ] || kill "$faults" 2>/dev/null; rm -rf "$kept"' EXIT
trap 'exit 130' INT TERM

TRUST_TALLIES=$kept/faults.json "$python" -m pytest -q $most -m "slow or not slow" "$@" >"$kept/faults.txt" 2>&1 &
faults=$!
for file in $most; do
    set -- "$@" --ignore "$file"
done
TRUST_TALLIES=$kept/rest.json "$python" -m pytest -q tests/trust -m "slow or not slow" "$@"
rest=$?
wait "$faults"
code=$?
faults=
cat "$kept/faults.txt"
"$python" -m tests.trust.table "$kept/faults.json" "$kept/rest.json"
# Where nothing was chosen of one part (5), the other decides.
[ "$code" = 5 ] && code=$rest
[ "$rest" = 5 ] && rest=$code
[ "$rest" = 0 ] || exit "$rest"
exit "$code"
