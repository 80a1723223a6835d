"""Options shared by every module that compares the list of employees with the directory."""


class ModuleDocFragment:
    DOCUMENTATION = r"""
options:
  employees_file:
    description: The list of employees.
    type: path
    required: true
  departments:
    description:
      - Departments by their id, each with C(name) (its unit is named after it), C(group) (a global group) and perhaps
        C(parent_group) (the global group that holds its group). Other keys are left to others.
    type: dict
    required: true
  mail_domain:
    description: Domain of the mail addresses that the list leaves empty.
    type: str
    required: true
"""
