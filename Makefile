# make run   sets everything up and serves the dashboard on 127.0.0.1:8501
# make test  lint, types, unit, page and browser tests: what CI runs
# make test-spark  the tests of Spark, with what it needs; CI runs them, too
# make quick lint, types and unit tests of what changed, in under a minute
# make faults plants faults in a copy of the tree: each must turn its tests red
# make soak  what takes minutes: long callbacks, floods, an hour's traffic, 200 faults (SEEDS=)
# make fuzz  readers and the hub under what nobody thought of, some minutes (SECONDS= each reader)
# make screens  pictures of every page, to be looked at
# make bench ratios of speed and memory, and docs/performance.md
# make accuracy  docs/accuracy.md: forecasts beside closed forms, other simulators, a real log
# make demo  rewrite the packaged demo project

SHELL := /bin/sh
# what Python compiles is kept, whatever the caller's shell says: tests start it a thousand times
unexport PYTHONDONTWRITEBYTECODE
VENV := .venv
BIN := $(VENV)/bin
PORT ?= 8501
HUB_PORT ?= 8600
# three more than cores: while tests wait for a browser or a process, another works
WORKERS ?= $(shell expr $$(getconf _NPROCESSORS_ONLN) + 3)
# of faults that `make soak` brings about
SEEDS ?= 200
# of a minute; lint and types take the rest
QUICK_SECONDS ?= 25
SECONDS ?= 30
IN_RANGE := import sys; sys.exit(not (3, 11) <= sys.version_info[:2] <= (3, 13))
PYTHON ?= $(shell for p in python3 python3.13 python3.12 python3.11; do \
	$$p -c '$(IN_RANGE)' 2>/dev/null && echo $$p && break; done)

.PHONY: run test test-spark java quick lint types looked-at ready unit faults soak fuzz bench screens accuracy demo browser \
	postgres nginx clean

run: $(VENV)/.ready
	@exec $(BIN)/python -m core up --port $(HUB_PORT) --dashboard-port $(PORT)

test: browser postgres nginx
	@$(MAKE) --no-print-directory -j 2 looked-at ready
	@$(MAKE) --no-print-directory unit

quick: lint types
	@$(BIN)/python -m pytest -q -rfE -n $(WORKERS) --dist load --hypothesis-profile quick \
		--budget $(QUICK_SECONDS) -m "not browser and not slow" $$($(BIN)/python tests/changed.py)

test-spark: $(VENV)/.spark-ready java
	@$(BIN)/python -m pytest -q --hypothesis-profile quick tests/spark/spark.py

java:
	@command -v java >/dev/null && exit 0; \
	if [ "$$(id -u)" = 0 ] && command -v apt-get >/dev/null; then \
		apt-get update -qq; export DEBIAN_FRONTEND=noninteractive; \
		apt-get install -y -qq openjdk-17-jre-headless >/dev/null || \
		apt-get install -y -qq default-jre-headless >/dev/null; \
	else echo "make test-spark: missing Java 17; install it with: sudo apt-get install openjdk-17-jre-headless" >&2; exit 1; fi

lint: $(VENV)/.dev-ready
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check --quiet .
	@$(BIN)/oxlint pages

types: $(VENV)/.dev-ready
	@$(BIN)/mypy

looked-at: lint types

# what compiles at its first use is compiled once, not by each worker
ready: $(VENV)/.dev-ready
	@$(BIN)/python -m core forecast --plan tests/data/plan.json >/dev/null
	@$(BIN)/python -m pytest -q -p no:xdist --collect-only >/dev/null

unit: $(VENV)/.dev-ready browser postgres nginx
	@$(BIN)/python -m pytest -q -n $(WORKERS) --dist loadfile --no-loadscope-reorder

browser:
	@for one in chromium-headless-shell chromium chromium-browser; do \
		command -v $$one >/dev/null && exit 0; \
	done; \
	if [ "$$(id -u)" = 0 ] && command -v apt-get >/dev/null; then \
		apt-get update -qq; export DEBIAN_FRONTEND=noninteractive; \
		apt-get install -y -qq chromium-headless-shell >/dev/null || \
		apt-get install -y -qq chromium >/dev/null; \
	else echo "make test: missing Chromium; install it with: sudo apt-get install chromium" >&2; exit 1; fi

# the programs alone: Debian would make a server of its own, and start it
postgres:
	@ls /usr/lib/postgresql/*/bin/initdb >/dev/null 2>&1 && exit 0; \
	if [ "$$(id -u)" = 0 ] && command -v apt-get >/dev/null; then \
		mkdir -p /etc/postgresql-common/createcluster.d; \
		echo "create_main_cluster = false" >/etc/postgresql-common/createcluster.d/switchyard.conf; \
		apt-get update -qq; export DEBIAN_FRONTEND=noninteractive; \
		apt-get install -y -qq postgresql >/dev/null && \
		rm /etc/postgresql-common/createcluster.d/switchyard.conf; \
	else echo "make test: missing PostgreSQL; install it with: sudo apt-get install postgresql" >&2; exit 1; fi

# the program alone: Debian would start it, but for a policy that forbids it
nginx:
	@PATH="$$PATH:/usr/sbin" command -v nginx >/dev/null && exit 0; \
	if [ "$$(id -u)" = 0 ] && command -v apt-get >/dev/null; then \
		policy=/usr/sbin/policy-rc.d; own=; \
		test -e $$policy || { own=$$policy; printf '#!/bin/sh\nexit 101\n' >$$policy; chmod +x $$policy; }; \
		apt-get update -qq; export DEBIAN_FRONTEND=noninteractive; \
		apt-get install -y -qq --no-install-recommends nginx-light >/dev/null; code=$$?; \
		test -z "$$own" || rm "$$own"; exit $$code; \
	else echo "make test: missing nginx; install it with: sudo apt-get install nginx-light" >&2; exit 1; fi

faults: $(VENV)/.dev-ready
	@PYTHONPATH=tests $(BIN)/python -m planted

soak: $(VENV)/.dev-ready browser
	@$(BIN)/python -m pytest -q --durations=0 -rP tests/soak/soak.py tests/soak/load.py \
		tests/soak/accuracy.py
	@SWITCHYARD_OPERATIONS=200 $(BIN)/python -m pytest -q tests/bulk/test_bulk_on_hub.py
	@$(BIN)/python -m pytest -q -n $(WORKERS) --hypothesis-profile full \
		$$(grep -rl --include='test_*.py' '^from hypothesis' tests)
	@SWITCHYARD_SEEDS=$(SEEDS) $(BIN)/python -m pytest -q -n $(WORKERS) --dist load \
		tests/survival/test_survival.py
	@$(BIN)/python -m pytest -q -n $(WORKERS) --dist load --soak -m soak

fuzz: $(VENV)/.fuzz-ready
	@PYTHONPATH=.:tests $(BIN)/python tests/fuzz/coverage.py --seconds $(SECONDS)
	@$(BIN)/python -m pytest -q tests/fuzz/hub.py

bench: $(VENV)/.bench-ready
	@for each in benchmarks/bench_*.py; do $(BIN)/python $$each || exit 1; done

screens: $(VENV)/.dev-ready browser
	@PYTHONPATH=.:tests $(BIN)/python -m screens $(PAGES)

accuracy: $(VENV)/.dev-ready
	@PYTHONPATH=.:tests $(BIN)/python -m accuracy

demo: $(VENV)/.ready
	@$(BIN)/python -m core.demo.generate

clean:
	rm -rf $(VENV) .mypy_cache .ruff_cache .pytest_cache .hypothesis

$(VENV)/.created:
	@test -n "$(PYTHON)" || { echo "make: missing Python 3.11 to 3.13; install it with: sudo apt-get install python3 python3-venv" >&2; exit 1; }
	@$(PYTHON) -c '$(IN_RANGE)' || { echo "make: $(PYTHON) is not Python 3.11 to 3.13" >&2; exit 1; }
	@$(PYTHON) -c 'import venv, ensurepip' 2>/dev/null || { echo "make: missing the venv module of $(PYTHON); install it with: sudo apt-get install python3-venv" >&2; exit 1; }
	@$(PYTHON) -m venv $(VENV)
	@touch $@

$(VENV)/.ready: $(VENV)/.created requirements.txt
	@echo "Installing what Switchyard needs into $(VENV) (about a minute the first time)"
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check -r requirements.txt
	@touch $@

$(VENV)/.bench-ready: $(VENV)/.dev-ready requirements-bench.txt
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check -r requirements-bench.txt
	@touch $@

$(VENV)/.dev-ready: $(VENV)/.ready requirements-dev.txt
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check -r requirements-dev.txt
	@touch $@

$(VENV)/.fuzz-ready: $(VENV)/.dev-ready requirements-fuzz.txt
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check -r requirements-fuzz.txt
	@touch $@

$(VENV)/.spark-ready: $(VENV)/.dev-ready requirements-spark.txt
	@echo "Installing Spark into $(VENV)"
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check -r requirements-spark.txt
	@touch $@
