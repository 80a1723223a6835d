"""What is broken on purpose in the domain's policies, and exactly which controls must turn red for it.

As in sabotages: each entry breaks one thing by another road than the one that set it, and entries of one batch do not
touch each other. A policy is found by what it holds, whatever it is called on the site. Whatever is changed in a policy
is not as declared any more, and does not hold: both controls turn red with each of them.
"""

from __future__ import annotations

import shlex

from tests.compliance.sabotages import DATABASE, DC, WORKSTATION, Sabotage, breaks

DECLARED, IN_FORCE = "group_policy_as_declared", "group_policy_in_force"
LOCK = ("session_lock", "session_lock_password", "session_lock_delay", "workstation_lock_delay")
NOTICE = ("logon_notice", "logon_notice_charter")
SAVED = ("browser_saved_passwords", "remote_desktop_saved_passwords")
#: What holds on every unit because it is linked to the root one.
EVERYWHERE = (*LOCK, *NOTICE, *SAVED, "network_drives", "folder_redirection")
CONTENTS, STRUCTURE, INHERITANCE, RIGHTS = 3, 4, 2, 2

POLICIES = "/var/lib/samba/sysvol/*/Policies"
DOMAIN_POLICY = "{31B2F340-016D-11D2-945F-00C04FB984F9}"
REGISTRY, TEMPLATE, DRIVES = "Registry.pol", "GptTmpl.inf", "Drives.xml"

_EDIT = r"""
import glob, re, sys
place, beside, pattern, replacement = sys.argv[1:]
wide = (lambda text: text.encode("utf-16-le")) if not place.endswith(".xml") else str.encode
pattern = re.sub(rb"~(.+?)~", lambda match: re.escape(wide(match[1].decode())), pattern.encode())
replacement = re.sub(rb"~(.+?)~", lambda match: wide(match[1].decode()), replacement.encode())
replacement = re.sub(rb"\\x(..)", lambda match: bytes.fromhex(match[1].decode()), replacement)
changed = 0
for path in glob.glob(place, recursive=True):
    policy = path[: path.index("}") + 1]
    others = glob.glob(policy + "/**/*.*", recursive=True)
    if not any(beside.encode("utf-16-le") in open(other, "rb").read() for other in others):
        continue
    with open(path, "r+b") as file:
        before = file.read()
        after = re.sub(pattern, replacement, before, count=1, flags=re.DOTALL)
        if after != before:
            changed += 1
            file.seek(0)
            file.write(after)
            file.truncate()
sys.exit(f"{changed} files changed in {place}, one was to be" if changed != 1 else 0)
"""


def edits(file: str, pattern: str, replacement: str, policy: str = "*", beside: str = "") -> str:
    """A shell command that edits the one policy's file that holds a pattern, in place, so that its rights stay.

    What stands between tildes is text; the rest is bytes, as a regular expression tells them. Of several policies that
    have such a file it is the one that also holds the text `beside`.
    """
    words = (f"{POLICIES}/{policy}/**/{file}", beside, pattern, replacement)
    return f"python3 -c {shlex.quote(_EDIT)} {shlex.join(words)}"


def registry(name: str, old: str, new: str, below: str = "") -> str:
    """A shell command that changes the data of a value in a Registry.pol: sixteen bytes lie between name and data."""
    key = rf"~{below}~\x00\x00~;~" if below else ""
    return edits(REGISTRY, f"({key}~{name}~.{{16}}){old}", rf"\g<1>{new}")


def template(key: str, new: str, policy: str = "*", beside: str = "") -> str:
    """A shell command that changes the value of a key in a security template."""
    pattern = rf"(~{key}~(?:~ ~)?~=~)(?:[^\r]\x00|[^\x00]\x20)*?(?=\r\x00)"
    return edits(TEMPLATE, pattern, rf"\g<1>~{new}~", policy, beside)


def policy_of(file: str, text: str) -> str:
    """Shell words that name the policy whose file holds a text."""
    wide = "" if file == DRIVES else r"\x00"
    pattern = "".join(f"{character}{wide}" for character in text)
    return (
        f"$(cd {POLICIES} && find . -iname {file} -exec grep -laP {shlex.quote(pattern)} {{}} + "
        r"| sed 's#^\./\([^/]*\)/.*#\1#' | head -1)"
    )


BASE = f"$(ldbsearch -H {DATABASE} -s base -b '' defaultNamingContext | sed -n 's/^defaultNamingContext: //p')"


def container(file: str, text: str, attribute: str, value: str | None) -> str:
    """A shell command that replaces or deletes an attribute of the directory's half of a policy."""
    change = f"replace: {attribute}\\n{attribute}: {value}" if value is not None else f"delete: {attribute}"
    return (
        f"guid={policy_of(file, text)} && printf 'dn: CN=%s,CN=Policies,CN=System,%s\\nchangetype: modify\\n{change}\\n' "
        f'"$guid" "{BASE}" | ldbmodify -H {DATABASE}'
    )


def links(file: str, text: str, script: str) -> str:
    """A shell command that edits, by a sed script, the link of a policy on the unit that it is linked to."""
    return (
        f'guid={policy_of(file, text)} && found=$(ldbsearch -H {DATABASE} --show-binary "(gPLink=*$guid*)" gPLink '
        "| perl -0pe 's/\\n //g') && "
        "dn=$(printf '%s\\n' \"$found\" | sed -n 's/^dn: //p' | head -1) && "
        "link=$(printf '%s\\n' \"$found\" | sed -n 's/^gPLink: //p' | head -1 | "
        f'sed "{script}") && '
        'printf \'dn: %s\\nchangetype: modify\\nreplace: gPLink\\ngPLink: %s\\n\' "$dn" "${link:- }" '
        f"| ldbmodify -H {DATABASE}"
    )


def spoils(name: str, command: str, *red: str, batch: int = CONTENTS) -> Sabotage:
    """An entry about a policy: what it no longer does, and the two controls that see any change of it."""
    return breaks(name, DC, command, *(red or (name,)), DECLARED, IN_FORCE, batch=batch)


def seen_from(group: str, name: str, batch: int) -> Sabotage:
    """What the entries of a batch do to another host than the one that was touched."""
    return breaks(name, group, "true", batch=batch)


#: The distinguished name of the unit of servers, which the root unit's policies reach.
SERVERS = (
    f"$(ldbsearch -H {DATABASE} '(&(objectClass=organizationalUnit)(ou=Serveurs))' dn | sed -n 's/^dn: //p' | head -1)"
)
BLOCK = f"printf 'dn: %s\\nchangetype: modify\\nreplace: gPOptions\\ngPOptions: 1\\n' \"{SERVERS}\" | ldbmodify -H {DATABASE}"
#: Machines that are no controller may not apply one policy any more ([MS-GPOL] 2.2.3); what holds on a unit does not tell.
APPLY = "edacfd8f-ffb3-11d1-b41d-00a0c968f939"
MEMBERS = "(&(objectClass=computer)(!(userAccountControl:1.2.840.113556.1.4.803:=8192)))"
KEEP_OUT = (
    f"guid={policy_of(REGISTRY, 'OfferToSaveLogins')} && for sid in $(ldbsearch -H {DATABASE} '{MEMBERS}' objectSid | "
    "sed -n 's/^objectSid: //p'); do samba-tool dsacl set -H /var/lib/samba/private/sam.ldb "
    f'--objectdn="CN=$guid,CN=Policies,CN=System,{BASE}" --sddl="(OD;;CR;{APPLY};;$sid)" || exit 1; done'
)

#: An error that only an edit below the directory's own rules can make, on an object that nobody uses.
DAMAGE = (
    f"base={BASE} && printf 'dn: CN=WinsockServices,CN=System,%s\\nchangetype: modify\\nreplace: instanceType\\n"
    f'instanceType: 8\\n\' "$base" | ldbmodify -H "{DATABASE}.d/$(printf %s "$base" | tr a-z A-Z).ldb"'
)

GROUP_POLICY_SABOTAGES = (
    # Contents: one value of a policy's files, changed in place on the controller.
    spoils("session_lock", registry("ScreenSaveActive", "1", "0")),
    spoils("session_lock_password", registry("ScreenSaverIsSecure", "1", "0")),
    spoils("session_lock_delay", registry("ScreenSaveTimeOut", r"(?:[0-9]\x00){3}", "~999~")),
    spoils("workstation_lock_delay", template(r"System\InactivityTimeoutSecs", "4,0", beside="ScreenSaveActive")),
    spoils("logon_notice", template("LegalNoticeText", "7,Bonjour.")),
    spoils("browser_saved_passwords", registry("PasswordManagerEnabled", r"\x00", r"\x01", r"Google\Chrome")),
    spoils("remote_desktop_saved_passwords", registry("DisablePasswordSaving", r"\x01", r"\x00")),
    spoils("network_drives", edits(DRIVES, r'(path=".{2})[^"\\]+', r"\g<1>ailleurs")),
    spoils("folder_redirection", registry("Personal", r"\x5c\x00", r"\x78\x00")),
    spoils("password_policy_template", template("MinimumPasswordLength", "4", DOMAIN_POLICY)),
    spoils("kerberos_ticket_lifetime", template("MaxTicketAge", "99", DOMAIN_POLICY)),
    spoils("kerberos_renewal_lifetime", template("MaxRenewAge", "99", DOMAIN_POLICY)),
    spoils("kerberos_service_lifetime", template("MaxServiceAge", "5940", DOMAIN_POLICY)),
    spoils("kerberos_clock_skew", template("MaxClockSkew", "60", DOMAIN_POLICY)),
    # The denial is read from the changed file at once; the tried one goes on, because the version did not change.
    spoils("admin_logon_denied", template("SeDenyRemoteInteractiveLogonRight", "*S-1-5-32-546"), DECLARED),
    seen_from(WORKSTATION, "admin_logon_denied", CONTENTS),
    breaks("admin_workstation_logon", WORKSTATION, "pam-auth-update --package --disable logon-rights", batch=CONTENTS),
    # Structure: links, halves, extensions and versions, in the controller's own database.
    spoils("unlinked", links(DRIVES, "LogonUser", r"s/\[[^]]*$guid[^]]*\]//I"), "network_drives", batch=STRUCTURE),
    spoils(
        "link_disabled",
        links(REGISTRY, "ScreenSaveActive", r"s/\($guid[^]]*\);[0-9]*\]/\1;1]/I"),
        *LOCK,
        batch=STRUCTURE,
    ),
    spoils("half_disabled", container(REGISTRY, "OfferToSaveLogins", "flags", "2"), *SAVED, batch=STRUCTURE),
    spoils(
        "extension_missing",
        container(TEMPLATE, "LegalNoticeText", "gPCMachineExtensionNames", None),
        *NOTICE,
        batch=STRUCTURE,
    ),
    spoils(
        "group_policy_versions",
        container(TEMPLATE, "SeDenyInteractiveLogonRight", "versionNumber", "4711"),
        batch=STRUCTURE,
    ),
    breaks("directory_consistency", DC, DAMAGE, batch=STRUCTURE),
    # Inheritance: one unit keeps out whatever comes from above.
    spoils("group_policy_inheritance", BLOCK, "group_policy_inheritance", *EVERYWHERE, batch=INHERITANCE),
    # Rights: a folder that everybody may write to; a policy that each of the machines is kept from.
    breaks(
        "sysvol_rights",
        DC,
        f"samba-tool ntacl set 'O:BAG:BAD:PAI(A;OICI;FA;;;WD)' {POLICIES}/{policy_of(TEMPLATE, 'LegalNoticeText')}",
        "sysvol_rights",
        DECLARED,
        batch=INHERITANCE,
    ),
    breaks("resultant_policy", DC, KEEP_OUT, DECLARED, batch=RIGHTS),
    seen_from(WORKSTATION, "resultant_policy", RIGHTS),
)
