#!/usr/bin/env bash
# The steps of action.yml, each by its name: measure, compare, comment, save, finish. They share the folder $PACELINE_OUT.
# Inputs are environment variables; `PACELINE` is the command (default: that of this repository).
set -euo pipefail

: "${PACELINE_OUT:=paceline-results}"
: "${INPUT_BASELINE:=main}"
root="$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)"

paceline() {
  if [ -n "${PACELINE:-}" ]; then $PACELINE "$@"; else node "$root/bin/paceline.js" "$@"; fi
}

# Runs a command and prints its exit code: 0, or one of those named first. Any other one ends the job.
code_of() {
  local allowed=" 0 $1 " code=0
  shift
  "$@" || code=$?
  if [[ "$allowed" != *" $code "* ]]; then exit "$code"; fi
  last_code=$code
}

# Names a value for later steps and for the workflow.
output() {
  echo "$1=$2" >>"$GITHUB_OUTPUT"
}

# A value that an earlier step has left; the second argument when it has not.
known() {
  if [ -f "$PACELINE_OUT/$1" ]; then cat "$PACELINE_OUT/$1"; else echo "$2"; fi
}

measure() {
  local flags=()
  if [ -n "${INPUT_TARGET:-}" ]; then flags+=(--target "$INPUT_TARGET"); fi
  # 3: a threshold failed; 5: too little was measured to tell. Both are judged at the end.
  code_of "3 5" paceline run "$INPUT_PROFILE" --out "$PACELINE_OUT" --force --format github "${flags[@]}"
  echo "$last_code" >"$PACELINE_OUT/run.code"
  paceline report "$PACELINE_OUT" --format junit >"$PACELINE_OUT/report.junit.xml"
}

compare() {
  local flags=(--baseline "$INPUT_BASELINE" "$PACELINE_OUT/result.json" --allow-no-baseline)
  if [ -n "${INPUT_MIN_EFFECT:-}" ]; then flags+=(--min-effect "$INPUT_MIN_EFFECT"); fi
  if [ -n "${INPUT_BUDGET:-}" ]; then flags+=(--budget "$INPUT_BUDGET"); fi
  # Those of an earlier run, which would be taken for this one's.
  rm -f "$PACELINE_OUT/comparison.json" "$PACELINE_OUT/comment.md"
  code_of "4 5" paceline compare "${flags[@]}" --format github --out "$PACELINE_OUT"
  echo "$last_code" >"$PACELINE_OUT/compare.code"
  if [ ! -f "$PACELINE_OUT/comparison.json" ]; then
    echo "::notice title=Paceline::no baseline of $INPUT_BASELINE yet on such a machine, so nothing was compared"
    output verdict none
    return
  fi
  output verdict "$(field "$PACELINE_OUT/comparison.json" verdict.status)"
}

# A field of a JSON file by its path; empty where there is none.
field() {
  node -e '
    const [file, path] = process.argv.slice(1);
    const value = path.split(".").reduce((one, key) => one?.[key], JSON.parse(require("node:fs").readFileSync(file, "utf8")));
    console.log(value ?? "");
  ' "$1" "$2"
}

# Writes one comment on the pull request, and replaces it the next time. A token that may only read, as in a
# pull request from a fork, is no failure.
comment() {
  if [ "${INPUT_COMMENT:-true}" != true ] || [ ! -f "$PACELINE_OUT/comment.md" ]; then return; fi
  local number
  number="$(field "$GITHUB_EVENT_PATH" pull_request.number)"
  if [ -z "$number" ]; then return; fi
  # The first line of the comment is a marker, the same for every comparison of a profile.
  local marker
  marker="$(head -n 1 "$PACELINE_OUT/comment.md")"
  local comments="repos/$GITHUB_REPOSITORY/issues/$number/comments"
  local id
  if ! id="$(gh api --paginate "$comments" --jq ".[] | select(.body | startswith(\"$marker\")) | .id" | head -n 1)"; then
    echo "::warning title=Paceline::the comments of the pull request cannot be read"
    return
  fi
  local target=(--method POST "$comments")
  if [ -n "$id" ]; then target=(--method PATCH "repos/$GITHUB_REPOSITORY/issues/comments/$id"); fi
  if ! gh api "${target[@]}" --field "body=@$PACELINE_OUT/comment.md" >/dev/null; then
    echo "::warning title=Paceline::the pull request cannot be commented on with this token; the summary of the job has the same text"
  fi
}

save() {
  if [ "${GITHUB_REF_NAME:-}" != "$INPUT_BASELINE" ] || [ "${GITHUB_EVENT_NAME:-}" = pull_request ]; then return; fi
  paceline baseline save "$PACELINE_OUT" --branch "$INPUT_BASELINE"
}

finish() {
  local run compared code
  run="$(known run.code 1)"
  compared="$(known compare.code 0)"
  if [ "$run" = 3 ]; then code=3
  elif [ "$compared" = 4 ]; then code=4
  elif [ "$run" = 5 ] || [ "$compared" = 5 ]; then code=5
  else code="$run"; fi
  output exit-code "$code"
  if [ "$code" = 5 ] && [ "${INPUT_FAIL_ON_UNDECIDED:-false}" != true ]; then
    echo "::warning title=Paceline::too little was measured to tell; the job does not fail for that"
    return
  fi
  exit "$code"
}

case "${1:-}" in
measure | compare | comment | save | finish) "$1" ;;
*)
  echo "usage: github.sh measure|compare|comment|save|finish" >&2
  exit 2
  ;;
esac
