"""What the tests of definitions share: a context, values, and a loader of one text."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from ansible.module_utils.ad.group_policy.definition_load import load_definitions
from ansible.module_utils.ad.group_policy.definition_yaml import DefinitionError
from ansible.module_utils.ad.group_policy.model import GroupPolicy

DOMAIN = "S-1-5-21-1-2-3"
CONTEXT: dict[str, Any] = {
    "domain_dn": "DC=site,DC=lan",
    "domain_sid": DOMAIN,
    "domain_name": "site.lan",
    "netbios_name": "SITE",
    "root_ou": "Site",
    "sids": {"gg_atelier": f"{DOMAIN}-1101", "gg_bureau": f"{DOMAIN}-1102"},
    "file_server": "fs1.site.lan",
    "controls": ["session_lock_delay", "network_drives"],
    "texts": {"charter_title": "Charte"},
    "shares": [
        {
            "name": "atelier",
            "title": "Atelier",
            "kind": "department",
            "drive": "N",
            "read": ["GG_Bureau"],
            "write": ["GG_Atelier"],
        },
        {
            "name": "perso",
            "title": "Mon dossier",
            "kind": "personal",
            "drive": "P",
            "read": ["GG_Atelier"],
            "write": [],
        },
    ],
}
VALUES = {"session_lock_delay": 10, "max_age": 90, "never": None, "hours": 10, "notice": "Charte, {domain_name}"}
HEAD = "name: Essai\npurpose: Un essai.\nlinks: [{unit: Postes}]\n"
DOMAIN_HEAD = "name: Essai\npurpose: Un essai.\nlinks: [{unit: domain}]\n"
LOCK = """\
user:
  policies:
    - policy: CPL_Personalization_ScreenSaverTimeOut
      state: enabled
      elements: {ScreenSaverTimeOutFreqSpin: {value_of: session_lock_delay, unit: minutes}}
      control: session_lock_delay
"""
OPTIONS = "      MACHINE\\Software\\Microsoft\\Windows\\CurrentVersion\\Policies\\System\\"


def load(tmp_path: Path, text: str, **context: Any) -> GroupPolicy:
    file = tmp_path / "essai.yml"
    file.write_text(text, encoding="utf-8")
    return load_definitions([str(file)], VALUES, {**CONTEXT, **context})[0]


def refused(tmp_path: Path, text: str, **context: Any) -> list[str]:
    with pytest.raises(DefinitionError) as error:
        load(tmp_path, text, **context)
    return [problem.removeprefix(f"{tmp_path}/essai.yml:") for problem in error.value.problems]


def security(section: str, *entries: str) -> str:
    lines = "".join(f"      {entry}\n" for entry in entries)
    return f"computer:\n  security:\n    {section}:\n{lines}"
