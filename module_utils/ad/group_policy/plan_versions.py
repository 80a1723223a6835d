"""The versions of a policy, and the mark that tells whether they were raised for what it holds. Pure."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping

from ansible.module_utils.ad.group_policy import GroupPolicyDataError, gpt_ini
from ansible.module_utils.ad.group_policy.model import GroupPolicy, Half
from ansible.module_utils.ad.group_policy.store_model import FOLDERS, GPT_INI, SIDES, Marker, StoredPolicy, versions

#: In GPT.INI of the policies we made, so that a folder whose container was removed by hand is known as its site's.
_SECTION, _KEY = "Garant", "site"


def digest(half: Half) -> str:
    """What tells one declared half from another; "" for one that sets nothing."""
    settings = half.settings()
    text = json.dumps(settings, sort_keys=True, default=str)
    return hashlib.sha256(text.encode()).hexdigest()[:16] if settings else ""


def marker_of(wanted: GroupPolicy, site: str) -> Marker:
    """What the container says once the policy is as declared for a site."""
    digests = {side: digest(wanted.half(side)) for side in SIDES}
    return Marker(not wanted.merge, site, {side: value for side, value in digests.items() if value})


def next_version(
    stored: StoredPolicy | None,
    marker: Marker,
    touched: Iterable[str],
    extensions: Mapping[str, str],
) -> int:
    """The version that both places must have: each half counts on once when something of it changes.

    A half whose mark is not the one of what is declared was left by a run that did not end: it counts on too.
    """
    counts = dict.fromkeys(SIDES, 0)
    paths = [path.casefold() for path in touched]
    for number in (stored.container.version, stored.sysvol_version or 0) if stored else ():
        for side, count in versions(number).items():
            counts[side] = max(counts[side], count)
    for side in SIDES:
        written = any(path.startswith(f"{FOLDERS[side]}\\".casefold()) for path in paths)
        known = stored.container.marker if stored else None
        finished = (known.digests.get(side) if known else None) == marker.digests.get(side)
        renamed = stored is not None and extensions[side] != stored.container.extensions[side]
        if written or renamed or not finished:
            counts[side] = gpt_ini.following(counts[side])
    return gpt_ini.version(counts["user"], counts["computer"])


def site_of(raw: bytes | None) -> str | None:
    """The site for which we wrote a version file; None when we did not."""
    try:
        return None if raw is None else gpt_ini.unpack(raw).get(_SECTION, _KEY)
    except GroupPolicyDataError:
        return None


def version_file(stored: StoredPolicy | None, version: int, site: str) -> bytes | None:
    """GPT.INI, when it has to be written; what else stands in it stays."""
    if stored is None or stored.sysvol_version is None:
        user, computer = gpt_ini.halves(version)
        return gpt_ini.pack(gpt_ini.new(user, computer).replaced(_SECTION, _KEY, site))
    if stored.sysvol_version == version:
        return None
    user, computer = gpt_ini.halves(version)
    return gpt_ini.pack(gpt_ini.unpack(stored.folder.file(GPT_INI) or b"").with_versions(user, computer))
