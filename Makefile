# Each target sets up what it needs, then runs. Needs Python 3.11 or later and make.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
READY := $(VENV)/.ready
BENCH := .venv-bench
ARGS ?=
# gcsfs and adlfs bring thirty packages more, and nothing here is tested with them.
EXTRAS := --extra test --extra sql --extra s3 --extra cluster --extra data

.PHONY: reports test lint lab lock bench calibrate data clean

reports: $(READY)            ## run every pilot in params/, write reports/index.html
	$(BIN)/impact run $(ARGS)

test: $(READY) lint          ## the whole test suite
	$(BIN)/python -m pytest -n auto $(ARGS)

lint: $(READY)               ## style and types
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy

bench: $(BENCH)/.ready       ## estimators, a large file, a batch: RESULTS.md, READ.md, BATCH.md
	$(BENCH)/bin/python benchmarks/bench.py --million $(ARGS)
	$(BENCH)/bin/python benchmarks/read.py
	$(BENCH)/bin/python benchmarks/batch.py

calibrate: $(READY)          ## size, coverage and power of `auto`, write benchmarks/CALIBRATION.md
	OPENBLAS_NUM_THREADS=1 $(BIN)/python benchmarks/calibrate.py $(ARGS)

lab: $(READY)                ## JupyterLab on the example pilot
	$(BIN)/impact lab $(ARGS)

data: $(READY)               ## write the files of data/ again from their sources
	$(BIN)/python data/build.py

lock: $(READY)               ## pin the newest packages that pyproject.toml allows
	$(BIN)/python -m pip install --quiet uv
	$(BIN)/uv pip compile pyproject.toml $(EXTRAS) --universal --python-version 3.11 \
		--upgrade --generate-hashes --no-header --no-annotate \
		--quiet --output-file requirements.lock
	$(BIN)/uv pip compile pyproject.toml benchmarks/requirements.in --universal \
		--constraints requirements.lock --python-version 3.11 --upgrade --generate-hashes \
		--no-header --no-annotate --quiet \
		--output-file benchmarks/requirements.lock

clean:                       ## forget the environment and everything generated
	rm -rf $(VENV) $(BENCH) runs reports/*.html reports/*.csv

$(READY): requirements.lock pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
		{ echo "impact needs Python 3.11 or later; try: make PYTHON=python3.11 …"; exit 1; }
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --require-hashes --requirement requirements.lock
	$(BIN)/python -m pip install --quiet --no-deps --no-build-isolation --editable .
	touch $@

# The peers have an environment of their own, so that the package's lock stays free of them.
$(BENCH)/.ready: benchmarks/requirements.lock pyproject.toml
	$(PYTHON) -m venv $(BENCH)
	$(BENCH)/bin/python -m pip install --quiet --require-hashes \
		--requirement benchmarks/requirements.lock
	$(BENCH)/bin/python -m pip install --quiet --no-deps --no-build-isolation --editable .
	touch $@
