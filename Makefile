# Two commands: `make run` and `make test`. Everything they need goes into .venv.
PYTHON ?= python3.11
.PHONY: run test lock

.venv/base: requirements/base.txt
	test -x .venv/bin/python || $(PYTHON) -m venv .venv
	.venv/bin/python -m pip install --quiet --require-hashes -r requirements/base.txt
	.venv/bin/python -m pip install --quiet --no-deps --no-build-isolation -e .
	touch $@

.venv/dev: requirements/dev.txt
	test -x .venv/bin/python || $(PYTHON) -m venv .venv
	.venv/bin/python -m pip install --quiet --require-hashes -r requirements/dev.txt
	.venv/bin/python -m pip install --quiet --no-deps --no-build-isolation -e .
	touch .venv/base $@

run: .venv/base
	.venv/bin/khet run

test: .venv/dev
	.venv/bin/ruff check .
	.venv/bin/lint-imports
	.venv/bin/pytest -q -n 2
