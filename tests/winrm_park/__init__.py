"""Simulated Windows workstations behind a WinRM endpoint, for tests and rehearsals; never used on a site.

Everything a client reads here says so: the vendor of Identify, the caption of the system, a header of every answer and
a value of the registry. What is proven on it is our own protocol use, parsing, verdicts and order of work; that Windows
answers the same was never seen here (docs: shapes come from published recordings and specifications).
"""

from __future__ import annotations

VENDOR = "Garant simulator"


class ProfileError(Exception):
    """A profile, a park or a policy folder that cannot be used; the message names the file and what to do."""


class NotSimulatedError(Exception):
    """Something was asked that a real machine might answer and this one does not know."""
