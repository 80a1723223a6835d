#!/usr/bin/python
"""Make and take back what people and peers need to come in from outside."""

DOCUMENTATION = r"""
module: vpn_profiles
short_description: Make and take back what people and peers need to come in from outside
description:
  - Reads in the directory who may come in, and who administers. Each person gets a key, a certificate of the site's
    authority, a profile for OpenVPN, the secret of a second factor and a sheet in French that hands it over; an
    administrator's account gets secret and sheet only; a peer gets a profile.
  - Whoever is no longer in the group, has left or is disabled has their certificate revoked and everything removed.
  - Signs the list of revoked certificates again when it changes or nears its end.
  - Runs on the controller, with the interpreter that runs Ansible. Needs C(cryptography) and C(fpdf2).
extends_documentation_fragment:
  - directory_connection
options:
  directory:
    description: Where everything is kept; made for its owner only, refused when others can enter it.
    type: path
    required: true
  authority_dir:
    description: Folder of the authority, with C(ca.key) and C(ca.crt); C(crl.pem) and C(revoked.json) are kept there.
    type: path
    required: true
  group:
    description: Group of the directory whose members may come in.
    type: str
    required: true
  administrators_group:
    description: Group of the directory whose members administer over ssh with a second factor; nobody when empty.
    type: str
    default: ''
  except_logins:
    description: Members that get nothing, such as the account that checks use.
    type: list
    elements: str
    default: []
  peers:
    description: Names of machines that dial a site-to-site tunnel in.
    type: list
    elements: str
    default: []
  lost:
    description:
      - Logins or peers whose laptop or telephone is lost. What they have is revoked, and made anew, at each run that names them.
    type: list
    elements: str
    default: []
  domain:
    description: DNS domain that the authority may sign for.
    type: str
    required: true
  remote:
    description: Name or address by which the gateway is reached from outside.
    type: str
    required: true
  port:
    description: UDP port of the service for people.
    type: int
    required: true
  peer_port:
    description: UDP port of the service for peers.
    type: int
    default: 1195
  peer_remote:
    description: Address by which peers reach the gateway; that of O(remote) when empty.
    type: str
    default: ''
  server_name:
    description: Name that the gateway's certificate bears.
    type: str
    required: true
  min_tls_version:
    description: Oldest version of TLS that clients speak.
    type: float
    required: true
  certificate_days:
    description: How long a certificate is good.
    type: int
    default: 365
  certificate_renewal_days:
    description: One with fewer days left is made anew.
    type: int
    default: 45
  revocation_days:
    description: How long a list of revoked certificates is good; the gateway lets nobody in with an older one.
    type: int
    default: 60
  revocation_renewal_days:
    description: One with fewer days left is signed again.
    type: int
    default: 30
  client_name:
    description: The employer, as the sheet's head says it.
    type: str
    required: true
  site_name:
    description: The site, below the employer.
    type: str
    required: true
  contact:
    description: A sentence in French that says whom to ask.
    type: str
    required: true
attributes:
  check_mode:
    support: full
    description: Says who would get or lose what.
  diff_mode:
    support: full
    description: Names, never what is kept for them.
author:
  - Garant
"""

EXAMPLES = r"""
- name: Make what people need to come in
  vpn_profiles:
    server: dc1.example.lan
    bind_user: administrator@EXAMPLE.LAN
    bind_password: "{{ secret }}"
    ca_file: secrets/pki/ca.crt
    directory: secrets/vpn
    authority_dir: secrets/pki
    group: DL_Remote
    domain: example.lan
    remote: vpn.example.com
    port: 1194
    server_name: gw1.example.lan
    min_tls_version: 1.2
    client_name: Menuiserie Exemple
    site_name: Atelier de Lyon
    contact: Appelez l'assistance au poste 12.
  delegate_to: localhost
"""

RETURN = r"""
profiles:
  description: Who got or lost what.
  returned: success
  type: dict
  sample:
    issued: [duponthug]
    renewed: []
    revoked: []
    secrets_made: [duponthug]
    secrets_removed: []
    rewritten: []
    revocation_list: it does not list what is revoked
entitled:
  description: Logins of everybody who may come in.
  returned: success
  type: list
  elements: str
"""

from datetime import UTC, datetime, timedelta

from ansible.module_utils.ad.connection import CONNECTION_ARGUMENTS, Credentials, DirectoryError, open_directory
from ansible.module_utils.ad.first_passwords import FirstPasswordError
from ansible.module_utils.ad.letters import LetterError
from ansible.module_utils.basic import AnsibleModule
from ansible.module_utils.linux.vpn_authority import Authority, AuthorityError
from ansible.module_utils.linux.vpn_people import members
from ansible.module_utils.linux.vpn_profile import Service
from ansible.module_utils.linux.vpn_profiles import PEERS, PEOPLE, Folder, Plan, Terms, Wanted
from ansible.module_utils.linux.vpn_sheet import Stationery

CHALLENGE = "Code à six chiffres"
ARGUMENTS = {
    **CONNECTION_ARGUMENTS,
    **{
        name: {"type": "str", "required": True}
        for name in ("group", "domain", "remote", "server_name", "client_name", "site_name", "contact")
    },
    **{name: {"type": "path", "required": True} for name in ("directory", "authority_dir")},
    **{name: {"type": "list", "elements": "str", "default": []} for name in ("except_logins", "peers", "lost")},
    "administrators_group": {"type": "str", "default": ""},
    "port": {"type": "int", "required": True},
    "peer_port": {"type": "int", "default": 1195},
    "peer_remote": {"type": "str", "default": ""},
    "min_tls_version": {"type": "float", "required": True},
    "certificate_days": {"type": "int", "default": 365},
    "certificate_renewal_days": {"type": "int", "default": 45},
    "revocation_days": {"type": "int", "default": 60},
    "revocation_renewal_days": {"type": "int", "default": 30},
}


def wanted_of(given: dict) -> Wanted:
    """Who may come in, as the directory says it."""
    barred = {login.casefold() for login in given["except_logins"]}
    found = []
    with open_directory(Credentials.from_arguments(given)) as directory:
        for group in (given["group"], given["administrators_group"]):
            people = members(directory, group) if group else {}
            found.append({login.lower(): name for login, name in people.items() if login.casefold() not in barred})
    wanted = Wanted(found[0], found[1], given["peers"], given["lost"])
    unknown = set(wanted.lost) - wanted.people.keys() - wanted.administrators.keys() - set(wanted.peers)
    if unknown:
        raise AuthorityError(f"lost: nobody of {', '.join(sorted(unknown))} may come in; correct the login")
    both = wanted.people.keys() & wanted.administrators.keys()
    if both:
        raise AuthorityError(
            f"{', '.join(sorted(both))}: in {given['group']} and in {given['administrators_group']}; administration has "
            "accounts of its own, which never come in from outside"
        )
    return wanted


def reconcile(given: dict, *, dry: bool) -> tuple[Wanted, Plan]:
    """Read the directory, bring the folder in line."""
    wanted = wanted_of(given)
    common = {
        "server_name": given["server_name"],
        "min_tls_version": given["min_tls_version"],
        "authority": "",
        "shared_key": "",
    }
    services = {
        PEOPLE: Service(remote=given["remote"], port=given["port"], challenge=CHALLENGE, **common),
        PEERS: Service(remote=given["peer_remote"] or given["remote"], port=given["peer_port"], **common),
    }
    days = {
        name: timedelta(days=given[f"{name}_days"])
        for name in ("certificate", "certificate_renewal", "revocation", "revocation_renewal")
    }
    terms = Terms(
        given["domain"],
        days["certificate"],
        days["certificate_renewal"],
        days["revocation"],
        days["revocation_renewal"],
    )
    stationery = Stationery(given["client_name"], given["site_name"], given["contact"])
    folder = Folder(given["directory"], Authority(given["authority_dir"]))
    return wanted, folder.reconcile(wanted, services, terms, stationery, datetime.now(UTC), dry=dry)


def main() -> None:
    """Arguments, work, exit."""
    module = AnsibleModule(ARGUMENTS, supports_check_mode=True)
    try:
        wanted, plan = reconcile(module.params, dry=module.check_mode)
    except (AuthorityError, DirectoryError, FirstPasswordError, LetterError, OSError) as error:
        module.fail_json(msg=str(error))
    before = {*wanted.people, *wanted.peers} - {*plan.issued} | {*plan.revoked}
    module.exit_json(
        changed=plan.changed(),
        profiles=vars(plan),
        entitled=sorted(wanted.people),
        diff={
            "before": "".join(f"{name}\n" for name in sorted(before)),
            "after": "".join(f"{name}\n" for name in sorted({*wanted.people, *wanted.peers})),
        },
    )


if __name__ == "__main__":
    main()
