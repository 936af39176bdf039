# The course's commands. `make` alone lists them.
PYTHON ?= python3
BIN := .venv/bin
FROM ?= submissions
READY := .venv/.ready

.DEFAULT_GOAL := help
.PHONY: help setup book test lab lessons exercises grade bench lint lock clean

help:  ## list these commands
	@echo "Learn the Training Loop with PyTorch"; echo
	@grep -E '^[a-z]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/:[^#]*## /\t/' | awk -F'\t' '{printf "  make %-10s %s\n", $$1, $$2}'
	@echo; echo "Each sets up .venv first, if need be (some minutes, once)."

# The environment: exactly what requirements.lock says, made anew when that changes.
$(READY): requirements.lock pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
	  { echo "This needs Python 3.11 or newer; $(PYTHON) is older, or missing. Name one: make PYTHON=python3.12 …"; exit 1; }
	@echo "Setting up .venv (some minutes, once) …"
	@$(PYTHON) -m venv .venv
	@$(BIN)/python -m pip install --disable-pip-version-check --quiet --progress-bar off -r requirements.lock
	@$(BIN)/python -m pip install --disable-pip-version-check --quiet --no-deps --editable .
	@touch $@

setup: $(READY)  ## set up .venv from the lock, and nothing else

book: $(READY)  ## build the book into _build/html
	@echo "Building the book …"
	@$(BIN)/jupyter-book build -n -W --keep-going --quiet .
	@echo "Built. Open _build/html/index.html"

test: $(READY)  ## run everything: lint, library, lessons, exercises, grading, the book
	@echo "1/3 Lint and types"
	@$(BIN)/ruff check . && $(BIN)/ruff format --check --quiet .
	@$(BIN)/mypy
	@echo "2/3 Every lesson and solution, executed again, each output compared"
	@$(BIN)/python -m pytest --nbval chapters solutions -n 2 --dist loadscope --nbval-cell-timeout=120
	@echo "3/3 The library, the exercises, grading, the book"
	@$(BIN)/python -m pytest tests -n 2 --dist loadscope

lab: $(READY)  ## open JupyterLab on your copy of the exercises, in my_work/
	@$(BIN)/python -m tools.lab

lessons: $(READY)  ## execute all lessons and store their outputs (ONLY=path for one)
	@$(BIN)/python -m tools.lessons $(ONLY)

exercises: $(READY)  ## generate exercises/ from solutions/
	@$(BIN)/python -m tools.exercises

grade: $(READY)  ## grade a folder of submissions (FROM=folder; submissions/ if none is named)
	@$(BIN)/python -m tools.grade $(FROM)

bench: $(READY)  ## measure the optimizers beside torch's, as ratios
	@$(BIN)/python -m benchmarks.optimizers

lint: $(READY)  ## mend what the linter can mend
	@$(BIN)/ruff check --fix . && $(BIN)/ruff format .

lock:  ## write requirements.lock anew, from pyproject.toml
	@$(PYTHON) -m tools.lock

clean:  ## remove the built book
	@rm -rf _build
