#!/bin/sh
# Runs the gate and writes JUnit XML for the test view of the CI system. Ends with the exit code of the run:
# 0 pass, 3 a threshold failed, 5 inconclusive.
set -u
here=$(dirname "$0")
out=${1:-results/gate}
npx paceline run "$here/profile.yaml" --out "$out" --force
code=$?
npx paceline report "$out/result.json" --format junit > "$out/junit.xml"
exit $code
