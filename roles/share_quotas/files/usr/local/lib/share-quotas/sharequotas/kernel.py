"""Quotas of the kernel by a folder of the file system (quotactl_fd(2), since Linux 5.14): no device node is needed.

A project is a share: whatever is made below its folder counts, whoever made it. Standard library only.
"""

from __future__ import annotations

import ctypes
import fcntl
import os
import struct
from dataclasses import dataclass

USER, PROJECT = 0, 2
_QUOTACTL_FD = 443  # the same number on every architecture
_GETSTATE, _GETQUOTA, _SETQUOTA = 0x5808, 0x800007, 0x800008
#: struct if_dqblk of linux/quota.h: limits of blocks in KiB, use in bytes.
_DQBLK = struct.Struct("=8QI4x")
_LIMITS = 1
#: struct fs_quota_statv of linux/dqblk_xfs.h: version, then flags. Counting alone (1, 16) refuses nothing.
_STATE_SIZE, _STATE = 256, struct.Struct("=BxH")
_ENFORCED = {USER: 2, PROJECT: 32}
#: struct fsxattr of linux/fs.h.
_FSXATTR = struct.Struct("=5I8x")
_FSGETXATTR, _FSSETXATTR = 0x801C581F, 0x401C5820
_INHERIT = 0x200
_LIBC = ctypes.CDLL(None, use_errno=True)


@dataclass(frozen=True)
class Quota:
    """A limit and what is used of it, in bytes; no limit is 0."""

    limit: int
    used: int


class FileSystem:
    """The file system that a folder is on."""

    def __init__(self, path: str) -> None:
        self._fd = os.open(path, os.O_RDONLY | os.O_DIRECTORY)
        self.path = path

    def close(self) -> None:
        """Let go of the folder."""
        os.close(self._fd)

    def lacks(self) -> str | None:
        """Why there are no quotas; None when those of people and of shares are both in force."""
        for kind, name in ((USER, "people"), (PROJECT, "shares")):
            buffer = ctypes.create_string_buffer(_STATE.pack(1, 0), _STATE_SIZE)
            try:
                self._call(_GETSTATE, kind, 0, buffer)
            except OSError as error:
                return f"no quotas of {name}: {error.strerror}"
            if not _STATE.unpack_from(buffer)[1] & _ENFORCED[kind]:
                return f"no quotas of {name}: they are not enforced"
        return None

    def get(self, kind: int, number: int) -> Quota:
        """Limit and use of a person or a share."""
        buffer = ctypes.create_string_buffer(_DQBLK.size)
        self._call(_GETQUOTA, kind, number, buffer)
        hard, _, used, *_ = _DQBLK.unpack(buffer.raw)
        return Quota(hard * 1024, used)

    def set(self, kind: int, number: int, limit: int) -> None:
        """Give a limit; nobody is warned first, there is no grace."""
        blocks = -(-limit // 1024)
        packed = _DQBLK.pack(blocks, blocks, 0, 0, 0, 0, 0, 0, _LIMITS)
        self._call(_SETQUOTA, kind, number, ctypes.create_string_buffer(packed, _DQBLK.size))

    def _call(self, command: int, kind: int, number: int, buffer: ctypes.Array[ctypes.c_char]) -> None:
        done = _LIBC.syscall(
            _QUOTACTL_FD, self._fd, ctypes.c_uint(command << 8 | kind), ctypes.c_uint(number), ctypes.byref(buffer)
        )
        if done:
            number_ = ctypes.get_errno()
            raise OSError(number_, os.strerror(number_))


def project_of(path: str) -> int:
    """The project that a file or folder counts for; 0 is none."""
    return _attributes(path)[3]


def put_in_project(path: str, number: int) -> None:
    """Let a file or folder count for a project, and a folder what will be made in it."""
    flags, extent, _, _, cow = _attributes(path)
    inherit = _INHERIT if os.path.isdir(path) else 0
    _with(path, _FSSETXATTR, _FSXATTR.pack(flags | inherit, extent, 0, number, cow))


def _attributes(path: str) -> tuple[int, ...]:
    return _FSXATTR.unpack(_with(path, _FSGETXATTR, bytes(_FSXATTR.size)))


def _with(path: str, command: int, content: bytes) -> bytes:
    fd = os.open(path, os.O_RDONLY | os.O_NONBLOCK | os.O_NOFOLLOW)
    try:
        return bytes(fcntl.ioctl(fd, command, content))
    finally:
        os.close(fd)
