"""What plays about saved hosts work out from the inventory: where each one saves to, and what its copies must hold."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any


def backup_repositories(
    places: Iterable[Mapping[str, Any]], host: str, port: int, secrets: str, authority: str
) -> list[dict[str, str]]:
    """The repositories of a host, as the role nas_backup takes them; the user, the password and the key are its own."""
    return [
        {
            "name": str(each["name"]),
            "place": str(each["place"]),
            "url": f"https://{each['address']}:{port}/{host}/",
            "user": host,
            "password_source": f"{secrets}/{host}.http",
            "key_source": f"{secrets}/{host}.key",
            "ca_file": authority,
        }
        for each in places
    ]


def backup_shares(shares: Iterable[Mapping[str, Any]], root: str) -> list[dict[str, str]]:
    """The folder of each share on the server."""
    return [{"name": str(each["name"]), "path": f"{root}/{each['name']}"} for each in shares]


class FilterModule:
    """For Ansible."""

    def filters(self) -> dict[str, Callable[..., Any]]:
        """By name."""
        return {"backup_repositories": backup_repositories, "backup_shares": backup_shares}
