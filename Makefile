# The course's commands. `make` alone lists them.
PYTHON ?= python3
BIN := .venv/bin
FROM ?= submissions
READY := .venv/.ready

.DEFAULT_GOAL := help
.PHONY: help setup book pdf test deep check new lab lessons robust claims sabotage exercises feedback grade benchgrade bundle bench guests record lint words lock clean

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

setup: $(READY)  ## set up .venv from the lock, and show notebooks as text in git diff
	@[ ! -e .git ] || git config diff.notebook.textconv "$(BIN)/python -X utf8 -m tools.notebooks" || \
	  echo "git diff will show notebooks as JSON: git could not be told otherwise."

book: $(READY)  ## build the book into _build/html
	@echo "Building the book …"
	@$(BIN)/jupyter-book build -n -W --keep-going --quiet .
	@echo "Built. Open _build/html/index.html"

pdf: book  ## the built book as one file, _build/book.pdf, by way of Chromium
	@$(BIN)/python -m tools.pdf

test: $(READY)  ## check the course: lint, notebooks, exercises, library, grading, book (PART=name for one)
	@$(BIN)/python -m tools.suite $(PART)

deep: $(READY)  ## what takes long: the grader under attack, the tools, each rule compiled, every page in a browser
	@$(BIN)/python -m tools.suite deep

check: $(READY)  ## check all that concerns one lesson, in about a minute (ONLY=slug)
	@$(BIN)/python -m tools.check $(ONLY)

new: $(READY)  ## begin a lesson: its notebook, its assignment (ONLY=slug TITLE="…")
	@$(BIN)/python -m tools.new $(ONLY) $(if $(TITLE),--title "$(TITLE)")

words: $(READY)  ## show the strong words that a change adds, such as always and every (BASE=commit)
	@$(BIN)/python -m tools.words $(BASE)

lab: $(READY)  ## open JupyterLab on your copy of the exercises, in my_work/
	@$(BIN)/python -m tools.lab

lessons: $(READY)  ## execute all lessons and store their outputs (ONLY=path for one)
	@$(BIN)/python -m tools.lessons $(ONLY)

claims: $(READY)  ## ask the lessons' claims again, with other seeds, where they changed (ALL=1: all; ONLY=path)
	@$(BIN)/python -m tools.claims $(if $(ALL),--all) $(ONLY)

sabotage: $(READY)  ## look for assertions in lessons that nothing can make fail (ONLY=path)
	@$(BIN)/python -m tools.sabotage $(ONLY)

robust: $(READY)  ## run the notebooks as other processors would (SEED=n: one of the five; ALL=1: all; ONLY=path)
	@$(BIN)/python -m tools.robust $(ONLY) $(if $(SEED),--seed $(SEED)) $(if $(ALL),--all)

exercises: $(READY)  ## generate exercises/ from solutions/
	@$(BIN)/python -m tools.exercises

feedback: $(READY)  ## grade your own work in my_work/, and open the page (ONLY=slug)
	@$(BIN)/python -m tools.mine $(ONLY)

grade: $(READY)  ## grade a folder of submissions (FROM=folder, DUE=csv, ROSTER=csv, KEEP=best, CLUSTER=tcp://…, UNSAFE=1)
	@$(BIN)/python -m tools.grade "$(FROM)" $(if $(OUT),--out "$(OUT)") $(if $(KEEP),--keep $(KEEP)) \
	  $(if $(DUE),--due "$(DUE)") $(if $(ROSTER),--roster "$(ROSTER)") $(if $(CLUSTER),--cluster "$(CLUSTER)") \
	  $(if $(AGAIN),--again) $(if $(UNSAFE),--unsafe)

benchgrade: $(READY)  ## grade a made-up class of 1,000 hand-ins, with damaged and hostile ones (N=number, CLUSTER=1)
	@$(BIN)/python -m benchmarks.grading $(if $(N),--number $(N)) $(if $(CLUSTER),--cluster)

bundle: $(READY)  ## make what learners get: exercises, the library's wheel, a README; no solutions (dist/)
	@$(BIN)/python -m tools.bundle

bench: $(READY)  ## measure the optimizers beside torch's, as ratios
	@$(BIN)/python -m benchmarks.optimizers

guests: $(READY)  ## run other people's programs with our optimizers in them (sets up .guests, once)
	@$(BIN)/python -m tools.guests

record: $(READY)  ## record what the lessons measure on a GPU, on a machine that has one
	@$(BIN)/python -m tools.record_gpu

lint: $(READY)  ## mend what the linter can mend
	@$(BIN)/ruff check --fix . && $(BIN)/ruff format .

lock:  ## write requirements.lock anew, from pyproject.toml
	@$(PYTHON) -m tools.lock

clean:  ## remove the built book
	@rm -rf _build
