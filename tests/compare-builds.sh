#!/usr/bin/env bash
# Verifies that the build is deterministic: builds the module in two clones of this commit in different folders, and
# compares the SHA-256 of every file that ships. Exits with 1 if one differs.
set -euo pipefail
root=$(git -C "$(dirname "$0")" rev-parse --show-toplevel)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
for folder in first "a second folder"; do
    git clone --quiet "$root" "$work/$folder"
    CI=true dotnet build "$work/$folder/src/Authress.PowerShell" --configuration Release --verbosity quiet --nologo
    (cd "$work/$folder/artifacts/Authress" && find . -type f -print0 | sort -z | xargs -0 sha256sum) >"$work/$folder.sums"
done
diff "$work/first.sums" "$work/a second folder.sums"
grep -E 'Authress\.[A-Za-z]+\.dll$' "$work/first.sums"
echo "$(wc -l <"$work/first.sums") files, all equal"
