#!/usr/bin/python
"""Make or destroy the letters that hand over first passwords."""

from __future__ import annotations

DOCUMENTATION = r"""
module: ad_first_password_letters
short_description: Letters that hand employees their first password
description:
  - Makes one A4 page for each person whose first password is in the encrypted store, with a receipt to sign.
  - The store also holds the passwords of accounts that machines use; O(except_logins) keeps them off paper.
  - Runs on the controller, with the interpreter that runs Ansible. Needs C(fpdf2); C(fonts-dejavu-core) for names from
    outside Western Europe.
  - A letter holds a password in clear. Print, hand over, then destroy letters and store with I(state=absent).
options:
  state:
    description:
      - V(present) makes the letters that are missing or out of date.
      - V(absent) destroys letters and store, or the letters and the entries of O(logins) only.
    type: str
    choices: [present, absent]
    default: present
  store:
    description: The encrypted file of first passwords.
    type: path
    required: true
  vault_password_file:
    description: The vault password file that the store is encrypted with.
    type: path
    required: true
  directory:
    description: Where the letters are written; made for its owner only, refused when others can enter it.
    type: path
    required: true
  logins:
    description: Only the letters of these logins.
    type: list
    elements: str
  except_logins:
    description:
      - Logins that get no letter even when O(logins) names them, whatever their case; one that is there is destroyed.
      - Their passwords stay in the store. Means nothing when O(state=absent).
    type: list
    elements: str
    default: []
  client_name:
    description: The employer, as the letterhead says it. Needed when O(state=present).
    type: str
  site_name:
    description: The site, below the employer. Needed when O(state=present).
    type: str
  charter_title:
    description: The document that the rules come from. Needed when O(state=present).
    type: str
  contact:
    description: A sentence in French that says whom to ask. Needed when O(state=present).
    type: str
  rules:
    description: More rules of the client's, as sentences in French, printed after those that always hold.
    type: list
    elements: str
    default: []
attributes:
  check_mode:
    support: full
    description: Says which letters would be made or destroyed.
  diff_mode:
    support: full
    description: Names of files, never what they hold.
author: Garant
"""

EXAMPLES = r"""
- name: Make the letters of everybody who has not received their first password
  ad_first_password_letters:
    store: var/first_passwords/store.yml
    vault_password_file: ~/.vault/site
    directory: var/letters
    client_name: Menuiserie Exemple
    site_name: Atelier de Lyon
    charter_title: Charte informatique
    contact: Appelez l'assistance au poste 12.
    except_logins: [svc.sauvegarde]
  delegate_to: localhost

- name: Destroy letters and passwords once they are handed over
  ad_first_password_letters:
    state: absent
    store: var/first_passwords/store.yml
    vault_password_file: ~/.vault/site
    directory: var/letters
  delegate_to: localhost
"""

RETURN = r"""
written:
  description: Names of the letters made by this run.
  returned: state=present
  type: list
  elements: str
unchanged:
  description: Names of the letters that were already right.
  returned: state=present
  type: list
  elements: str
stale:
  description: Names of letters there for people whose password is not, or no longer, in the store.
  returned: state=present
  type: list
  elements: str
destroyed:
  description: Names of the letters destroyed.
  returned: always
  type: list
  elements: str
store_destroyed:
  description: Whether the store is gone with this run.
  returned: state=absent
  type: bool
"""

from ansible.module_utils.ad.first_passwords import FirstPasswordError, FirstPasswordStore
from ansible.module_utils.ad.letter_folder import LetterFolder
from ansible.module_utils.ad.letters import LetterError, Stationery
from ansible.module_utils.basic import AnsibleModule

STATIONERY = ("client_name", "site_name", "charter_title", "contact")

ARGUMENTS = {
    "state": {"type": "str", "choices": ["present", "absent"], "default": "present"},
    "store": {"type": "path", "required": True},
    "vault_password_file": {"type": "path", "required": True, "no_log": False},
    "directory": {"type": "path", "required": True},
    "logins": {"type": "list", "elements": "str"},
    "except_logins": {"type": "list", "elements": "str", "default": []},
    **{name: {"type": "str"} for name in STATIONERY},
    "rules": {"type": "list", "elements": "str", "default": []},
}


def make(arguments: dict, store: FirstPasswordStore, folder: LetterFolder, dry: bool) -> dict:
    """Bring the folder in line with the store."""
    missing = [name for name in STATIONERY if not arguments[name]]
    if missing:
        raise LetterError(f"a letter cannot be made without {', '.join(missing)}")
    stationery = Stationery(**{name: arguments[name] for name in STATIONERY}, rules=tuple(arguments["rules"]))
    entries = store.latest()
    unknown = sorted(set(arguments["logins"] or ()) - entries.keys())
    if unknown:
        raise LetterError(f"{store.path} holds no first password of {', '.join(unknown)}")
    barred = {login.casefold() for login in arguments["except_logins"]}
    entries = {login: entry for login, entry in entries.items() if login.casefold() not in barred}
    wanted = entries.keys() if arguments["logins"] is None else entries.keys() & set(arguments["logins"])
    plan = folder.plan([entries[login] for login in wanted], stationery, held=entries.keys(), barred=barred)
    if not dry:
        folder.write(plan, stationery)
    return {
        "changed": bool(plan.written or plan.destroyed),
        "written": plan.written,
        "unchanged": plan.unchanged,
        "stale": plan.stale,
        "destroyed": plan.destroyed,
        "diff": listing(plan.before, plan.after),
    }


def destroy(arguments: dict, store: FirstPasswordStore, folder: LetterFolder, dry: bool) -> dict:
    """Remove what was handed over; the store comes first, because a wrong vault password must stop everything."""
    logins = arguments["logins"]
    held = [store.path.name] if store.exists() else []
    before, doomed = folder.remaining(), folder.remaining(logins)
    forgotten, gone = store.forget(logins, dry=dry)
    if not dry:
        folder.destroy(logins)
    kept = [name for name in before if name not in doomed]
    return {
        "changed": bool(doomed or forgotten),
        "destroyed": doomed,
        "store_destroyed": gone,
        "diff": listing([*before, *held], [*kept, *([] if gone else held)]),
    }


def listing(before: list[str], after: list[str]) -> dict[str, str]:
    return {"before": "".join(f"{name}\n" for name in before), "after": "".join(f"{name}\n" for name in after)}


def main() -> None:
    module = AnsibleModule(ARGUMENTS, supports_check_mode=True)
    arguments = module.params
    store = FirstPasswordStore(arguments["store"], arguments["vault_password_file"])
    folder = LetterFolder(arguments["directory"])
    act = make if arguments["state"] == "present" else destroy
    try:
        result = act(arguments, store, folder, module.check_mode)
    except (FirstPasswordError, LetterError) as error:
        module.fail_json(msg=str(error))
    module.exit_json(**result)


if __name__ == "__main__":
    main()
