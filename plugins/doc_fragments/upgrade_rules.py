"""Options shared by the modules that decide about workstations and plan their renewal."""


class ModuleDocFragment:
    DOCUMENTATION = r"""
options:
  workstations:
    description: RV(workstations) of M(workstation_info); a machine that is not among them was not read.
    type: dict
    required: true
  machines:
    description: The workstations of the site.
    type: list
    elements: dict
    required: true
    suboptions:
      host:
        description: Its name, as in O(workstations).
        type: str
        required: true
      department:
        description: Where it stands.
        type: str
        required: true
      users:
        description: Who works there.
        type: list
        elements: dict
        default: []
        suboptions:
          login:
            description: The login.
            type: str
            required: true
          name:
            description: The name, as the person is addressed.
            type: str
            required: true
          mail:
            description: The address; who has none is told by a page alone.
            type: str
  lifecycle:
    description: Until when each release is mended, and what it asks of a machine.
    type: dict
    required: true
  processors:
    description: Which processors are recent enough.
    type: dict
    required: true
  terms:
    description: What the client decided, such as the budget, the hours and the waves.
    type: dict
    required: true
  today:
    description: The day to decide for, as C(2026-11-30).
    type: str
    required: true
"""
