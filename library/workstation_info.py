#!/usr/bin/python
"""Read Windows workstations over WS-Management, many at once, and change nothing on them."""

DOCUMENTATION = r"""
module: workstation_info
short_description: Read Windows workstations over WS-Management
description:
  - Runs on the machine that audits, once for all workstations. Asks each over HTTPS with its certificate checked and
    needs no PowerShell on it. From Windows XP with WinRM 2.0 to Windows 11.
  - Sends only what is on a closed list, which is looked up in every message before it leaves. It reads rows of named
    classes, values of the registry, and runs C(reg query) on the two lists of installed programs.
  - About 75 messages for each machine. A machine that is off, refuses, or hangs costs the others nothing, and itself
    no more than O(timeout_seconds).
  - A fact that cannot be told is left out and its reason is returned. Decides on codes, SIDs and values of the
    registry, never on displayed words.
  - B(Never run on a real Windows machine); tried on a simulated one and on written messages.
options:
  hosts:
    description:
      - The workstations.
    type: list
    elements: dict
    required: true
    suboptions:
      name:
        description:
          - Name in the inventory.
        type: str
        required: true
      address:
        description:
          - Full name, or address, by which it is reached and that its certificate bears; O(hosts[].name) when not given.
        type: str
      service_name:
        description:
          - Full name by which the domain knows its service, for Kerberos; O(hosts[].address) when not given.
        type: str
      port:
        description:
          - Port of WinRM over HTTPS.
        type: int
        default: 5986
  user:
    description:
      - Account that reads. DOMAIN\\login for NTLM, login@REALM for Kerberos. A local administrator of the workstations;
        a member of Remote Management Users is refused some facts.
    type: str
    required: true
  password:
    description:
      - Its password. With Kerberos it may be left out, and the ticket of the environment is used.
    type: str
  authentication:
    description:
      - How the account proves itself.
    type: str
    choices: [ntlm, kerberos]
    default: ntlm
  controllers:
    description:
      - Addresses of the domain's controllers, which give the ticket. Without them this computer's own settings of
        Kerberos count.
    type: list
    elements: str
    default: []
  ca_file:
    description:
      - Certificate of the authority that gave the workstations theirs.
    type: path
    required: true
  timeout_seconds:
    description:
      - Seconds for everything that is asked of one machine.
    type: int
    default: 30
  connect_seconds:
    description:
      - Seconds until a machine that does not take the connection counts as off.
    type: int
    default: 3
  at_once:
    description:
      - How many machines are read at the same time.
    type: int
    default: 40
  recordings:
    description:
      - Folder on the machine that audits that keeps, in a file for each workstation, what it was asked and what it answered,
        for tests to read again. Holds no password; names of people and programs stand in it.
    type: path
author:
  - Garant
attributes:
  check_mode:
    description: Reads only, in check mode too; then nothing is recorded.
    support: full
"""

EXAMPLES = r"""
- name: Read the workstations
  workstation_info:
    hosts:
      - {name: pc-12, address: pc-12.example.lan}
      - {name: pc-13, address: pc-13.example.lan}
    user: EXAMPLE\audit
    password: "{{ audit_password }}"
    ca_file: /etc/ssl/certs/site.pem
  delegate_to: localhost
  run_once: true
  register: park
"""

RETURN = r"""
workstations:
  description:
    - One result for each machine, by its name, in the form of a registered one. RV(workstations.*.workstation) holds the
      facts and RV(workstations.*.failures) why a fact is missing, by its path.
    - A machine that could not be read has C(unreachable) and C(msg) instead.
    - V(simulated_by) names who answers when it is no Windows, such as the simulated park; the report then says so.
    - V(state) is measured, partly, off, closed, refused, certificate, tls, late, odd, untried or error. A machine is untried
      after the first ones refused the account, so that it is not locked.
  returned: success
  type: dict
  sample:
    pc-12:
      state: measured
      messages: 74
      seconds: 1.9
      failures: {"workstation.os.ubr": this release of Windows keeps no UBR}
      workstation:
        simulated_by: null
        name: PC-12
        domain: {joined: true, name: example.lan}
        os: {build: 19045, ubr: 5371, edition_id: Professional, release: 22H2, product_type: 1, version: 10.0.19045,
             service_pack: 0, language: 1036, architecture: x64, installed_at: "2024-06-04T08:00:00+00:00",
             started_at: "2026-11-20T06:00:00+00:00"}
        model: {manufacturer: Dell Inc., name: OptiPlex 3060, serial: ABC1234, chassis: [3], portable: false}
        memory_bytes: 8589934592
        processor: {name: Intel(R) Core(TM) i5-8500 CPU @ 3.00GHz, identifier: Intel64 Family 6 Model 158 Stepping 10,
                    family: 205, cores: 6, megahertz: 3000}
        disks: [{letter: "C:", size_bytes: 255000000000, free_bytes: 120000000000, system: true}]
        tpm: {present: true, version: "2.0", enabled: true}
        firmware: uefi
        secure_boot: true
        activation: {licensed: true, status: 1, channel: Volume:MAK}
        updates: {last_installed_at: "2026-11-12", automatic: 4, pending_reboot: false, source: microsoft}
        services: {MpsSvc: {state: Running, start: Auto}}
        firewall: {domain: true, private: true, public: true}
        usb_storage: {start: 4, denied: true}
        usb_input: {start: 3}
        autologon: false
        autologon_password_kept: false
        smb: {server_v1: false, client_v1_start: null, signing_required: true, client_signing_required: true}
        lan_manager_level: 5
        llmnr: false
        remote_control: {desktop: false, network_authentication: true, shadow: 1, consent: true, assistance: false}
        winrm: {basic: false, unencrypted: false, listeners: [https]}
        elevation: {user_account_control: true, installer_elevated: false}
        empty_passwords_local_only: true
        logon_notice: true
        antivirus: [{id: "{D68DDC3A-831F-4FAE-9E44-DA132C1ACF46}", name: Windows Defender, windows: true, on: true,
                     fresh: true, signature_age_hours: 5}]
        encryption: [{letter: "C:", protected: true, method: 7, kind: system}]
        administrators: [{sid: S-1-5-21-1-2-3-500, name: PC-12\Administrateur, kind: user, local: true, enabled: false},
                         {sid: S-1-5-21-7-8-9-512, name: EXAMPLE\Domain Admins, kind: group, local: false}]
        local_accounts: [{sid: S-1-5-21-1-2-3-500, name: Administrateur, enabled: false, password_required: true}]
        guest: {enabled: false}
        session: {open: [{sid: S-1-5-21-7-8-9-1107, screensaver_seconds: 600, screensaver_secure: true}]}
        lock: {inactivity_seconds: 600, screensaver_seconds: null, secure: false}
        proxy: {per_machine: true, enabled: true, server: "proxy.example.lan:3128", auto_url: null}
        software: [{key: 7-Zip, name: 7-Zip 24.09 (x64), version: "24.09", publisher: Igor Pavlov, view: system,
                    hidden: false}]
        failures: {os.ubr: this release of Windows keeps no UBR}
coverage:
  description: How many machines ended in which state.
  returned: success
  type: dict
  sample: {measured: 72, off: 5, refused: 3}
"""

from functools import partial

from ansible.module_utils.basic import AnsibleModule
from ansible.module_utils.windows.facts_park import read_machine, read_park
from ansible.module_utils.wsman.channel import Account, Limits
from ansible.module_utils.wsman.tickets import ticket_of

ARGUMENTS = {
    "hosts": {
        "type": "list",
        "elements": "dict",
        "required": True,
        "options": {
            "name": {"type": "str", "required": True},
            "address": {"type": "str"},
            "service_name": {"type": "str"},
            "port": {"type": "int", "default": 5986},
        },
    },
    "user": {"type": "str", "required": True},
    "password": {"type": "str", "no_log": True},
    "authentication": {"type": "str", "choices": ["ntlm", "kerberos"], "default": "ntlm"},
    "controllers": {"type": "list", "elements": "str", "default": []},
    "ca_file": {"type": "path", "required": True},
    "timeout_seconds": {"type": "int", "default": 30},
    "connect_seconds": {"type": "int", "default": 3},
    "at_once": {"type": "int", "default": 40},
    "recordings": {"type": "path"},
}


def main() -> None:
    """Read all of them and return."""
    module = AnsibleModule(argument_spec=ARGUMENTS, supports_check_mode=True)
    given = module.params
    account = Account(given["user"], given["password"], given["ca_file"], given["authentication"])
    limits = Limits(float(given["timeout_seconds"]), float(given["connect_seconds"]))
    read = partial(read_machine, recordings=None if module.check_mode else given["recordings"])
    kerberos = given["authentication"] == "kerberos"
    try:
        with ticket_of(given["user"], given["password"] if kerberos else None, given["controllers"]):
            workstations, coverage = read_park(given["hosts"], account, limits, given["at_once"], read)
    except ValueError as error:
        module.fail_json(msg=str(error))
    module.exit_json(changed=False, workstations=workstations, coverage=coverage)


if __name__ == "__main__":
    main()
