"""What is broken on purpose on the file server and in the groups that open its shares; see sabotages.

Configuration is changed behind the role's back and smbd started again, as somebody with root would; groups are changed
by the controller's own tools. The names of groups and shares are those of the site of the lab.
"""

from __future__ import annotations

from tests.compliance.sabotages import DC, breaks, opens, somebody

FILES = "file_servers"
SERVER, SHARES = "/etc/samba/file_server.conf", "/etc/samba/shares.conf"
AGAIN = "systemctl reset-failed smbd.service && systemctl restart smbd.service"
#: A folder without the list that the table asks for, as it falls back to what the file system says.
LOSES_ITS_LIST = (
    'for name in user.NTACL security.NTACL; do setfattr -x $name "$folder" 2> /dev/null || true; done; '
    'setfacl -b "$folder"'
)
#: The own folder of the last person by login, who is always tried.
OWN_FOLDER = "folder=$(ls -d /srv/shares/perso/*/ | tail -1)"


def server(old: str, new: str, file: str = SERVER) -> str:
    """A shell command that changes a setting of the server, and fails when it was not there."""
    return f"grep -qE '{old}' {file} && sed -i -E 's/{old}/{new}/' {file} && {AGAIN}"


def of_share(share: str, old: str, new: str) -> str:
    """A shell command that changes a setting of one share."""
    return f"sed -i -E '/^\\[{share}\\]/,/^\\[/s/{old}/{new}/' {SHARES} && {AGAIN}"


def member(group: str, added: str) -> str:
    """A shell command that lets a group have a right."""
    return f"samba-tool group addmembers {group} {added}"


SHARE_SABOTAGES = (
    breaks(
        "share_read_limits", DC, member("DL_RH_R", "GG_Marketing"), "share_read_limits", "share_visibility", batch=3
    ),
    breaks("share_write_limits", DC, member("DL_Vehicules_Neufs_RW", "GG_Secretariat_Commercial"), batch=3),
    breaks("share_delete_limits", DC, member("DL_Carrosserie_D", "GG_Carrosserie"), batch=3),
    breaks(
        "share_rights_effective",
        DC,
        "samba-tool group removemembers DL_Atelier_RW GG_Atelier",
        "share_rights_effective",
        "nested_groups",
        batch=3,
    ),
    breaks(
        "share_people_away",
        DC,
        f"{{ {opens(somebody(2, 'left'))}; }} && samba-tool user setexpiry --noexpiry {somebody(2, 'left')}",
        "share_people_away",
        "leavers_disabled",
        # An open account that explains itself by no list of people at work, and whose password lasts for ever.
        "nominative_accounts",
        "password_never_expires",
        batch=3,
    ),
    breaks(
        "share_managers",
        DC,
        f"samba-tool user disable {somebody(1)}",
        "share_managers",
        "accounts_match_staff",
        batch=3,
    ),
    breaks(
        "personal_folders_private",
        FILES,
        f'{OWN_FOLDER} && {LOSES_ITS_LIST} && chmod 777 "$folder"',
        "personal_folders_private",
        "share_access_lists",
        batch=3,
    ),
    breaks("share_anonymous", FILES, server("restrict anonymous = 2", "restrict anonymous = 0"), batch=3),
    breaks("share_protocol", FILES, server("server min protocol = .*", "server min protocol = SMB2_02"), batch=3),
    breaks("share_signing", FILES, server("server signing = mandatory", "server signing = auto"), batch=3),
    breaks("share_encryption", FILES, server("smb encrypt = required", "smb encrypt = desired", SHARES), batch=3),
    breaks(
        "recycle_bin",
        FILES,
        of_share("pieces", "full_audit recycle acl_xattr", "full_audit acl_xattr"),
        "recycle_bin",
        "deleted_file_recovery",
        batch=3,
    ),
    breaks(
        "recycle_retention",
        FILES,
        "sed -i -E 's/(purge-recycle-bins) [0-9]+ /\\1 3999 /' /etc/systemd/system/purge-recycle-bins.service && "
        "systemctl daemon-reload",
        batch=3,
    ),
    breaks("share_audit_log", FILES, "chmod 666 /var/log/shares/audit.log", batch=3),
    breaks(
        "share_audit_retention",
        FILES,
        "sed -i -E 's/(rotate|maxage) [0-9]+/\\1 3/' /etc/logrotate.d/shares",
        batch=3,
    ),
    breaks("undeclared_shares", FILES, f"printf '\\n[vrac]\\npath = /srv/vrac\\n' >> {SHARES} && {AGAIN}", batch=3),
    # Batch 4: what would hide what batch 3 breaks, or break it too.
    breaks("share_visibility", FILES, server("access based share enum = yes", "access based share enum = no"), batch=4),
    # A guest cannot sign, so that mandatory signing would still keep guests out.
    breaks(
        "share_guests",
        FILES,
        f"{server('map to guest = never', 'map to guest = bad user')} && "
        f"{server('server signing = mandatory', 'server signing = auto')} && "
        + of_share("commun", "valid users = .*", "guest ok = yes"),
        "share_guests",
        "share_anonymous",
        "share_signing",
        batch=4,
    ),
    breaks(
        "personal_folders_open",
        FILES,
        f'{OWN_FOLDER} && {LOSES_ITS_LIST} && chmod 770 "$folder" && '
        'chown root:$(wbinfo --sid-to-gid=S-1-5-32-544) "$folder"',
        "personal_folders_open",
        "share_access_lists",
        batch=4,
    ),
    breaks(
        "recycle_bin_privacy",
        FILES,
        f"folder=/srv/shares/commun/.corbeille && {LOSES_ITS_LIST} && chmod 777 $folder && "
        + server("(recycle:(directory|subdir)_mode) = 0700", "\\1 = 0777"),
        "recycle_bin_privacy",
        "share_access_lists",
        batch=4,
    ),
    # The watch of mass changes reads the same lines.
    breaks(
        "deletion_audit",
        FILES,
        server("full_audit:success = connect unlinkat renameat$", "full_audit:success = mkdirat"),
        "deletion_audit",
        "mass_change_alarm",
        "share_alarm_delay",
        batch=4,
    ),
    breaks("sensitive_read_audit", FILES, server(" create_file$", "", SHARES), batch=4),
)
