"""What is demanded of a site: the catalogue, the client's charter, the contracts, the law, waivers and attestations."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from ansible.module_utils.policy.loader import PolicyError, read_policy
from ansible.module_utils.policy.register import read_register

OPERATORS = ("at_least", "at_most", "equals", "within", "includes", "excludes")


@dataclass(frozen=True)
class Demand:
    """One document's word on a control; set_aside says why the charter does not follow it."""

    document: str
    clause: str
    rule: str | None
    says: str
    operator: str | None
    value: Any
    set_aside: str | None = None


@dataclass(frozen=True)
class Control:
    """One thing demanded of the hosts of a group, and how it is measured."""

    id: str
    topic: str
    definition: Mapping[str, Any]
    charter: Mapping[str, Any]
    also_demanded: tuple[Demand, ...] = ()

    @property
    def operator(self) -> str | None:
        """The comparison, None for a behaviour."""
        return self.definition.get("compare")

    @property
    def expected(self) -> Any:
        """The client's value; for a behaviour what is expected of it."""
        return self.charter[self.operator] if self.operator else self.definition["expect"]

    def title(self, language: str) -> str:
        """The title with the client's value in it."""
        return self.definition["title"][language].format_map(_Shown(self.charter))


class _Shown(dict):
    """Values as a sentence shows them: a list separated by commas."""

    def __getitem__(self, key: str) -> Any:
        value = super().__getitem__(key)
        return ", ".join(map(str, value)) if isinstance(value, list) else value


@dataclass(frozen=True)
class Policies:
    """Everything that is demanded of one client's site."""

    client: str
    profile: Mapping[str, Any]
    controls: Mapping[str, Control]
    topics: Mapping[str, Mapping[str, str]]
    legal: Mapping[str, Any] = field(default_factory=dict)
    attestations: Mapping[str, Any] = field(default_factory=dict)
    contradictions: Mapping[str, Any] = field(default_factory=dict)
    register: Mapping[str, Any] = field(default_factory=dict)
    waivers: tuple[Mapping[str, Any], ...] = ()
    digest: str = ""


def load_policies(root: Path, client: str) -> Policies:
    """Read and check everything below root/policies that concerns one client.

    :raises PolicyError: with every problem found, one line each.
    """
    folder = root / "policies" / client
    if not folder.is_dir():
        known = sorted(p.parent.name for p in (root / "policies").glob("*/charter.yml"))
        raise PolicyError([f"policies/{client}: there is no such client; known: {', '.join(known) or 'none'}"])
    reader = _Reader(root)
    catalogue = [reader.read(file, "catalogue") for file in sorted((root / "policies" / "catalogue").glob("*.yml"))]
    profile = reader.read(folder / "client.yml", "client").get("client_profile", {})
    charter = reader.read(folder / "charter.yml", "charter").get("charter", {})
    optional = {
        name: reader.read(folder / f"{name}.yml", name) if (folder / f"{name}.yml").exists() else {}
        for name in ("legal", "attestations", "contradictions", "waivers")
    }
    register = reader.register(folder)
    contracts = {
        name: reader.read(folder / "contracts" / f"{name}.yml", "contract") for name in profile.get("contracts", ())
    }
    reader.stop_on_problems()
    definitions = {name: (topic["topic"], entry) for topic in catalogue for name, entry in topic["controls"].items()}
    problems = _unfit(definitions, charter, contracts, f"policies/{client}")
    if problems:
        raise PolicyError(problems)
    controls = {
        name: Control(name, definitions[name][0], definitions[name][1], entry, _demands(name, contracts))
        for name, entry in charter.items()
    }
    return Policies(
        client=client,
        profile=profile,
        controls=controls,
        topics={topic["topic"]: topic["title"] for topic in catalogue},
        legal=optional["legal"].get("legal", {}),
        attestations=optional["attestations"].get("attestations", {}),
        contradictions=optional["contradictions"].get("contradictions", {}),
        register=register,
        waivers=tuple(optional["waivers"].get("waivers", ())),
        digest=reader.digest(),
    )


class _Reader:
    """Reads files one after the other and keeps their problems, so that all are told at once."""

    def __init__(self, root: Path) -> None:
        self._root = root
        self._problems: list[str] = []
        self._hash = hashlib.sha256()

    def read(self, file: Path, schema: str) -> dict[str, Any]:
        try:
            data = read_policy(file, self._root / "policies" / "schema" / f"{schema}.schema.json", self._root)
            self._hash.update(file.read_bytes())
        except PolicyError as error:
            self._problems.extend(error.problems)
            return {}
        return data

    def register(self, client: Path) -> dict[str, Any]:
        try:
            return read_register(client, lambda file: self.read(file, "register"), self._root)
        except PolicyError as error:
            self._problems.extend(error.problems)
            return {}

    def digest(self) -> str:
        return self._hash.hexdigest()

    def stop_on_problems(self) -> None:
        if self._problems:
            raise PolicyError(self._problems)


def _unfit(
    definitions: Mapping[str, Any], charter: Mapping[str, Any], contracts: Mapping[str, Any], where: str
) -> list[str]:
    """A charter entry needs a control of the catalogue and exactly the value that its comparison takes."""
    problems = []
    for name, entry in charter.items():
        if name not in definitions:
            problems.append(f"{where}/charter.yml: {name}: the catalogue has no such control; correct its spelling")
            continue
        definition = definitions[name][1]
        given = {key for key in (*OPERATORS, "banned") if key in entry}
        wanted = {key for key in (definition.get("compare"), definition.get("carries")) if key}
        if given != wanted:
            takes = ", ".join(sorted(wanted)) or "no value"
            problems.append(
                f"{where}/charter.yml: {name}: takes {takes}, but gives {', '.join(sorted(given)) or 'none'}"
            )
    for contract, content in contracts.items():
        for name in content["demands"]:
            if name not in charter:
                problems.append(
                    f"{where}/contracts/{contract}.yml: {name}: is demanded by the contract, but not in charter.yml"
                )
    return problems


def _demands(control: str, contracts: Mapping[str, Any]) -> tuple[Demand, ...]:
    found = []
    for document, content in contracts.items():
        entries = content["demands"].get(control, [])
        for entry in entries if isinstance(entries, list) else [entries]:
            operator = next((key for key in OPERATORS if key in entry), None)
            found.append(
                Demand(
                    document,
                    entry["clause"],
                    entry.get("rule"),
                    entry["says"],
                    operator,
                    entry.get(operator) if operator else None,
                    entry.get("set_aside"),
                )
            )
    return tuple(found)


def strict_enough(operator: str, value: Any, demanded: Any) -> bool:
    """Is the charter's value at least as strict as what a document demands of the same control?"""
    if operator == "at_least":
        return value >= demanded
    if operator == "at_most":
        return value <= demanded
    if operator == "within":
        return set(value) <= set(demanded)
    if operator in ("includes", "excludes"):
        return set(value) >= set(demanded)
    return value == demanded
