# Two commands to begin with: make lab, make test. SITE=<site> chooses another site of inventories/.
SITE ?= autoconcept
HOST ?= dc1

SHELL := /bin/bash
.DEFAULT_GOAL := help
.NOTPARALLEL:
export PATH := $(CURDIR)/.venv/bin:$(PATH)
export SITE

# DISKS=virtual: machines with mirrored disks are virtual machines, with disks of their own.
# PARK=80: eighty simulated workstations beside the six.
LAB := -i inventories/$(SITE) -i inventories/lab $(if $(filter virtual,$(DISKS)),-i inventories/lab_virtual) \
       $(if $(filter 80,$(PARK)),-i inventories/lab_park)

.PHONY: help
help: ## Show this list
	@awk -F ':.*## ' '/^[a-z-]+:.*## / {printf "  \033[1m%-16s\033[0m %s\n", $$1, $$2}' $(MAKEFILE_LIST)

.PHONY: bootstrap
bootstrap: ## Install what the project needs on this computer (Debian 12 or 13)
	@bin/bootstrap

.PHONY: lab
lab: lab-up converge lab-workstations ## Reproduce the site on this computer: machines, playbooks, audit, report
	@bin/lab-guard $(SITE)
	@bin/garant audit $(SITE) --lab || [ $$? -lt 3 ]

.PHONY: lab-workstations
lab-workstations: bootstrap ## Have the simulated Windows workstations read their policies, or start them
	@bin/lab-guard $(SITE)
	ansible-playbook $(LAB) playbooks/lab_park.yml

.PHONY: lab-park
lab-park: bootstrap ## Beside a lab that is up: eighty more simulated workstations, read and judged, and the plan of their renewal
	@bin/lab-guard $(SITE)
	$(MAKE) --no-print-directory lab-workstations PARK=80
	@bin/garant audit $(SITE) --lab --inventory inventories/lab_park || [ $$? -lt 3 ]
	ansible-playbook -i inventories/$(SITE) -i inventories/lab -i inventories/lab_park playbooks/upgrade.yml

.PHONY: lab-up
lab-up: bootstrap ## Bring the lab's machines up, empty or as they were
	ansible-playbook $(LAB) playbooks/lab_up.yml

.PHONY: lab-down
lab-down: bootstrap ## Remove the site's lab; with IMAGES=yes the images of all labs too
	ansible-playbook $(LAB) playbooks/lab_down.yml $(if $(filter yes,$(IMAGES)),-e lab_down_images=true)

.PHONY: lab-shell
lab-shell: ## Open a shell on a machine of the lab: HOST=lws1
	@ssh -t -F var/lab/$(SITE)/ssh_config $(HOST)

.PHONY: converge
converge: bootstrap ## Bring the lab in line with the charter
	@bin/lab-guard $(SITE)
	ansible-playbook $(LAB) playbooks/site.yml

.PHONY: audit
audit: bootstrap ## Measure the lab, judge, report
	@bin/lab-guard $(SITE)
	bin/garant audit $(SITE) --lab

.PHONY: report
report: bootstrap ## Show the report of the last audit
	bin/garant report $(SITE)

.PHONY: judge
judge: bootstrap ## Judge what an audit read once more: RUN=var/runs/<site>/<time>
	bin/garant judge $(SITE) $(if $(RUN),--run-directory $(RUN))

.PHONY: check
check: lint unit ## All that needs no machine: lint, unit tests, policies

.PHONY: test
test: check ## Everything: check, then the lab converged twice, audited and broken on purpose
	@# Molecule remembers in the home directory, by the project's folder name alone, that the machines run: they may be gone.
	@SITE=$(SITE) molecule reset --scenario-name lab
	molecule test --scenario-name lab

.PHONY: live
live: bootstrap ## Try the directory modules on the lab's domain controller; what they make there they take away
	@bin/lab-guard $(SITE)
	@GARANT_TEST_DC=$$(awk '$$1 == "Host" && $$2 == "dc1" {print $$3}' var/lab/$(SITE)/ssh_config) \
	GARANT_TEST_CA=$(CURDIR)/var/lab/$(SITE)/secrets/pki/ca.crt \
	GARANT_TEST_PASSWORD=$$(cat var/lab/$(SITE)/secrets/domain_administrator) \
	pytest -q -m live_directory tests/unit

.PHONY: lab-disks
lab-disks: ## Mirrored disks on a virtual machine: pulled, replaced, power cut; it takes the place of the lab's file server
	@bin/bootstrap --disks
	@SITE=$(SITE) molecule reset --scenario-name disks
	molecule test --scenario-name disks

.PHONY: lab-disaster
lab-disaster: bootstrap ## In a lab that is up: destroy the controller and the file server, rebuild them from the backups
	@bin/lab-guard $(SITE)
	pytest -q tests/compliance_disaster

.PHONY: lint
lint: bootstrap ## Read the code: ruff, mypy, yamllint, ansible-lint
	ruff check .
	ruff format --check .
	mypy
	yamllint --strict .
	ansible-lint --offline

.PHONY: unit
unit: bootstrap ## Test the code and the policies, without any machine
	pytest -q -n auto

.PHONY: rehearse-renewal
rehearse-renewal: bootstrap ## Renew eighty simulated workstations by Ansible, some of which fail; killed on the way and run again
	pytest -q -n0 -m rehearsal tests/unit/upgrade

.PHONY: bench
bench: bootstrap ## Time a second run: machines, converge, audit
	@for step in lab-up converge audit; do \
	  begin=$$(date +%s.%N); $(MAKE) --no-print-directory $$step >/dev/null || [ $$step = audit ] || exit; \
	  awk -v a=$$begin -v b=$$(date +%s.%N) -v s=$$step 'BEGIN {printf "%-10s %5.1f s\n", s, b - a}'; done

.PHONY: clean
clean: ## Remove what can be made again: caches and the virtual environment; neither labs nor reports
	rm -rf .venv .pytest_cache .mypy_cache .ruff_cache .hypothesis .ansible
	find . -name __pycache__ -type d -prune -exec rm -rf {} +
