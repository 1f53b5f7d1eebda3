# Everything starts here, on a machine that has only Python 3.11 (or later) and make:
# the environment is made in .venv the first time, and again when uv.lock or pyproject.toml changes.

UV_VERSION := 0.13.9
PYTHONS := python3.13 python3.12 python3.11 python3
BIN := .venv/bin
# Written last; holds the folder that .venv was made for.
READY := .venv/ready
# Many tests wait for a terminal or a server, so there is one more than there are cores.
WORKERS ?= $(shell expr $$(getconf _NPROCESSORS_ONLN) + 1)

.DEFAULT_GOAL := help
.NOTPARALLEL:
.PHONY: help demo test bench storm screenshots format translations clean

help:
	@echo 'make demo          open the program on invented data'
	@echo 'make test          run every check and every test'
	@echo 'make bench         measure the budgets, each beside its ceiling'
	@echo 'make storm         let 32 clients write through two servers while lines break and one is killed'
	@echo 'make screenshots   draw the pictures in screenshots/ anew'
	@echo 'make format        lay out the code, and mend what can be mended by itself'
	@echo 'make translations  bring the Swedish texts up to date with the code'
	@echo 'make clean         take away everything that make has made'

demo: $(READY)
	@if [ ! -t 0 ] || [ ! -t 1 ]; then \
	  echo 'make demo opens a full-screen program: run it in a terminal, without a pipe.' >&2; exit 1; fi
	@$(BIN)/behorig demo

test: $(READY)
	@echo '== layout'
	@$(BIN)/ruff format --check
	@echo '== rules'
	@$(BIN)/ruff check
	@echo '== types'
	@$(BIN)/mypy
	@echo '== imports'
	@$(BIN)/lint-imports
	@echo '== tests'
	@$(BIN)/python -m pytest -n $(WORKERS) --dist worksteal

bench: $(READY)
	@$(BIN)/python -m bench

storm: $(READY)
	@$(BIN)/python -m tests.storm

screenshots: $(READY)
	@$(BIN)/python -m tests.screenshots

format: $(READY)
	@$(BIN)/ruff check --fix
	@$(BIN)/ruff format

translations: $(READY)
	@$(BIN)/python -m tests.translations

clean:
	rm -rf .venv .cache .hypothesis build dist demo.sqlite*
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

# An environment holds whole paths, so one that was moved or copied is made anew.
ifneq ($(wildcard $(READY)),)
ifneq ($(shell cat $(READY)),$(CURDIR))
.PHONY: $(READY)
endif
endif

# Version managers put a python3.12 on the path that only says that it is missing: each is tried by running it.
# --inexact leaves pip and uv in the environment; --compile-bytecode because a start without it takes
# several times as long.
$(READY): uv.lock pyproject.toml
	@if [ -f $@ ] && [ "$$(cat $@)" != '$(CURDIR)' ]; then rm -rf .venv; fi
	@if ! $(BIN)/python -c 'import pip' 2>/dev/null; then \
	  found=; old=; \
	  for python in $(PYTHONS); do \
	    if $$python -c 'import sys; sys.exit(sys.version_info < (3, 11))' >/dev/null 2>&1; then \
	      old=$$python; \
	      if $$python -c 'import ensurepip, venv' >/dev/null 2>&1; then found=$$python; break; fi; \
	    fi; \
	  done; \
	  if [ -z "$$found" ] && [ -n "$$old" ]; then \
	    echo "$$old lacks the module venv: install it (on Debian and Ubuntu the package python3-venv), then run make again." >&2; exit 1; fi; \
	  if [ -z "$$found" ]; then \
	    echo 'Python 3.11 or later is missing: install it so that python3 runs it, then run make again.' >&2; exit 1; fi; \
	  echo "Making an environment in .venv with $$($$found --version)"; \
	  rm -rf .venv; \
	  if ! $$found -m venv .venv; then \
	    echo 'The environment in .venv could not be made: see the lines above, then run make again.' >&2; exit 1; fi; \
	fi
	@if ! $(BIN)/python -m pip install --quiet --disable-pip-version-check --retries 1 'uv==$(UV_VERSION)'; then \
	  echo 'uv could not be downloaded: connect to the network (or set its proxy), then run make again.' >&2; exit 1; fi
	@if ! UV_PYTHON_DOWNLOADS=never VIRTUAL_ENV= $(BIN)/uv sync --frozen --inexact --compile-bytecode; then \
	  echo 'The packages could not be downloaded: connect to the network (or set its proxy), then run make again.' >&2; exit 1; fi
	@$(BIN)/python -m compileall -q core storage tui
	@echo '$(CURDIR)' > $@
