# make demo: install into .venv and draw the B-L plane.  make test: the same set-up, then every check.
# make docs: build the documentation site, run its examples, check its links.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
STAMP := $(VENV)/.installed
DOCS_STAMP := $(VENV)/.installed-docs

.PHONY: demo test coverage bench docs clean

$(STAMP): pyproject.toml constraints.txt
	$(PYTHON) -c "import sys; sys.exit('nuportal needs Python >= 3.11, this is ' + sys.version.split()[0] if sys.version_info < (3, 11) else 0)"
	test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -c constraints.txt -e '.[dev,cluster]'
	touch $@

demo: $(STAMP)
	$(BIN)/nuportal plane B-L --x mass=2MeV:40MeV --y g=1e-9:1e-3 --points 60 --second-treatment temperatures \
		--if-exists replace --output out/demo_B-L_neff.png

test: $(STAMP)
	$(BIN)/ruff check .
	$(BIN)/pyright
	$(BIN)/python -m pytest -n auto --dist loadfile --durations=15

# compiled functions are not seen by coverage: what they do is counted where Python calls them
coverage: $(STAMP)
	$(BIN)/python -m pytest --cov --cov-report=term:skip-covered --cov-report=html:out/coverage

$(DOCS_STAMP): $(STAMP)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -c constraints.txt -e '.[docs]'
	touch $@

docs: $(DOCS_STAMP)
	$(BIN)/python -m sphinx --fail-on-warning --keep-going --quiet docs out/docs/html
	$(BIN)/python scripts/check_site.py out/docs/html
	@echo "the documentation is in out/docs/html/index.html"

bench: $(STAMP)
	$(BIN)/nuportal bench

clean:
	rm -rf $(VENV) out docs/examples
