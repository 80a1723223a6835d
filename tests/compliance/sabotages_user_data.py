"""What is broken on purpose about leavers' folders and data on workstations; see sabotages."""

from __future__ import annotations

from tests.compliance.sabotages import WORKSTATION, breaks, somebody

FILES = "file_servers"
SHARE, ARCHIVES = "/srv/shares/perso", "/srv/leavers"
#: Nobody of the list: what stands in the case alone says when it ends.
NOBODY = "essaisabotage"


def case(login: str) -> str:
    """A shell command that makes an archive of somebody, of long ago."""
    folder = f"{ARCHIVES}/{login}"
    found = (
        f'{{"login": "{login}", "key": "{login}", "left_on": "2001-01-01", "archived_on": "2001-01-01", "parts": [],'
        ' "handed_to": "somebody", "handed_on": "2001-01-01", "handed_parts": 0}'
    )
    return f"mkdir -p -m 0700 {folder} && printf '%s' '{found}' > {folder}/case.json"


def folder(name: str) -> str:
    """A shell command that puts a folder beside the own ones, which administrators may enter."""
    path = f"{SHARE}/{name}"
    return f"mkdir {path} && chgrp --reference={SHARE} {path} && chmod 0770 {path}"


USER_DATA_SABOTAGES = (
    breaks(
        "leaver_folders",
        FILES,
        # Somebody restored the folder of a leaver and forgot it.
        f"{folder(somebody(1, 'left'))} && echo essai > {SHARE}/{somebody(1, 'left')}/essai.txt",
        "leaver_folders",
        # It has no list of its own, as everything that is put there by root.
        "share_access_lists",
        batch=2,
    ),
    breaks("leaver_destruction", FILES, case(NOBODY), batch=2),
    breaks("leaver_archives_closed", FILES, f"chmod 0755 {ARCHIVES}", batch=2),
    breaks(
        "leaver_handover",
        FILES,
        f"{case('essaicopie')} && {folder('depart-essaicopie')}",
        "leaver_handover",
        "leaver_destruction",
        "share_access_lists",
        batch=2,
    ),
    breaks(
        "local_user_data",
        WORKSTATION,
        # What a trial leaves is called so; the converge removes it, and nothing of anybody's.
        "mkdir -p /home/garant-essai-donnees && truncate --size 400M /home/garant-essai-donnees/film.avi"
        " && chown -R nobody /home/garant-essai-donnees",
        batch=2,
    ),
    breaks("local_data_told", WORKSTATION, "chmod 0600 /etc/profile.d/local-data.sh", batch=2),
)
