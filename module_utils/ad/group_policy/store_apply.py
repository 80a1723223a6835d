"""Write a plan, in the order that never shows a client half a policy.

The container is made first, linked nowhere and setting nothing, because its rights are those of the folder. Then come
the files of the folder, its version file, the directory's version and extensions in one request, and the links last.
What is removed goes the other way round: links, folder, container. After an interruption the next run goes on: a
container that is ours tells by its marker whether its versions were raised since its files were written.
"""

from __future__ import annotations

from collections.abc import Mapping

from ansible.module_utils.ad.group_policy.links import format_options
from ansible.module_utils.ad.group_policy.plan import PolicyPlan
from ansible.module_utils.ad.group_policy.plan_rights import container_rights, folder_rights, wrong_rights
from ansible.module_utils.ad.group_policy.plan_site import SitePlan
from ansible.module_utils.ad.group_policy.store_directory import PolicyDirectory
from ansible.module_utils.ad.group_policy.store_model import Container, GroupPolicyError, Marker
from ansible.module_utils.ad.group_policy.store_sysvol import PolicyShare


def preflight(plan: SitePlan, directory: PolicyDirectory, share: PolicyShare) -> None:
    """Be sure that all can be written before anything is.

    :raises GroupPolicyError: the account may not write all that the plan needs.
    """
    changed = [each for each in plan.policies if each.changes]
    wanted: dict[str, tuple[str, ...]] = {target.dn: ("gPLink",) for target, _ in plan.links}
    wanted.update({target.dn: ("gPOptions", *wanted.get(target.dn, ())) for target in plan.unblocked})
    wanted.update({each.stored.container.dn: ("versionNumber",) for each in changed if each.stored})
    refused = [dn for dn, attributes in wanted.items() if not directory.may_write(dn, attributes)]
    if any(each.stored is None for each in changed) and not directory.may_create():
        refused.append(directory.folder)
    if refused:
        raise GroupPolicyError(
            f"{directory.server}: the account may not change {refused[0]}; nothing was written. Bind with an "
            "administrator of the domain"
        )
    folders = [each.guid for each in changed if each.stored and each.stored.folder.exists]
    share.check_writable(folders, create=any(each.stored is None for each in changed))


def apply(plan: SitePlan, directory: PolicyDirectory, share: PolicyShare, every_file: bool) -> None:
    """Write a plan whose backups are taken."""
    for policy in plan.policies:
        if policy.changes:
            apply_policy(policy, directory, share, every_file)
    for target, links in plan.links:
        directory.set_links(target.dn, links)
    for target in plan.unblocked:
        directory.change(target.dn, {"gPOptions": [format_options(False, target.options).encode()]})
    for stored in plan.removed:
        share.remove(stored.container.guid)
        directory.remove(stored.container.dn)
    for guid in plan.orphans:
        share.remove(guid)


def apply_policy(plan: PolicyPlan, directory: PolicyDirectory, share: PolicyShare, every_file: bool) -> None:
    """Write one policy, but for its links."""
    if plan.stored is None:
        share.remove(plan.guid)  # what a container of that name left behind would be part of the new policy
    container = _container(plan, directory)
    descriptor = folder_rights(container.descriptor)
    if plan.files or plan.delete or plan.version_file:
        share.write(plan.guid, plan.files, plan.delete, descriptor, every_file)
    _mend_rights(plan, share, descriptor, every_file)
    if plan.version_file is not None:
        share.write_version(plan.guid, plan.version_file, descriptor if every_file else None)
    if plan.attributes:
        directory.change(container.dn, plan.attributes)


def _container(plan: PolicyPlan, directory: PolicyDirectory) -> Container:
    """The container, there and with its rights."""
    if plan.stored is None:
        container = directory.create(
            plan.guid, plan.name, Marker(plan.marker.made, plan.marker.site) if plan.marker else None
        )
        rights = plan.rights or container_rights(container.descriptor, plan.applies_to)
    else:
        container, rights = plan.stored.container, plan.rights
        directory.complete(container.dn)
    if rights is None:
        return container
    directory.set_rights(container.dn, rights)
    return directory.container(container.dn)


def _mend_rights(plan: PolicyPlan, share: PolicyShare, descriptor: bytes, every_file: bool) -> None:
    """The rights of what was in the folder before; what is new has them from the start."""
    present: Mapping[str, bytes] = plan.stored.folder.descriptors if plan.stored else {}
    written = {name.casefold() for name in (*plan.files, *plan.delete)}
    wrong = wrong_rights(present, descriptor, every_file)
    share.set_rights(plan.guid, [path for path in wrong if path.casefold() not in written], descriptor)
