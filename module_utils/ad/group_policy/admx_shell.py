"""Where Windows keeps somebody's folders: values that no template of Microsoft's has, as the shell reads them.

The extension for folder redirection ([MS-GPFR]) also moves what is there already; values written straight move nothing.
They are outside the policies' own keys, so they stay when the policy goes: link another one that puts them back.
"""

from __future__ import annotations

from ansible.module_utils.ad.group_policy.admx_table import Element, Policy

SHELL: tuple[Policy, ...] = (
    Policy(
        "UserShellFolders",
        "Shell",
        "user",
        r"Software\Microsoft\Windows\CurrentVersion\Explorer\User Shell Folders",
        elements=(
            Element("Documents", "text", "Personal", expands=True),
            Element("Desktop", "text", "Desktop", expands=True),
            Element("Pictures", "text", "My Pictures", expands=True),
        ),
    ),
)
