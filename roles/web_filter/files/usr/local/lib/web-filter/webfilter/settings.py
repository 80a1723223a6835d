"""What the role wrote for the updater and the canary. A mistake is told by its key."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from hostlib import settings_from

from webfilter.names import listed_host

SETTINGS = "/etc/web-filter/config.json"
FOLDER = "/var/lib/web-filter"


@dataclass(frozen=True)
class Source:
    """Where lists come from: an archive, or a folder with a folder for each list."""

    name: str
    url: str
    form: str
    #: A file of digests beside the archive, as md5sum(1) and its kin write them; empty when the source gives none.
    digests_url: str


@dataclass(frozen=True)
class Category:
    """What people are told, and the lists it is made of ("source/list"), and names of the site's own."""

    name: str
    title: str
    lists: tuple[str, ...]
    domains: tuple[str, ...]


@dataclass(frozen=True)
class Settings:
    """All of it. Names are those of the role's arguments."""

    sources: tuple[Source, ...]
    categories: tuple[Category, ...]
    canary_domain: str
    greatest_loss_percent: int
    lists_at_most_days: int
    published_at_most_days: int
    canary_at_most_minutes: int
    largest_download_bytes: int
    timeout_seconds: int
    kept_generations: int
    proxy_address: str
    proxy_port: int
    closed_categories: tuple[str, ...]
    certificates: str
    alert_command: tuple[str, ...]

    @property
    def lists(self) -> dict[str, str]:
        """Lists of sources that are wanted, by name, with their source."""
        return {name: name.partition("/")[0] for category in self.categories for name in category.lists}

    def canaries(self) -> dict[str, str]:
        """A name for each category that must be found in it."""
        return {
            f"{category.name.replace('_', '-')}.{self.canary_domain}": category.name for category in self.categories
        }


def read_settings(path: str = SETTINGS) -> Settings:
    """The settings of this host.

    :raises SettingsError: they are missing or wrong.
    """
    return settings_from(path, _settings)


def _settings(given: Mapping[str, Any]) -> Settings:
    for name in (*(name for each in given["categories"] for name in each.get("domains", ())), given["canary_domain"]):
        listed_host(name)
    plain = {
        key: int(given[key])
        for key in (
            "greatest_loss_percent",
            "lists_at_most_days",
            "published_at_most_days",
            "canary_at_most_minutes",
            "largest_download_bytes",
            "timeout_seconds",
            "kept_generations",
            "proxy_port",
        )
    }
    return Settings(
        sources=tuple(
            Source(each["name"], each["url"], each.get("form", "archive"), each.get("digests_url", ""))
            for each in given["sources"]
        ),
        categories=tuple(
            Category(each["name"], each["title"], tuple(each.get("lists", ())), tuple(each.get("domains", ())))
            for each in given["categories"]
        ),
        canary_domain=given["canary_domain"],
        proxy_address=given["proxy_address"],
        closed_categories=tuple(given["closed_categories"]),
        certificates=given["certificates"],
        alert_command=tuple(given["alert_command"]),
        **plain,
    )
