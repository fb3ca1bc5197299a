# Everything a developer needs. `make` alone prints the list.
GO      ?= go
BIN     := $(CURDIR)/.bin
FUZZ    ?= 60s

.PHONY: help build deps test lint bench mutate fuzz rule truth fixtures

help: ## print this list
	@awk -F ':.*## ' '/^[a-z]+:.*## / {printf "  make %-8s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

build: ## build ./postern, static and without paths of this machine
	CGO_ENABLED=0 $(GO) build -trimpath -o postern ./cmd/postern

deps: ## install the real programs that tests compare with (Debian, root)
	apt-get update -qq
	DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends \
		gcc libc6-dev nginx libnginx-mod-http-lua openssl sslscan openssh-client openssh-server sudo \
		pcre2-utils iptables nftables ipset iproute2 strace util-linux procps systemd fail2ban logrotate chromium

# Where nothing runs at once, the race detector says nothing and takes four times as
# long: commands (which are built without it), rules, and what has no goroutines, or none that
# the audit does not run. Of the audit itself and of confirm, whose tests prove and replay
# for minutes, and of the command line, the detector sees those that run things at once.
SEQUENTIAL := /cmd/|/internal/cli|/internal/mutation|/policies|/internal/policy|/internal/evidence|/internal/nginx|/internal/automata|/internal/netfilter|/internal/derive/exposure|/internal/audit|/internal/confirm
AT_ONCE := OverSSH|ReadsItself|ManyHosts|TheTraffic|KeptProof|AProofNames|TimeEndsARun|ACounterExample|OrderOfTheRequests|AsksOneByOne|BatchThatWaits|ErrorOfTheModel

test: lint ## vet, lint and all tests, what runs at once with the race detector
	CGO_ENABLED=1 $(GO) test -race -timeout 15m $$($(GO) list ./... | grep -v -E '$(SEQUENTIAL)')
	CGO_ENABLED=1 $(GO) test -race -timeout 15m -run '$(AT_ONCE)' ./internal/audit ./internal/confirm ./internal/cli
	$(GO) test -timeout 15m $$($(GO) list ./... | grep -E '$(SEQUENTIAL)')

lint: $(BIN)/staticcheck $(BIN)/gofumpt $(BIN)/regal ## vet, staticcheck, gofumpt, Rego lint
	$(GO) vet ./...
	$(BIN)/staticcheck ./...
	@unformatted="$$($(BIN)/gofumpt -l cmd collectors internal policies rewriter)"; \
		test -z "$$unformatted" || { echo "not gofumpt-formatted:"; echo "$$unformatted"; exit 1; }
	$(BIN)/regal lint --config-file .regal/config.yaml --format compact policies

# The tools live in modules of their own, so that they never touch go.mod.
$(BIN)/staticcheck $(BIN)/gofumpt: tools/go.mod
	@mkdir -p $(BIN)
	cd tools && $(GO) build -o $(BIN)/ tool
	@touch $(BIN)/staticcheck $(BIN)/gofumpt

$(BIN)/regal: tools/regal/go.mod
	@mkdir -p $(BIN)
	cd tools/regal && $(GO) build -o $(BIN)/ tool
	@touch $(BIN)/regal

$(BIN)/opa: tools/opa/go.mod
	@mkdir -p $(BIN)
	cd tools/opa && $(GO) build -o $(BIN)/ tool
	@touch $(BIN)/opa

bench: $(BIN)/opa ## benchmarks, each beside its peer in the same run
	$(GO) test -run '^$$' -bench . -benchmem ./...

mutate: ## plant every single defect of fixtures/mutations and list what the rules find
	MUTATIONS=all $(GO) test -timeout 60m -count=1 -v -run TestEveryDefectIsFoundAndNothingElse ./internal/mutation

# Random configurations and requests, whose seeds count up from SEED.
SEED    ?= 1
CONFIGS ?= 10000
truth: ## compare the request model, and proofs, with nginx on CONFIGS (10000) configurations
	CI=true POSTERN_SEED=$(SEED) POSTERN_CONFIGS=$(CONFIGS) $(GO) test -count=1 -timeout 3h -v \
		-run 'TestRandomRequestsEndAsInNginx|TestDocumentedBehaviour' ./internal/nginx/request
	CI=true POSTERN_LONG=1 POSTERN_SEED=$(SEED) POSTERN_CONFIGS=$$(( $(CONFIGS) / 10 )) $(GO) test -count=1 -timeout 2h -v \
		-run 'TestRequestsOfARegion|TestTargets|TestProofsHoldInNginx' ./internal/derive/exposure

fuzz: ## run every fuzz target for FUZZ (60s)
	@for target in $$(grep -rl --include='*_test.go' '^func Fuzz' cmd collectors internal rewriter); do \
		for name in $$(sed -n 's/^func \(Fuzz[A-Za-z]*\)(.*/\1/p' $$target); do \
			echo "$$name ($$(dirname $$target))"; \
			$(GO) test "./$$(dirname $$target)" -run '^$$' -fuzz "^$$name\$$" -fuzztime $(FUZZ) -fuzzminimizetime 5x || exit 1; \
		done; \
	done

rule: ## add a rule: make rule NAME=tls/weak_thing
	@test -n "$(NAME)" || { echo "say which: make rule NAME=tls/weak_thing"; exit 2; }
	$(GO) run ./cmd/postern rules new $(NAME) --policies policies

fixtures: ## make the certificates of the fixtures that are missing
	fixtures/certificates.sh
