"""Remote access in the report: who is entitled, what it takes, what was tried, and the tunnel to the far backup."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from ansible.module_utils.policy.report.readings import Evidence
from ansible.module_utils.policy.report.remote_texts import REMOTE
from ansible.module_utils.policy.report.tellings import (
    Missing,
    Source,
    Teller,
    Told,
    Try,
    counted,
    source,
    when,
    worst,
)
from ansible.module_utils.policy.report.values import typography

#: RFC 8996 has put them out of use.
_OLD_TLS = ("1.0", "1.1")
_NOT_ENOUGH = ("with_password_alone", "with_code_alone", "with_wrong_code", "with_used_code")


@dataclass(frozen=True)
class Remote:
    verdict: str
    summary: str
    when: str
    tries: tuple[Try, ...]
    facts: tuple[Told, ...]
    route: str


def remote(evidence: Evidence, language: str, zone: str | None = None) -> Remote | Missing | None:
    """What the section shows; None for a run of a site without remote access."""
    found = source(evidence, "vpn_access")
    if found is None:
        return None
    words = REMOTE[language]
    if not isinstance(found.facts, Mapping) or not found.facts:
        return Missing(typography(found.failure or words["unread"], language))
    tell = Teller(words, language)
    attempts = [each for each in found.rows("attempts") if not str(each.get("kind")).startswith("tls_")]
    proven = any(each.get("expected") and each.get("connected") for each in attempts)
    told = [_try(each, tell, proven) for each in attempts]
    tries = tuple(dict.fromkeys(told))
    _facts(found, tell)
    _administration(source(evidence, "second_factor"), tell)
    return Remote(
        verdict=worst([*(each.verdict for each in tries), tell.verdict(), *([] if tries else ["not_evaluated"])]),
        summary=counted(told, tell),
        when=when("read_on", words, found, language, zone),
        tries=tries,
        facts=tuple(tell.told),
        route=_route(found.rows("attempts"), tell),
    )


def _try(attempt: Mapping[str, Any], tell: Teller, proven: bool) -> Try:
    """One attempt. A service that lets nobody in refuses nobody in particular: that is no result."""
    expected, connected = bool(attempt.get("expected")), attempt.get("connected")
    kind = str(attempt.get("kind") or "")
    answer = ("connected" if connected else "refused") if isinstance(connected, bool) else "null"
    known = isinstance(connected, bool) and (proven or connected or expected)
    return Try(
        good=connected is expected if known else None,
        what=typography(tell.words.get(f"case_{kind}") or kind.replace("_", " "), tell.language),
        who="",
        expected=tell.words["answer_connected" if expected else "answer_refused"],
        answer=tell.words[f"answer_{answer}"],
    )


def _facts(found: Source, tell: Teller) -> None:
    """What it takes, what is reached, how strong the link is, and the tunnel to the far backup."""
    attempts = found.rows("attempts")
    inside = [each for each in attempts if each.get("expected") and each.get("connected")]
    factors = {"certificate": ("no_certificate",), "password": ("other_login",), "code": ("no_code", "wrong_code")}
    shut = {name: _refused(attempts, kinds) for name, kinds in factors.items()}
    missing = [tell.words[f"factor_{name}"] for name, refused in shut.items() if refused is False]
    known = [tell.words[f"factor_{name}"] for name, refused in shut.items() if refused]
    good = False if missing else None if None in shut.values() else True
    tell.add(good, "factors", factors=missing or known)
    tell.add(_refused(attempts, ("not_in_group", "disabled")), "entitled")
    tell.add(_refused(attempts, ("revoked",)), "revocation")
    targets = [target for each in inside for name in ("reached", "resolved") for target in each.get(name) or ()]
    tell.add(all(each.get("reached", each.get("resolved")) for each in targets) if targets else None, "reach")
    clear = found.rows("in_clear")
    tell.add(not any(each.get("reached") for each in clear) if clear else None, "clear")
    spoken = sorted({str(each["tls"]) for each in attempts if each.get("tls")})
    asked = any(str(each.get("kind")).startswith("tls_") for each in attempts)
    weak = [each for each in spoken if each in _OLD_TLS]
    tell.add(None if not asked or not spoken else not weak, "strength", how=[f"TLS {each}" for each in weak or spoken])
    if any(isinstance(each.get("remains"), bool) for each in inside):
        tell.add(not any(each.get("remains") for each in inside), "remains")
    tunnel, beside = found.flag("peer.tunnel"), found.flag("peer.clear")
    tell.add(None if tunnel is None else tunnel and not beside, "tunnel")


def _refused(attempts: Sequence[Mapping[str, Any]], kinds: Sequence[str]) -> bool | None:
    """Whether all attempts of these kinds were refused; None when one of the kinds was not tried."""
    tried = {str(each.get("kind")): each.get("connected") for each in attempts}
    states = [tried.get(kind) for kind in kinds]
    if True in states:
        return False
    inside = any(each.get("expected") and each.get("connected") for each in attempts)
    return True if inside and None not in states else None


def _administration(found: Source | None, tell: Teller) -> None:
    """Whether an administrator's session asks for a code too."""
    if found is None:
        return
    opened = [found.flag(name) for name in _NOT_ENOUGH]
    whole = found.flag("with_password_and_code")
    good = False if True in opened or whole is False else None if None in opened or whole is None else True
    tell.add(good, "administration")


def _route(attempts: Sequence[Mapping[str, Any]], tell: Teller) -> str:
    """Whether everything goes through the house, as the gateway tells a laptop."""
    full = next((each["full"] for each in attempts if isinstance(each.get("full"), bool)), None)
    return "" if full is None else tell.words["route_full" if full else "route_split"]
