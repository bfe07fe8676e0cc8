# The index of what one can do here; `make` prints it. Every verb sets itself up on a machine with Python 3.11 alone.

PYTHON ?= $(shell command -v python3.11 || command -v python3)
BIN := .venv/bin
READY := .venv/.ready

.DEFAULT_GOAL := help
.PHONY: help install demo test check format verify soak peers bench gallery docs lock audit clean

help: ## print this list
	@awk -F ':.*## ' '/^[a-z]+:.*## / { printf "  make %-10s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

install: $(READY) ## set up .venv with the locked dependencies and a working .venv/bin/exfig

$(READY): requirements.lock pyproject.toml
	$(PYTHON) -m venv .venv
	$(BIN)/pip install --quiet --disable-pip-version-check --require-hashes --requirement requirements.lock
	$(BIN)/pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation --editable .
	@touch $(READY)

demo: $(READY) ## export configs.example/ from the built-in sandbox into demo-out/; needs no token
	@mkdir -p demo-out
	$(BIN)/exfig batch configs.example --sandbox --rate-limit 60 --parallel 4 --output-root demo-out \
		--report demo-out/report.json
	@echo "Look at demo-out/: the code and catalogs of $$(ls configs.example/*.yaml | wc -l | tr -d ' ') configs."

test: $(READY) ## run the test suite
	$(BIN)/python -m pytest -n auto --maxprocesses 8 --dist worksteal

check: $(READY) ## formatting, lint, types
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy

format: $(READY) ## format the code and mend what lint can mend
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

verify: $(READY) ## kill 200 runs, check generated code with tsc and style-dictionary; needs Node
	EXFIG_KILLS=200 $(BIN)/python -m pytest -q tests/crash/test_batch.py
	rm -rf build/verify && mkdir -p build/verify
	$(BIN)/exfig batch configs.example --sandbox --rate-limit 600 --quiet --output-root build/verify
	cd build/verify && npm install --silent --no-save --no-package-lock typescript@5.9.3 @types/react@19.2.7
	echo "declare module '*.svg' { const url: string; export default url; }" > build/verify/svg.d.ts
	cd build/verify && npx --no-install tsc --noEmit --strict --jsx react-jsx --module esnext --target es2022 \
		--moduleResolution bundler $$(find . -name '*.ts*' -not -path './node_modules/*')
	mkdir -p build/verify/dictionary && cd build/verify/dictionary && npm init --yes > /dev/null && \
		npm install --silent --no-save --no-package-lock style-dictionary@5.5.5 && \
		node ../../../tests/style_dictionary/check.mjs \
		$$(find .. -name '*tokens.json' -not -path '*/node_modules/*')

soak: $(READY) ## let a watch live through 2,000 changes while much goes wrong; some ten minutes
	EXFIG_SOAK=2000 $(BIN)/python -m pytest -q --timeout 0 --capture no tests/test_watch/test_soak.py

peers: ## install the tools that `make bench` runs beside exfig, into build/peers/; needs npm
	mkdir -p build/peers && cp benchmarks/peers/package.json build/peers/
	cd build/peers && npm install --silent --no-audit --no-fund --no-package-lock

bench: $(READY) ## measure speed and memory, as ratios taken in one run
	$(BIN)/python -m benchmarks

gallery: $(READY) ## draw all test SVGs in each vector format, side by side, into build/gallery.png
	@mkdir -p build
	$(BIN)/python -m tests.test_vector.gallery build/gallery.png

docs: $(READY) ## make the generated parts of README and docs anew
	$(BIN)/python docs/generate.py

lock: $(READY) ## resolve the dependencies anew into requirements.lock
	$(BIN)/pip install --quiet pip-tools
	$(BIN)/pip-compile --quiet --extra dev --generate-hashes --strip-extras --no-header \
		--no-emit-index-url --no-emit-find-links --no-emit-trusted-host --no-emit-options \
		--output-file requirements.lock pyproject.toml

audit: ## look the locked dependencies up among known vulnerabilities; needs pypi.org
	rm -rf build/audit && mkdir -p build
	$(PYTHON) -m venv build/audit
	build/audit/bin/pip install --quiet --disable-pip-version-check pip-audit==2.10.1
	build/audit/bin/pip-audit --strict --requirement requirements.lock --require-hashes --disable-pip \
		--progress-spinner off || \
		{ echo "make audit: a dependency is vulnerable, or pypi.org did not answer for it" >&2; exit 1; }

clean: ## remove everything that the other verbs made
	rm -rf .venv demo-out .mypy_cache .pytest_cache .ruff_cache .hypothesis build dist
	find . -name __pycache__ -type d -prune -exec rm -rf {} +
