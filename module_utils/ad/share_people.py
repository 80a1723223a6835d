"""Whose own folders a share of people's folders holds, from the list of employees and the directory."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from ansible.module_utils.ad.connection import Directory
from ansible.module_utils.ad.directory_read import read_state
from ansible.module_utils.ad.directory_reconcile import load_people
from ansible.module_utils.ad.directory_site import Site
from ansible.module_utils.ad.leaver_names import COPY_PREFIX
from ansible.module_utils.ad.leaver_people import readers_of_copies
from ansible.module_utils.ad.share_acl import Entry, Folder, label, path_key
from ansible.module_utils.ad.share_rights import ADMINISTRATORS, OWNER_RIGHTS, SYSTEM

_ALWAYS = (Entry(ADMINISTRATORS, "full"), Entry(SYSTEM, "full"))
_OWNERS = Entry(OWNER_RIGHTS, "delete", "below")


def people_and_copies(
    directory: Directory, options: Mapping[str, Any]
) -> tuple[dict[str, str | None], dict[str, str | None]]:
    """SID by login of everybody who works at the site today, None for who has no account yet; and by name of the folder that
    would hold a copy of what somebody left behind, the SID of who may read it."""
    site = Site.from_options(options)
    state = read_state(directory)
    people = load_people(site, options["employees_file"], state, conventions=True)
    accounts = {key: account.sid for key, account in state.by_login.items()}
    at_work = {one.login: accounts.get(one.login.casefold()) for one in people if one.status(site.today) == "active"}
    return at_work, readers_of_copies(people, site.today, accounts)


def own_folders(
    share: str,
    people: Mapping[str, str | None],
    found: Iterable[str],
    declared: Iterable[Folder],
    copies: Mapping[str, str | None] | None = None,
) -> list[Folder]:
    """The folder of everybody at work, theirs alone; any other that is found is closed to all but administrators.

    found are the folders of the share. Whoever left keeps nothing but the folder, which is not touched otherwise. A copy that
    was laid of it is read by whom copies names.
    """
    readers = {path_key(name): sid for name, sid in (copies or {}).items() if sid}
    mine = {login.casefold(): login for login in people}
    others = {folder.key for folder in declared}
    closed = [name for name in found if path_key(name) not in mine and path_key(name) not in others]
    return [
        *(
            Folder(share, login, ADMINISTRATORS, (*_ALWAYS, *([Entry(sid, "delete")] if sid else []), _OWNERS))
            for login, sid in people.items()
        ),
        *(Folder(share, name, ADMINISTRATORS, (*_ALWAYS, *_readers(readers, name))) for name in sorted(closed)),
    ]


def _readers(readers: Mapping[str, str], name: str) -> list[Entry]:
    return [Entry(readers[path_key(name)], "read")] if path_key(name) in readers else []


def folders_of_nobody(share: str, people: Mapping[str, str | None], folders: Iterable[Folder]) -> list[str]:
    """Own folders whose owner is not at work."""
    mine = {login.casefold() for login in people}
    return [
        label(share, folder.path)
        for folder in folders
        if folder.key not in mine and not folder.key.startswith(path_key(COPY_PREFIX))
    ]
