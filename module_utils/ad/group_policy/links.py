"""Where policies are linked: gPLink and gPOptions of a container ([MS-GPOL] 2.2.2).

gPLink lists [LDAP://<DN>;<options>] one after the other. Clients apply from the first to the last, so the last one
written wins over the others: it has precedence 1, the "link order" of the management console.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from ansible.module_utils.ad.group_policy import GroupPolicyDataError

#: gPLinkOptions; other bits are kept.
DISABLED, ENFORCED = 1, 2
#: gPOptions: policies from above are not inherited, but for the enforced ones.
BLOCK_INHERITANCE = 1

_LINK = re.compile(r"\[LDAP://(?P<dn>[^\[\]]*?);(?P<options>[0-9]{1,10})\]", re.IGNORECASE)
_LARGEST = 2**32 - 1


@dataclass(frozen=True)
class GpoLink:
    """A link of a container to the policy with this name."""

    dn: str
    options: int = 0

    @property
    def enabled(self) -> bool:
        return not self.options & DISABLED

    @property
    def enforced(self) -> bool:
        return bool(self.options & ENFORCED)

    def with_options(self, enforced: bool, enabled: bool) -> GpoLink:
        """The same link with these two options; the other bits stay."""
        others = self.options & ~(DISABLED | ENFORCED)
        return GpoLink(self.dn, others | (ENFORCED if enforced else 0) | (0 if enabled else DISABLED))


def parse(text: str | None) -> tuple[GpoLink, ...]:
    """Links as stored: the last has precedence. The console leaves a blank when it removes the last link."""
    links, at = [], 0
    stored = (text or "").strip()
    while at < len(stored):
        match = _LINK.match(stored, at)
        if not match or int(match["options"]) > _LARGEST:
            raise GroupPolicyDataError(f"gPLink: no link at {stored[at : at + 80]!r}", offset=at)
        links.append(GpoLink(match["dn"], int(match["options"])))
        at = match.end()
    return tuple(links)


def format_links(links: Iterable[GpoLink]) -> str:
    """gPLink of these links, in stored order."""
    wanted = tuple(links)
    text = "".join(f"[LDAP://{link.dn};{link.options}]" for link in wanted)
    if parse(text) != wanted:
        raise GroupPolicyDataError(f"gPLink cannot hold {text!r:.200}")
    return text


def by_precedence(links: Iterable[GpoLink]) -> tuple[GpoLink, ...]:
    """The links from the one that wins to the one that gives way, or back to stored order: it is the reverse."""
    return tuple(reversed(tuple(links)))


def inheritance_blocked(options: str | None) -> bool:
    """Whether gPOptions keeps the policies from above out."""
    return bool(_options(options) & BLOCK_INHERITANCE)


def format_options(blocked: bool, current: str | None = None) -> str:
    """gPOptions with that bit set or cleared; the others stay."""
    others = _options(current) & ~BLOCK_INHERITANCE
    return str(others | (BLOCK_INHERITANCE if blocked else 0))


def _options(text: str | None) -> int:
    stored = (text or "").strip() or "0"
    if not re.fullmatch(r"-?[0-9]{1,10}", stored, re.ASCII):
        raise GroupPolicyDataError(f"gPOptions: {stored!r:.80} is no number")
    return int(stored)
