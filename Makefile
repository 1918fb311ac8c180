.DEFAULT_GOAL := help
.PHONY: help setup demo up down status logs test lint chaos bench lock

UV ?= uv
PYTHON_IN := .venv/bin/python
STACK := $(PYTHON_IN) -m deploy.local
COMPILE := $(UV) pip compile --quiet --universal --generate-hashes --python-version 3.11 \
	--no-emit-index-url --no-header --no-annotate pyproject.toml

help: ## what can be done here
	@sed -nE 's/^([a-z]+):.*## (.*)/\1 \2/p' $(MAKEFILE_LIST) | while read -r name what; do \
		printf '%-8s %s\n' "$$name" "$$what"; done

setup: ## virtual environment with pinned dependencies, and RabbitMQ if there is none
	@deploy/local/setup.sh

demo: setup ## the whole journey on sample data: starts a stack, shows it, stops it
	@$(PYTHON_IN) -m clients.demo

up: setup ## start the stack in the background; addresses and tokens in .run/env; TRIAL=1 for a rehearsal
	@$(STACK) up $(if $(TRIAL),$(if $(filter 0,$(TRIAL)),--no-trial,--trial))

down: setup ## stop that stack and nothing else; its data stays
	@$(STACK) down

status: setup ## what of the stack runs, answers and has work waiting
	@$(STACK) status

logs: setup ## the logs of the stack as they grow
	@$(STACK) logs --follow

test: setup ## every test, on a real broker and the embedded store
	@$(PYTHON_IN) -m pytest

lint: setup ## ruff, mypy strict, import contracts
	@.venv/bin/ruff check .
	@.venv/bin/ruff format --check .
	@.venv/bin/mypy
	@.venv/bin/lint-imports

chaos: setup ## the long run of the fault tests
	@$(PYTHON_IN) -m pytest tests/chaos -m chaos

bench: setup ## measure throughput, latency and searches of 100,000 members on this machine
	@$(PYTHON_IN) -m benchmarks
	@$(PYTHON_IN) -W ignore::DeprecationWarning -m benchmarks.members
	@$(PYTHON_IN) -W ignore::DeprecationWarning -m benchmarks.matching

lock: ## compile the pinned requirements anew (needs uv)
	$(COMPILE) -o requirements/runtime.txt
	$(COMPILE) --group dev -o requirements/dev.txt
