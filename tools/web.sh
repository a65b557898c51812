#!/usr/bin/env bash
# Builds web/: the explorer's pages into src/hegemon/server/static, the report's script and style into
# src/hegemon/pages/built, the pages of a published site into src/hegemon/pages/published. Needs Node and npm; installing
# hegemon does not.
#   tools/web.sh          words, types and bundles
#   tools/web.sh check    the same, with types checked first
set -euo pipefail
cd "$(dirname "$0")/.."

python=${PYTHON:-python}
[ -d web/node_modules ] || npm --prefix web install --no-package-lock --no-audit --no-fund
"$python" tools/web_words.py
"$python" tools/web_api.py
npm --prefix web run --silent types
[ "${1:-}" != check ] || npm --prefix web run --silent check
npm --prefix web run --silent build
