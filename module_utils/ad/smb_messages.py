"""The SMB 2 messages that files and descriptors need ([MS-SMB2] 2.2, [MS-FSCC] 2.4), built and taken apart. No I/O."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, TypeVar

from smbprotocol.file_info import (
    FileAttributes,
    FileDispositionInformation,
    FileInformationClass,
    FileRenameInformation,
    InfoType,
)
from smbprotocol.open import (
    CreateDisposition,
    CreateOptions,
    ImpersonationLevel,
    ShareAccess,
    SMB2CloseRequest,
    SMB2CreateRequest,
    SMB2QueryDirectoryRequest,
    SMB2QueryDirectoryResponse,
    SMB2QueryInfoRequest,
    SMB2QueryInfoResponse,
    SMB2ReadRequest,
    SMB2ReadResponse,
    SMB2SetInfoRequest,
    SMB2WriteRequest,
)

_Item = TypeVar("_Item")

#: Parts of a security descriptor ([MS-SMB2] 2.2.37, additional information).
OWNER, GROUP, DACL, SACL = 0x1, 0x2, 0x4, 0x8
#: [MS-SMB2] 3.2.4.1.4: the handle that the first request of a compound opens.
RELATED = b"\xff" * 16
#: One credit pays for this much.
CHUNK = 65536


class Access:
    """Access masks ([MS-SMB2] 2.2.13.1) by what they serve."""

    LOOK = 0x80  # attributes
    LIST = 0x81
    READ = 0x81
    WRITE = 0x182  # data, attributes
    FILL = 0x86  # add files, add folders
    DELETE = 0x10000 | 0x80
    READ_SECURITY = 0x20000
    CHANGE_SECURITY = 0xE0000  # read the descriptor, write its DACL and its owner
    CHANGE_DACL = 0x60000  # the owner's own right
    CHANGE_OWNER = 0xA0000  # what the privilege to take ownership gives
    SYSTEM_SECURITY = 0x01000000


class Disposition:
    """What to do when the file is there, or not ([MS-SMB2] 2.2.13)."""

    OPEN = CreateDisposition.FILE_OPEN
    CREATE = CreateDisposition.FILE_CREATE
    OVERWRITE_OR_CREATE = CreateDisposition.FILE_OVERWRITE_IF


@dataclass(frozen=True)
class Opening:
    """How a file or folder is opened; folder None: whatever it is. Backup intent passes by its descriptor."""

    access: int
    disposition: int = Disposition.OPEN
    folder: bool | None = None
    backup: bool = False

    @property
    def options(self) -> int:
        kind = {
            None: 0,
            True: CreateOptions.FILE_DIRECTORY_FILE,
            False: CreateOptions.FILE_NON_DIRECTORY_FILE,
        }[self.folder]
        # A link in a share leads elsewhere: it is the link that is meant, and it is not followed.
        return (
            kind
            | (CreateOptions.FILE_OPEN_FOR_BACKUP_INTENT if self.backup else 0)
            | CreateOptions.FILE_OPEN_REPARSE_POINT
        )


def create(path: str, opening: Opening) -> SMB2CreateRequest:
    message = SMB2CreateRequest()
    message["impersonation_level"] = ImpersonationLevel.Impersonation
    message["desired_access"] = opening.access
    message["file_attributes"] = (
        FileAttributes.FILE_ATTRIBUTE_DIRECTORY if opening.folder else FileAttributes.FILE_ATTRIBUTE_NORMAL
    )
    message["share_access"] = ShareAccess.FILE_SHARE_READ | ShareAccess.FILE_SHARE_WRITE | ShareAccess.FILE_SHARE_DELETE
    message["create_disposition"] = opening.disposition
    message["create_options"] = opening.options
    message["buffer_path"] = path.encode("utf-16-le") or b"\x00\x00"
    return message


def close(handle: bytes = RELATED) -> SMB2CloseRequest:
    message = SMB2CloseRequest()
    message["file_id"] = handle
    return message


def read(start: int, length: int) -> SMB2ReadRequest:
    message = SMB2ReadRequest()
    message["padding"] = b"\x50"
    message["offset"] = start
    message["length"] = length
    message["file_id"] = RELATED
    return message


def write(start: int, data: bytes) -> SMB2WriteRequest:
    message = SMB2WriteRequest()
    message["offset"] = start
    message["buffer"] = data
    message["file_id"] = RELATED
    return message


def query_directory(handle: bytes = RELATED) -> SMB2QueryDirectoryRequest:
    message = SMB2QueryDirectoryRequest()
    message["file_information_class"] = FileInformationClass.FILE_DIRECTORY_INFORMATION
    message["file_id"] = handle
    message["output_buffer_length"] = CHUNK
    message["buffer"] = "*".encode("utf-16-le")
    return message


def query_security(parts: int) -> SMB2QueryInfoRequest:
    message = SMB2QueryInfoRequest()
    message["info_type"] = InfoType.SMB2_0_INFO_SECURITY
    message["additional_information"] = parts
    message["output_buffer_length"] = CHUNK - 1
    message["file_id"] = RELATED
    return message


def set_security(descriptor: bytes, parts: int) -> SMB2SetInfoRequest:
    message = SMB2SetInfoRequest()
    message["info_type"] = InfoType.SMB2_0_INFO_SECURITY
    message["additional_information"] = parts
    message["file_id"] = RELATED
    message["buffer"] = descriptor
    return message


def rename(path: str) -> SMB2SetInfoRequest:
    """Take a name, over a file that has it."""
    information = FileRenameInformation()
    information["replace_if_exists"] = True
    information["file_name"] = path
    return _set_file(information)


def set_deletion() -> SMB2SetInfoRequest:
    """Delete when closed."""
    information = FileDispositionInformation()
    information["delete_pending"] = True
    return _set_file(information)


def _set_file(information: Any) -> SMB2SetInfoRequest:
    message = SMB2SetInfoRequest()
    message["info_type"] = InfoType.SMB2_0_INFO_FILE
    message["file_info_class"] = information.INFO_CLASS
    message["file_id"] = RELATED
    message["buffer"] = information.pack()
    return message


def decode_read(answer: bytes) -> bytes:
    response = SMB2ReadResponse()
    response.unpack(answer)
    data: bytes = response["buffer"].get_value()
    return data


def decode_security(answer: bytes) -> bytes:
    response = SMB2QueryInfoResponse()
    response.unpack(answer)
    descriptor: bytes = response["buffer"].get_value()
    return descriptor


def decode_listing(answer: bytes, item: Callable[[str, bool, int], _Item]) -> list[_Item]:
    response = SMB2QueryDirectoryResponse()
    response.unpack(answer)
    rows = SMB2QueryDirectoryRequest.unpack_response(
        FileInformationClass.FILE_DIRECTORY_INFORMATION, response["buffer"].get_value()
    )
    found = []
    for row in rows:
        name = row["file_name"].get_value().decode("utf-16-le")
        if name not in (".", ".."):
            folder = row["file_attributes"].has_flag(FileAttributes.FILE_ATTRIBUTE_DIRECTORY)
            found.append(item(name, folder, row["end_of_file"].get_value()))
    return found
