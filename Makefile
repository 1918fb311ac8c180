.PHONY: help setup test lint lock
PYTHON ?= python3

help: ## what can be done here
	@grep -hE '^[a-z]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/'

setup: .venv/.stamp ## a virtual environment with hash-pinned dependencies

.venv/.stamp: requirements/dev.txt
	$(PYTHON) -m venv .venv
	.venv/bin/python -m pip install --quiet --require-hashes -r requirements/dev.txt
	touch $@

test: setup ## every test
	.venv/bin/python -m pytest

lint: setup ## ruff, mypy strict, import contracts
	.venv/bin/ruff check .
	.venv/bin/mypy
	.venv/bin/lint-imports

lock: ## compile the pinned requirements anew (needs uv)
	uv pip compile --universal --generate-hashes --python-version 3.11 --no-emit-index-url --no-header --no-annotate pyproject.toml -o requirements/runtime.txt
	uv pip compile --universal --generate-hashes --python-version 3.11 --no-emit-index-url --no-header --no-annotate pyproject.toml --group dev -o requirements/dev.txt
