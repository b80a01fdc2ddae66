# `make run` starts the portal with a demonstration community, `make test` runs every check. Both install what is missing on the system first.
.DEFAULT_GOAL := help
.PHONY: help run test format lint unit fuzz browser screenshots test-faults test-fuzz storm bench bench-growth bench-erasure bench-conversations bench-timing
# The checks of `make test` share one build directory and one order: the quick ones first.
.NOTPARALLEL:

help:
	@echo "make run            the portal with invented people on http://localhost:8080, on a PostgreSQL of its own"
	@echo "make test           format, lints and all tests"
	@echo "make screenshots    pictures of the main pages, written to docs/screenshots"
	@echo "make test-faults    the fault tests in full, and a table of what they saw; a quarter of an hour on two cores"
	@echo "make test-fuzz      the API fuzzed at length in everybody's part, and a table of what was asked; half an hour"
	@echo "make storm          how quick reads stay in a storm of sign-ins, and in how much memory: 32 clients without pause, and"
	@echo "                    ten times as many sign-ins a second as can be hashed"
	@echo "make bench          what requests cost beside what the machine gives at most, written to docs/performance.md; a quarter of an hour"
	@echo "make bench-growth   the same at 1,000 and at 1,000,000 accounts, written to docs/performance.md; an hour"
	@echo "make bench-erasure  how quick erasure is and what others notice of it, written to docs/performance.md; half an hour"
	@echo "make bench-timing   whether the time of an answer tells which addresses have an account"
	@echo "make bench-conversations  lists, messages and sending among 10 and 10,000,000 messages, written to docs/performance.md; half an hour"

# The dev profile: it is built in a fraction of the release profile's time, and hashing is optimised there too.
run:
	@.ci/setup run
	@echo "run: building and starting the portal (Ctrl-C ends it)"
	@cargo run --locked -- serve --demo

test:
	@.ci/setup test
	@$(MAKE) --no-print-directory format lint unit fuzz browser

format:
	@echo "test: format"
	@cargo fmt --all --check

lint:
	@echo "test: lints"
	@cargo clippy --workspace --all-targets --locked -- -D warnings

# Two more at once than there are processors: each waits for PostgreSQL or for a lock now and then.
unit:
	@threads=$$(($$(getconf _NPROCESSORS_ONLN) + 2)); \
	if cargo nextest --version >/dev/null 2>&1; then \
	    echo "test: tests, on a throw-away PostgreSQL"; \
	    .ci/with-postgres cargo nextest run --workspace --locked --test-threads $$threads; \
	else \
	    echo "test: tests, on a throw-away PostgreSQL (with cargo test: cargo-nextest is not installed)"; \
	    RUST_TEST_THREADS=$$threads .ci/with-postgres cargo test --workspace --locked; \
	fi

# A few requests to every operation, made up the same each time.
fuzz:
	@echo "test: API, fuzzed"
	@tests/fuzz/run short

browser:
	@echo "test: pages, in Chromium"
	@tests/browser/run

screenshots:
	@.ci/setup test
	@echo "screenshots: written to docs/screenshots"
	@tests/browser/run screenshots.mjs

# The group `faults` of the tests, whose short form is part of `make test`.
test-faults:
	@.ci/setup test
	@rm -rf "$${CARGO_TARGET_DIR:-target}/faults"
	@echo "test-faults: a thousand races of each kind, wrong clocks, 10,000 overdue accounts, a blocked one, marks everywhere"
	@export FAULT_TESTS=full; code=0; \
	if cargo nextest --version >/dev/null 2>&1; then \
	    .ci/with-postgres cargo nextest run --locked --test it --no-fail-fast -E 'test(/^faults::/)' || code=$$?; \
	else \
	    .ci/with-postgres cargo test --locked --test it faults:: || code=$$?; \
	fi; \
	echo "test-faults: what was seen"; \
	cat "$${CARGO_TARGET_DIR:-target}"/faults/*.tsv | awk -F '\t' '{ printf "%-34s %-64s %7d\n", $$1, $$2, $$3 }'; \
	exit $$code

test-fuzz:
	@.ci/setup test
	@echo "test-fuzz: everything that the document says, and more, in everybody's part"
	@tests/fuzz/run long

# Not part of `make test`: on a machine that does other work besides, the figures say little.
storm:
	@.ci/setup storm
	@echo "storm: building the release profile"
	@cargo build --release --locked
	@code=0; tests/storm || code=$$?; tests/storm-open || code=$$?; exit $$code

# Not part of `make test` either: chance moves single tries by more than what is looked for.
bench-timing:
	@.ci/setup timing
	@echo "bench-timing: building the release profile"
	@cargo build --release --locked
	@python3 tests/timing/timing.py "$${CARGO_TARGET_DIR:-target}/release/stammtisch"

# SCALE=100 divides every number of rows and writes nothing.
SCALE ?= 1
bench:
	@.ci/setup bench
	@echo "bench: building the release profile"
	@cargo build --release --locked --bins --example limits
	@tests/bench $(SCALE)

bench-growth:
	@.ci/setup bench
	@echo "bench-growth: building the release profile"
	@cargo build --release --locked
	@tests/bench-growth $(SCALE)

bench-erasure:
	@.ci/setup bench
	@echo "bench-erasure: building the release profile"
	@cargo build --release --locked
	@tests/bench-erasure $(SCALE)

bench-conversations:
	@.ci/setup bench
	@echo "bench-conversations: building the release profile"
	@cargo build --release --locked
	@tests/bench-conversations $(SCALE)
