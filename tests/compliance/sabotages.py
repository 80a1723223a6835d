"""What is broken on purpose in the lab, and exactly which controls must turn red for it.

Each entry breaks one thing on one host by a command of that host, by another road than the one that set it. Entries
of one batch do not touch each other: all are broken, one audit must see exactly their controls, one converge heals.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

DC = "domain_controllers"
WORKSTATION = "linux_workstations"


@dataclass(frozen=True)
class Sabotage:
    """One thing broken: the group whose first host is broken, the command, the controls that turn red."""

    name: str
    group: str
    command: str
    red: frozenset[str]
    batch: int = 1


def breaks(name: str, group: str, command: str, *red: str, batch: int = 1) -> Sabotage:
    """An entry; the controls default to the name."""
    return Sabotage(name, group, command, frozenset(red or (name,)), batch)


DATABASE = "/var/lib/samba/private/sam.ldb"
SETTINGS = "samba-tool domain passwordsettings set"
FINE_GRAINED = "samba-tool domain passwordsettings pso set Administrateurs"
RULES = "/usr/local/lib/check-password/password_rules.py"
CHECK = "/etc/samba/check-password.conf"
RESTART = "systemctl restart samba-ad-dc && sleep 4"
BEHAVIOURS = (
    "password_character_classes",
    "password_dictionary_words",
    "password_own_name",
    "password_brand_names",
    "password_published_examples",
    "password_keyboard_walks",
)


def somebody(number: int, status: str = "active") -> str:
    """Stands for the login of the nth person of the staff with that status; filled in when the lab is known."""
    return f"@{status}{number}@"


def fill_in(command: str, people: Sequence[Mapping[str, str]], probe: str) -> str:
    """The command with the logins of this site in it."""
    command = command.replace("@probe@", probe)
    for status in ("active", "left", "future"):
        logins = sorted(person["login"] for person in people if person["status"] == status)
        for number, login in enumerate(logins, start=1):
            command = command.replace(f"@{status}{number}@", login)
    return command


def opens(login: str) -> str:
    """A shell command that opens an account nobody asked for, made first when it does not exist."""
    return f"samba-tool user create {login} 'Kv7-qXz9#pLw2mTbRs5%' || samba-tool user enable {login}"


def changes(login: str, attribute: str, value: str) -> str:
    """A shell command that replaces an attribute of an account in the controller's own database."""
    return (
        f"dn=$(ldbsearch -H {DATABASE} sAMAccountName={login} dn | sed -n 's/^dn: //p') && "
        f"printf 'dn: %s\\nchangetype: modify\\nreplace: {attribute}\\n{attribute}: {value}\\n' \"$dn\" "
        f"| ldbmodify -H {DATABASE} --relax"
    )


def of_object(context: str, name: str, attribute: str, value: str) -> str:
    """A shell command that replaces an attribute of an object below one of the directory's naming contexts."""
    return (
        f"dn=\"{name}$(ldbsearch -H {DATABASE} -s base -b '' {context} | sed -n 's/^{context}: //p')\" && "
        f"printf 'dn: %s\\nchangetype: modify\\nreplace: {attribute}\\n{attribute}: {value}\\n' \"$dn\" "
        f"| ldbmodify -H {DATABASE}"
    )


SERVICE = "CN=Directory Service,CN=Windows NT,CN=Services,"

SABOTAGES = (
    # Batch 1: one setting or object each, by Samba's own tools or in its database.
    breaks("password_max_age", DC, f"{SETTINGS} --max-pwd-age=0"),
    breaks("password_min_age", DC, f"{SETTINGS} --min-pwd-age=0"),
    breaks("password_history", DC, f"{SETTINGS} --history-length=0", "password_history", "password_reuse"),
    breaks(
        "password_min_length", DC, f"{SETTINGS} --min-pwd-length=5", "password_min_length", "password_too_short_refused"
    ),
    breaks("password_reversible_encryption", DC, f"{SETTINGS} --store-plaintext=on"),
    breaks(
        "account_lockout_threshold",
        DC,
        f"{SETTINGS} --account-lockout-threshold=0",
        "account_lockout_threshold",
        "account_lockout",
    ),
    breaks(
        "account_lockout_duration",
        DC,
        f"{SETTINGS} --reset-account-lockout-after=1 && {SETTINGS} --account-lockout-duration=2",
        "account_lockout_duration",
        "account_lockout_window",
    ),
    breaks("admin_password_min_length", DC, f"{FINE_GRAINED} --min-pwd-length=8"),
    breaks("admin_password_max_age", DC, f"{FINE_GRAINED} --max-pwd-age=0"),
    breaks("admin_lockout_threshold", DC, f"{FINE_GRAINED} --account-lockout-threshold=9"),
    breaks("password_dictionary_words", DC, "printf '\\nzzzzzzzz\\n' > /var/lib/check-password/words"),
    breaks("password_brand_names", DC, f"sed -i -E '/^banned=[a-z]+$/d' {CHECK}"),
    breaks("password_published_examples", DC, f"sed -i -E '/^banned=.*[^a-z=]/d' {CHECK}"),
    breaks("password_character_classes", DC, f"sed -i 's/^required_classes=.*/required_classes=3/' {CHECK}"),
    breaks(
        "password_own_name", DC, f"sed -i 's/MIN_NAME, MIN_BANNED = 5, 3, 3/MIN_NAME, MIN_BANNED = 5, 300, 3/' {RULES}"
    ),
    breaks("password_keyboard_walks", DC, f"sed -i 's/RUNS_TOTAL = 5, 3, 6/RUNS_TOTAL = 500, 3, 600/' {RULES}"),
    breaks("nominative_accounts", DC, opens("compta1")),
    # The first by login answers for a share.
    breaks(
        "accounts_match_staff", DC, f"samba-tool user disable {somebody(1)}", "accounts_match_staff", "share_managers"
    ),
    breaks("mail_convention", DC, changes(somebody(3), "mail", "quelquun@ailleurs.example")),
    breaks("department_units", DC, f"samba-tool user move {somebody(4)} CN=Users"),
    breaks(
        "department_groups",
        DC,
        f"samba-tool group removemembers $(ldbsearch -H {DATABASE} "
        f"sAMAccountName={somebody(5)} memberOf | sed -n 's/^memberOf: CN=\\(GG_[^,]*\\),.*/\\1/p' | head -1) {somebody(5)}",
    ),
    breaks("nested_groups", DC, f"samba-tool group addmembers DL_Direction_RW {somebody(6)}"),
    breaks("accounts_without_password", DC, changes(somebody(7), "userAccountControl", "544")),
    breaks("password_never_expires", DC, changes(somebody(8), "userAccountControl", "66048")),
    breaks("initial_password_pending", DC, changes(somebody(9), "pwdLastSet", "-1")),
    breaks("guest_account", DC, "samba-tool user enable Guest"),
    breaks("leavers_disabled", DC, opens(somebody(1, "left"))),
    breaks(
        "starters_disabled",
        DC,
        f"samba-tool user enable {somebody(1, 'future')}",
        "starters_disabled",
        # Their department's group holds them already.
        "share_people_away",
        "share_read_limits",
        "share_write_limits",
        "share_visibility",
    ),
    breaks("anonymous_directory", DC, of_object("configurationNamingContext", SERVICE, "dSHeuristics", "0000002")),
    breaks(
        "privileged_accounts",
        DC,
        f"samba-tool group addmembers 'Domain Admins' {somebody(10)}",
        "privileged_accounts",
        "separate_admin_accounts",
    ),
    breaks("directory_logon", WORKSTATION, "pam-auth-update --remove winbind"),
    breaks(
        "local_accounts",
        WORKSTATION,
        "{ id visiteur || useradd -m visiteur; } && echo visiteur:Kv7-qXz9#pLw2 | chpasswd",
    ),
    breaks("local_administrators", WORKSTATION, "echo 'visiteuse ALL=(ALL) ALL' > /etc/sudoers.d/90-visiteuse"),
    breaks(
        "automatic_logon",
        WORKSTATION,
        "mkdir -p /etc/systemd/system/getty@tty1.service.d && printf '[Service]\\nExecStart=\\n"
        "ExecStart=-/sbin/agetty --autologin root - linux\\n' > /etc/systemd/system/getty@tty1.service.d/auto.conf && "
        "systemctl daemon-reload",
    ),
    breaks(
        "empty_password_logon",
        WORKSTATION,
        "printf 'PermitEmptyPasswords yes\\n' > /etc/ssh/sshd_config.d/00-before.conf",
    ),
    breaks(
        "remote_root_logon",
        WORKSTATION,
        "sed -i 's/^PermitRootLogin.*/PermitRootLogin yes/' /etc/ssh/sshd_config.d/00-garant.conf",
    ),
    breaks("clock_offset", WORKSTATION, "systemctl stop chrony", "clock_offset", "log_clocks", "site_clocks"),
    # Batch 2: what touches the same things as batch 1; batch 4: what would hide it.
    breaks("password_complexity", DC, f"{SETTINGS} --complexity=off", "password_complexity", *BEHAVIOURS, batch=4),
    # Longer than what the audit tries as a good password; Samba's own tool stops at 14.
    breaks("compliant_password_accepted", DC, of_object("defaultNamingContext", "", "minPwdLength", "20"), batch=2),
    breaks("first_logon_change", DC, changes("@probe@", "userAccountControl", "66048"), batch=2),
    breaks(
        "login_convention",
        DC,
        changes(somebody(2), "sAMAccountName", "pdupont"),
        "login_convention",
        # Their own folder bears the login that they should have.
        "share_access_lists",
        batch=2,
    ),
    breaks(
        "anonymous_files",
        DC,
        f"sed -i 's/restrict anonymous = 2/restrict anonymous = 0/' /etc/samba/smb.conf && {RESTART}",
        batch=2,
    ),
    breaks(
        "cleartext_directory_logon",
        DC,
        "sed -i 's/ldap server require strong auth = yes/ldap server require strong auth = no/' "
        f"/etc/samba/smb.conf && {RESTART}",
        batch=2,
    ),
    # What the policy says of tickets stays as it is: Samba's controller gives longer ones all the same.
    breaks(
        "tickets_given",
        DC,
        r"sed -i -E 's/^(\s*kdc:.* lifetime =).*/\1 999/' /etc/samba/smb.conf && "
        f"sed -i -E 's/^(\\s*clockskew =).*/\\1 720/' /etc/krb5.conf && {RESTART}",
        "kerberos_ticket_lifetime",
        "kerberos_service_lifetime",
        "kerberos_renewal_lifetime",
        "kerberos_clock_skew",
        batch=2,
    ),
    breaks(
        "wrong_password_logon",
        WORKSTATION,
        "sed -i '1i auth sufficient pam_permit.so\\naccount sufficient pam_permit.so' /etc/pam.d/sshd",
        "wrong_password_logon",
        "disabled_account_logon",
        "admin_workstation_logon",
        batch=4,
    ),
    breaks(
        "local_accounts_without_password",
        WORKSTATION,
        "{ id visiteur2 || useradd -m visiteur2; } && passwd -d visiteur2",
        "local_accounts_without_password",
        "local_accounts",
        batch=2,
    ),
    breaks("local_password_hashing", WORKSTATION, "sed -i 's/yescrypt/md5/' /etc/pam.d/common-password", batch=2),
    # A workstation that has fallen out of the domain.
    breaks(
        "domain_membership",
        WORKSTATION,
        "systemctl stop winbind && rm -f /var/lib/samba/private/secrets.tdb && systemctl start winbind; true",
        "domain_membership",
        "directory_logon",
        "resultant_policy",
        "admin_logon_denied",
        "admin_workstation_logon",
        batch=2,
    ),
)
