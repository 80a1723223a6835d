"""Security identifiers, access control lists and security descriptors ([MS-DTYP] 2.4).

Bytes in, frozen values out, and back. Descriptors are read in the self-relative form, the one that the directory and
the file servers give; entries of a type not known here keep their bytes.
"""

from __future__ import annotations

import re
import struct
import uuid
from collections.abc import Iterable
from dataclasses import dataclass, replace

#: Control bits of a descriptor ([MS-DTYP] 2.4.6).
DACL_PRESENT, SACL_PRESENT = 0x0004, 0x0010
DACL_AUTO_INHERITED, DACL_PROTECTED = 0x0400, 0x1000
_SACL_BITS = SACL_PRESENT | 0x0020 | 0x0200 | 0x0800 | 0x2000
_DEFAULTED = 0x0001 | 0x0002 | 0x0008
_SELF_RELATIVE = 0x8000

#: Types of entries ([MS-DTYP] 2.4.4.1), and which of them name object types.
ALLOWED, DENIED, AUDIT = 0, 1, 2
ALLOWED_OBJECT, DENIED_OBJECT, AUDIT_OBJECT = 5, 6, 7
_PLAIN, _OBJECT = frozenset({0, 1, 2, 3, 9, 10, 13, 14, 17, 18, 19}), frozenset({5, 6, 7, 8, 11, 12, 15, 16})
#: Flags of entries.
OBJECT_INHERIT, CONTAINER_INHERIT, NO_PROPAGATE, INHERIT_ONLY, INHERITED = 1, 2, 4, 8, 16

_SID = re.compile(r"S-(?:0|[1-9][0-9]{0,2})-(?:0|[1-9][0-9]{0,14}|0x[0-9a-fA-F]{12})(?:-(?:0|[1-9][0-9]{0,9})){0,15}")
_CREATOR_OWNER, _PRE_WINDOWS_2000 = "S-1-3-0", "S-1-5-32-554"


class SecurityDescriptorError(ValueError):
    """Bytes or text that are no descriptor, or a value that no descriptor can hold."""


@dataclass(frozen=True)
class Ace:
    """One entry; ``data`` is what follows the identifier, or the whole body when the type is not known here."""

    type: int
    flags: int
    mask: int
    sid: str
    object_type: str | None = None
    inherited_object_type: str | None = None
    data: bytes = b""


@dataclass(frozen=True)
class SecurityDescriptor:
    """Owner, group and lists. No list while ``control`` says it is there: everything is allowed to everyone."""

    owner: str | None = None
    group: str | None = None
    control: int = _SELF_RELATIVE
    dacl: tuple[Ace, ...] | None = None
    sacl: tuple[Ace, ...] | None = None
    resource_control: int = 0

    @property
    def protected(self) -> bool:
        """Whether the folder above gives nothing to this one."""
        return bool(self.control & DACL_PROTECTED)


def sid_bytes(sid: str) -> bytes:
    """A security identifier as bytes ([MS-DTYP] 2.4.2.2)."""
    if not _SID.fullmatch(sid):
        raise SecurityDescriptorError(f"{sid!r:.80} is no security identifier")
    revision, authority, *parts = sid.split("-")[1:]
    numbers = [int(part) for part in parts]
    size = int(authority, 16) if authority.startswith("0x") else int(authority)
    if int(revision) > 0xFF or size >= 2**48 or any(number >= 2**32 for number in numbers):
        raise SecurityDescriptorError(f"{sid!r:.80} is no security identifier: a number is too large")
    return struct.pack(f"<BB6s{len(numbers)}I", int(revision), len(numbers), size.to_bytes(6, "big"), *numbers)


def sid_text(raw: bytes) -> str:
    """A security identifier as text ([MS-DTYP] 2.4.2.1: the authority in hexadecimal from 2^32 on)."""
    sid, end = _sid_at(raw, 0)
    if end != len(raw):
        raise SecurityDescriptorError(f"{len(raw) - end} bytes follow a security identifier")
    return sid


def _sid_at(raw: bytes, at: int) -> tuple[str, int]:
    """The identifier that starts here, and where it ends."""
    if len(raw) < at + 8 or raw[at + 1] > 15 or len(raw) < at + 8 + 4 * raw[at + 1]:
        raise SecurityDescriptorError(f"byte {at}: no security identifier")
    count = raw[at + 1]
    size = int.from_bytes(raw[at + 2 : at + 8], "big")
    authority = str(size) if size < 2**32 else f"0x{size:012x}"
    numbers = struct.unpack_from(f"<{count}I", raw, at + 8)
    return "-".join(["S", str(raw[at]), authority, *map(str, numbers)]), at + 8 + 4 * count


def unpack(raw: bytes) -> SecurityDescriptor:
    """A self-relative descriptor ([MS-DTYP] 2.4.6)."""
    if len(raw) < 20 or raw[0] != 1:
        raise SecurityDescriptorError("not a security descriptor of revision 1")
    _revision, resource, control, owner, group, sacl, dacl = struct.unpack_from("<BBHIIII", raw)
    if not control & _SELF_RELATIVE:
        raise SecurityDescriptorError("the security descriptor is not self-relative")
    return SecurityDescriptor(
        owner=_sid_at(raw, owner)[0] if owner else None,
        group=_sid_at(raw, group)[0] if group else None,
        control=control,
        dacl=_unpack_acl(raw, dacl) if control & DACL_PRESENT and dacl else None,
        sacl=_unpack_acl(raw, sacl) if control & SACL_PRESENT and sacl else None,
        resource_control=resource,
    )


def pack(descriptor: SecurityDescriptor) -> bytes:
    """The bytes of a descriptor, its parts in the order of the header."""
    control = descriptor.control | _SELF_RELATIVE
    control |= (DACL_PRESENT if descriptor.dacl is not None else 0) | (
        SACL_PRESENT if descriptor.sacl is not None else 0
    )
    offsets, body = [], b""
    for part in (
        None if descriptor.owner is None else sid_bytes(descriptor.owner),
        None if descriptor.group is None else sid_bytes(descriptor.group),
        None if descriptor.sacl is None else _pack_acl(descriptor.sacl),
        None if descriptor.dacl is None else _pack_acl(descriptor.dacl),
    ):
        offsets.append(0 if part is None else 20 + len(body))
        body += part or b""
    try:
        return struct.pack("<BBHIIII", 1, descriptor.resource_control, control, *offsets) + body
    except struct.error as error:
        raise SecurityDescriptorError(f"a descriptor cannot hold this: {error}") from error


def _unpack_acl(raw: bytes, start: int) -> tuple[Ace, ...]:
    """A list of entries ([MS-DTYP] 2.4.5)."""
    if len(raw) < start + 8:
        raise SecurityDescriptorError(f"byte {start}: no access control list")
    _revision, _zero, size, count, _zero = struct.unpack_from("<BBHHH", raw, start)
    end, at, aces = start + size, start + 8, []
    if end > len(raw):
        raise SecurityDescriptorError(f"byte {start}: the access control list is cut short")
    for _ in range(count):
        if at + 4 > end:
            raise SecurityDescriptorError(f"byte {at}: the access control list is cut short")
        length = int.from_bytes(raw[at + 2 : at + 4], "little")
        if length < 4 or at + length > end:
            raise SecurityDescriptorError(f"byte {at}: an entry of {length} bytes does not fit its list")
        aces.append(_unpack_ace(raw[at : at + length], at))
        at += length
    return tuple(aces)


def _unpack_ace(raw: bytes, at: int) -> Ace:
    """One entry ([MS-DTYP] 2.4.4.2 and following)."""
    kind, flags = raw[0], raw[1]
    if kind not in _PLAIN | _OBJECT:
        return Ace(kind, flags, 0, "", data=raw[4:])
    try:
        mask, position = int.from_bytes(raw[4:8], "little"), 8
        guids: list[str | None] = [None, None]
        if kind in _OBJECT:
            (present,) = struct.unpack_from("<I", raw, position)
            position += 4
            for number, bit in enumerate((1, 2)):
                if present & bit:
                    guids[number] = str(uuid.UUID(bytes_le=raw[position : position + 16]))
                    position += 16
        sid, position = _sid_at(raw, position)
    except (struct.error, ValueError) as error:
        raise SecurityDescriptorError(f"byte {at}: an entry of type {kind} is cut short") from error
    return Ace(kind, flags, mask, sid, guids[0], guids[1], raw[position:])


def _pack_acl(aces: Iterable[Ace]) -> bytes:
    listed = tuple(aces)
    body = b"".join(_pack_ace(ace) for ace in listed)
    #: ACL_REVISION_DS is wanted as soon as an entry names an object type ([MS-DTYP] 2.4.5).
    revision = 4 if any(ace.type in _OBJECT for ace in listed) else 2
    if len(body) + 8 > 0xFFFF:
        raise SecurityDescriptorError(f"an access control list holds 65535 bytes, not {len(body) + 8}")
    return struct.pack("<BBHHH", revision, 0, 8 + len(body), len(listed), 0) + body


def _pack_ace(ace: Ace) -> bytes:
    try:
        if ace.type not in _PLAIN | _OBJECT:
            body = ace.data
        else:
            named = b""
            if ace.type in _OBJECT:
                guids = (ace.object_type, ace.inherited_object_type)
                named = struct.pack("<I", sum(bit for bit, guid in zip((1, 2), guids, strict=True) if guid))
                named += b"".join(uuid.UUID(guid).bytes_le for guid in guids if guid)
            body = struct.pack("<I", ace.mask) + named + sid_bytes(ace.sid) + ace.data
        return struct.pack("<BBH", ace.type, ace.flags, 4 + len(body)) + body
    except (struct.error, ValueError) as error:
        raise SecurityDescriptorError(f"an entry cannot be written: {ace}: {error}") from error


#: What a right on the object of a policy becomes on its folder: the bits it asks for, and the bits of a file it gives.
_READ, _WRITE = 0x0010_00A9, 0x0010_0116
_FOLDER_RIGHTS = ((0x10 | 0x04, _READ), (0x20, _WRITE), (0x01, 0x0006), (0x02, 0x0040))
_STANDARD_RIGHTS = 0x001F_0000


def directory_to_folder(descriptor: SecurityDescriptor) -> SecurityDescriptor:
    """The descriptor that the SYSVOL folder of a policy must have, made from the one of its object.

    [MS-GPOL] leaves the rule to the tools; this is the one of the management console as Samba states and checks it
    (``samba-tool ntacl sysvolcheck``): allowing entries only, inherited by everything below, without the group that
    stands for systems older than Windows 2000.
    """
    entries = []
    for ace in descriptor.dacl or ():
        if ace.type not in (ALLOWED, ALLOWED_OBJECT) or ace.sid == _PRE_WINDOWS_2000:
            continue
        mask = ace.mask & _STANDARD_RIGHTS
        for wanted, given in _FOLDER_RIGHTS:
            if ace.mask & wanted == wanted:
                mask |= given
        flags = ace.flags | OBJECT_INHERIT | CONTAINER_INHERIT
        if ace.sid == _CREATOR_OWNER:
            flags |= INHERIT_ONLY
        entries.append(replace(ace, flags=flags, mask=mask))
    return replace(descriptor, control=descriptor.control & ~(_SACL_BITS | _DEFAULTED), dacl=tuple(entries), sacl=None)
