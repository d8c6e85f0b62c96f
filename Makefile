# Two commands: `make run` and `make test`. Everything they need goes into .venv, nothing else is touched.
# A fresh machine needs Python 3.11 or later, make and the internet once.

PYTHON ?= $(firstword $(foreach name,python3.11 python3.12 python3.13 python3,$(if $(shell $(name) -c 'import sys; print(1 if sys.version_info >= (3, 11) else "")' 2>/dev/null),$(name))))
BIN := .venv/bin
# Wheels alone: nothing is built from source, so no compiler is needed.
INSTALL := $(BIN)/uv pip install --quiet --python $(BIN)/python --require-hashes --only-binary :all:
SELF := $(BIN)/uv pip install --quiet --python $(BIN)/python --no-deps --no-build-isolation --editable .

.PHONY: run test journeys access hostile nation fault-tests check-python faults browser format lock clean

run: .venv/base
	@exec $(BIN)/khet run

test: .venv/dev .venv/spark browser
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/lint-imports
	$(BIN)/pytest -q -n 2 --dist loadgroup -m "not slow"

# Everything people do in a browser, every address for every role, hostile input, and killed processes: whole suites, of
# which `make test` runs the core. On a busy machine KHET_PATIENCE=5 waits five times longer.
journeys access hostile: .venv/dev browser
	$(BIN)/pytest -q -n 2 --dist loadgroup tests/$@
nation: .venv/dev .venv/spark
	$(BIN)/pytest -q khet/site/tests/test_nation.py
fault-tests: .venv/dev
	$(BIN)/pytest -q tests/faults

# The faults of reliability.md with their full numbers of cycles (about half an hour); figures as JSON lines.
faults: .venv/dev
	$(BIN)/python -m bench.faults

check-python:
	@test -n "$(PYTHON)" || { echo "ต้องมี Python 3.11 ขึ้นไป / Python 3.11 or later is needed"; exit 1; }

.venv/tools: requirements/tools.txt | check-python
	@test -x $(BIN)/python || $(PYTHON) -m venv .venv || { \
	  echo "สร้าง .venv ไม่ได้ บน Debian/Ubuntu ติดตั้ง python3-venv ก่อน / install python3-venv first"; rm -rf .venv; exit 1; }
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes --only-binary :all: -r requirements/tools.txt
	@touch $@

.venv/base: requirements/base.txt pyproject.toml .venv/tools
	@echo "ติดตั้งส่วนประกอบ / installing"
	@$(INSTALL) -r requirements/base.txt
	@$(SELF)
	@touch $@

# Tests start Python some hundred times: compiled once here, also where the environment keeps Python from doing so.
.venv/dev: requirements/dev.txt pyproject.toml .venv/tools
	@$(INSTALL) --compile-bytecode -r requirements/dev.txt
	@$(SELF)
	@$(BIN)/python -m compileall -q khet tests bench
	@touch .venv/base $@

# Spark has no wheel: its source is copied into place, nothing is compiled.
.venv/spark: requirements/spark.txt .venv/dev
	@$(subst --only-binary :all:,,$(INSTALL)) -r requirements/spark.txt
	@touch $@

# The journeys drive a real browser: the machine's own, else the distribution's, else Playwright's.
browser: .venv/dev
	@if command -v chromium chromium-browser google-chrome google-chrome-stable >/dev/null 2>&1 \
	  || test -x "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome" \
	  || test -e .venv/browser; then exit 0; fi; \
	if command -v apt-get >/dev/null 2>&1 && test "$$(id -u)" = 0 \
	  && apt-get update -qq && apt-get install -y -qq chromium >/dev/null; then exit 0; fi; \
	if command -v apt-get >/dev/null 2>&1 && sudo -n true 2>/dev/null \
	  && sudo apt-get update -qq && sudo apt-get install -y -qq chromium >/dev/null; then exit 0; fi; \
	$(BIN)/playwright install chromium && touch .venv/browser

format: .venv/dev
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

# New versions, none younger than a week: `make lock`. The locks name every file by hash and no index.
LOCK := $(BIN)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-emit-index-url \
  --no-header --upgrade --exclude-newer "7 days"
lock: .venv/tools
	$(LOCK) requirements/tools.in -o requirements/tools.txt
	$(LOCK) requirements/base.in -o requirements/base.txt
	$(LOCK) requirements/dev.in -o requirements/dev.txt
	$(LOCK) requirements/spark.in -o requirements/spark.txt

clean:
	rm -rf .venv var/test .pytest_cache .ruff_cache .import_linter_cache
