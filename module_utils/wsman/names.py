"""Names of WS-Management that several files write or read ([MS-WSMV] 2.2.1, DSP0226 A)."""

from __future__ import annotations

SOAP = "http://www.w3.org/2003/05/soap-envelope"
ADDRESSING = "http://schemas.xmlsoap.org/ws/2004/08/addressing"
ENUMERATION = "http://schemas.xmlsoap.org/ws/2004/09/enumeration"
TRANSFER = "http://schemas.xmlsoap.org/ws/2004/09/transfer"
WSMAN = "http://schemas.dmtf.org/wbem/wsman/1/wsman.xsd"
MICROSOFT = "http://schemas.microsoft.com/wbem/wsman/1/wsman.xsd"
SHELL = "http://schemas.microsoft.com/wbem/wsman/1/windows/shell"
FAULT = "http://schemas.microsoft.com/wbem/wsman/1/wsmanfault"
IDENTITY = "http://schemas.dmtf.org/wbem/wsman/identity/1/wsmanidentity.xsd"
INSTANCE = "http://www.w3.org/2001/XMLSchema-instance"

#: What stands before a namespace and a class of WMI in the URI of a resource.
WMI = "http://schemas.microsoft.com/wbem/wsman/1/wmi/"
WQL = "http://schemas.microsoft.com/wbem/wsman/1/WQL"
ANONYMOUS = f"{ADDRESSING}/role/anonymous"
COMMAND_SHELL = f"{SHELL}/cmd"
TERMINATE = f"{SHELL}/signal/terminate"

ENUMERATE = f"{ENUMERATION}/Enumerate"
PULL = f"{ENUMERATION}/Pull"
GET = f"{TRANSFER}/Get"
CREATE = f"{TRANSFER}/Create"
DELETE = f"{TRANSFER}/Delete"
COMMAND = f"{SHELL}/Command"
RECEIVE = f"{SHELL}/Receive"
SIGNAL = f"{SHELL}/Signal"

#: StdRegProv, the registry as methods of WMI; it has no instances.
REGISTRY = f"{WMI}root/default/StdRegProv"
CIMV2 = "root/cimv2"
SECURITY_CENTER = "root/SecurityCenter2"
OLD_SECURITY_CENTER = "root/SecurityCenter"
DEFENDER = "root/Microsoft/Windows/Defender"
TPM = "root/cimv2/Security/MicrosoftTpm"
BITLOCKER = "root/cimv2/Security/MicrosoftVolumeEncryption"
