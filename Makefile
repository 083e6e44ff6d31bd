# Two commands do everything: `make demo` and `make test`.

PYTHON ?= python3.11
RUN    := .venv/run
DEV    := .venv/dev
BENCH  := .venv/bench
PIP    := -m pip --disable-pip-version-check --no-input install --quiet

.PHONY: help demo test check lint types contracts docs bench stress lock clean

help:             ## This list.
	@sed -n 's/^\([a-z]*\):.*## /  make \1\t/p' Makefile | expand -t 18

demo: $(RUN)/done ## Watch a simulated frontier from end to end and score the result (S).
	$(RUN)/bin/dosel demo demo-centre --fresh

test: $(DEV)/done ## The whole test suite.
	$(DEV)/bin/python -m pytest -n 2 --dist loadgroup -m "not stress"

check: lint types contracts docs ## Lint, types, import contracts, docs.

lint: $(DEV)/done
	$(DEV)/bin/ruff check src tests benchmarks
	$(DEV)/bin/ruff format --check src tests benchmarks

types: $(DEV)/done
	$(DEV)/bin/mypy

contracts: $(DEV)/done
	$(DEV)/bin/lint-imports

docs: $(DEV)/done ## The documentation, strict.
	NO_MKDOCS_2_WARNING=1 $(DEV)/bin/mkdocs build --strict --quiet --site-dir build/site

bench: $(BENCH)/done ## Accuracy, delay, detectability and speed, as they stand in docs/.
	$(BENCH)/bin/python -m benchmarks.all

stress: $(DEV)/done ## Long fault and property runs.
	DOSEL_STRESS=1 $(DEV)/bin/python -m pytest -m stress -n 2

lock:             ## Make the three locks anew from pyproject.toml.
	uv pip compile -q --universal --python-version 3.11 --generate-hashes --no-annotate --no-header --no-emit-index-url --no-emit-find-links --extra report --extra postgis pyproject.toml requirements/build.in -o requirements/run.txt
	uv pip compile -q --universal --python-version 3.11 --generate-hashes --no-annotate --no-header --no-emit-index-url --no-emit-find-links --extra dev -c requirements/run.txt pyproject.toml requirements/build.in -o requirements/dev.txt
	uv pip compile -q --universal --python-version 3.11 --generate-hashes --no-annotate --no-header --no-emit-index-url --no-emit-find-links --extra dev --extra bench -c requirements/dev.txt pyproject.toml requirements/build.in -o requirements/bench.txt

clean:
	rm -rf .venv build demo-centre results

# One environment a purpose, made from its lock, made again when the lock changes.
.venv/%/done: requirements/%.txt pyproject.toml
	$(PYTHON) -m venv --clear .venv/$*
	.venv/$*/bin/python $(PIP) --require-hashes -r requirements/$*.txt
	.venv/$*/bin/python $(PIP) --no-deps --no-build-isolation -e .
	touch $@
