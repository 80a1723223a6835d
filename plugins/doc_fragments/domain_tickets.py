"""Options shared by every module that signs in with tickets that a server of the domain asked for."""


class ModuleDocFragment:
    DOCUMENTATION = r"""
options:
  tickets:
    description:
      - Tickets by login, as M(share_tickets_info) returns them.
    type: dict
    required: true
  refused:
    description:
      - Why the domain gives somebody no ticket, by login, as M(share_tickets_info) returns it.
    type: dict
    required: true
"""
