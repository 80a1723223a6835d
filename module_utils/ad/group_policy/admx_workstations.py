"""Policies of Windows' templates that a workstation's audit, updates, encryption and protocols need.

Keys, values and element ids are those of the ADMX files: WindowsRemoteManagement, VolumeEncryption, WindowsUpdate, MSI,
DnsClient, RemoteAssistance, TerminalServer, inetres, RemovableStorage, and SecGuide of Microsoft's security baseline.
"""

from __future__ import annotations

from ansible.module_utils.ad.group_policy.admx_table import Element, Policy, switch

_WINRM = r"Software\Policies\Microsoft\Windows\WinRM\Service"
_UPDATE = r"Software\Policies\Microsoft\Windows\WindowsUpdate"
_INSTALLER = r"Software\Policies\Microsoft\Windows\Installer"
_ENCRYPTION = r"Software\Policies\Microsoft\FVE"
_TERMINAL = r"SOFTWARE\Policies\Microsoft\Windows NT\Terminal Services"
_ASSISTANCE = r"Software\policies\Microsoft\Windows NT\Terminal Services"
_SYSTEM = r"SOFTWARE\Microsoft\Windows\CurrentVersion\Policies\System"
_SERVICES = r"SYSTEM\CurrentControlSet\Services"
_INTERNET = r"Software\Policies\Microsoft\Windows\CurrentVersion\Internet Settings"
_PANEL = r"Software\Policies\Microsoft\Internet Explorer\Control Panel"
_DAYS = tuple(range(31))

_AUDIT = (
    switch("WindowsRemoteManagement", "AllowBasic_1", "computer", _WINRM, "AllowBasic"),
    switch("WindowsRemoteManagement", "AllowUnencrypted_1", "computer", _WINRM, "AllowUnencryptedTraffic"),
    switch("WindowsRemoteManagement", "AllowCredSSP_1", "computer", _WINRM, "AllowCredSSP"),
    # Named after what they forbid: enabled writes 0.
    Policy("DisallowNegotiate_1", "WindowsRemoteManagement", "computer", _WINRM, "AllowNegotiate", 0, 1),
    Policy("DisallowKerberos_1", "WindowsRemoteManagement", "computer", _WINRM, "AllowKerberos", 0, 1),
    switch("WindowsRemoteManagement", "HttpCompatibilityListener", "computer", _WINRM, "HttpCompatibilityListener"),
    switch("WindowsRemoteManagement", "HttpsCompatibilityListener", "computer", _WINRM, "HttpsCompatibilityListener"),
    Policy(
        "CBTHardeningLevel_1",
        "WindowsRemoteManagement",
        "computer",
        _WINRM,
        "CBTHardeningLevelStatus",
        elements=(
            Element(
                "HardeningLevelCombo",
                "enum",
                "CbtHardeningLevel",
                choices=("None", "Relaxed", "Strict"),
                required=True,
            ),
        ),
    ),
)

_UPDATES = (
    Policy(
        "ComplianceDeadline",
        "WindowsUpdate",
        "computer",
        _UPDATE,
        "SetComplianceDeadline",
        disabled=0,
        elements=(
            Element(
                "ConfigureDeadlineForQualityUpdates",
                "enum",
                "ConfigureDeadlineForQualityUpdates",
                choices=_DAYS,
                required=True,
            ),
            Element(
                "ConfigureDeadlineForFeatureUpdates",
                "enum",
                "ConfigureDeadlineForFeatureUpdates",
                choices=_DAYS,
                required=True,
            ),
            Element(
                "ConfigureDeadlineGracePeriod",
                "enum",
                "ConfigureDeadlineGracePeriod",
                choices=tuple(range(8)),
                required=True,
            ),
            Element("ConfigureDeadlineNoAutoReboot", "boolean", "ConfigureDeadlineNoAutoReboot"),
        ),
    ),
    switch("MSI", "AlwaysInstallElevated", "both", _INSTALLER, "AlwaysInstallElevated"),
    Policy(
        "DisableMSI",
        "MSI",
        "computer",
        _INSTALLER,
        elements=(Element("DisableMSI", "enum", "DisableMSI", choices=(0, 1, 2), required=True),),
    ),
)

_DISKS = (
    Policy(
        "OSRecoveryUsage_Name",
        "VolumeEncryption",
        "computer",
        _ENCRYPTION,
        "OSRecovery",
        disabled=0,
        elements=(
            Element("OSAllowDRA_Name", "boolean", "OSManageDRA"),
            Element(
                "OSRecoveryPasswordUsageDropDown_Name", "enum", "OSRecoveryPassword", choices=(0, 1, 2), required=True
            ),
            Element("OSRecoveryKeyUsageDropDown_Name", "enum", "OSRecoveryKey", choices=(0, 1, 2), required=True),
            Element("OSHideRecoveryPage_Name", "boolean", "OSHideRecoveryPage"),
            Element("OSActiveDirectoryBackup_Name", "boolean", "OSActiveDirectoryBackup"),
            Element("OSRequireActiveDirectoryBackup_Name", "boolean", "OSRequireActiveDirectoryBackup"),
            Element(
                "OSActiveDirectoryBackupDropDown_Name",
                "enum",
                "OSActiveDirectoryInfoToStore",
                choices=(1, 2),
                required=True,
            ),
        ),
    ),
    Policy(
        "EncryptionMethodWithXts_Name",
        "VolumeEncryption",
        "computer",
        _ENCRYPTION,
        elements=tuple(
            Element(
                f"EncryptionMethodWithXts{kind}DropDown_Name",
                "enum",
                f"EncryptionMethodWithXts{kind}",
                choices=(3, 4, 6, 7),
                required=True,
            )
            for kind in ("Os", "Fdv", "Rdv")
        ),
    ),
)

_REMOTE = (
    Policy(
        "TS_RemoteControl_2",
        "TerminalServer",
        "computer",
        _TERMINAL,
        # 0 nobody, 1 and 3 with the user's agreement, 2 and 4 without: the last two are not offered.
        elements=(Element("TS_RemoteControl_Levels", "enum", "Shadow", choices=(0, 1, 3), required=True),),
    ),
    # Help that somebody asked for, with what lasts no longer than its invitation.
    Policy(
        "RA_Solicit",
        "RemoteAssistance",
        "computer",
        _ASSISTANCE,
        "fAllowToGetHelp",
        disabled=0,
        elements=(
            Element("RA_Solicit_Control_List", "enum", "fAllowFullControl", choices=(0, 1), required=True),
            Element(
                "RA_Solicit_ExpireValue_Edt",
                "decimal",
                "MaxTicketExpiry",
                minimum=1,
                maximum=99,
                zero_means="an invitation never ends",
                required=True,
            ),
            # Minutes, hours, days.
            Element("RA_Solicit_ExpireUnits_List", "enum", "MaxTicketExpiryUnits", choices=(0, 1, 2), required=True),
            Element("RA_Solicit_Mailto_List", "enum", "fUseMailto", choices=(0, 1), required=True),
        ),
    ),
    # Help that nobody asked for. Whom it may come from is not known here: it can be forbidden only.
    Policy("RA_Unsolicit", "RemoteAssistance", "computer", _ASSISTANCE, "fAllowUnsolicited", disabled=0),
)

_PROTOCOLS = (
    # Named after what it turns off.
    Policy(
        "Turn_Off_Multicast",
        "DnsClient",
        "computer",
        r"Software\Policies\Microsoft\Windows NT\DNSClient",
        "EnableMulticast",
        0,
        1,
    ),
    switch("SecGuide", "Pol_SecGuide_0001_SMBv1_Server", "computer", rf"{_SERVICES}\LanmanServer\Parameters", "SMB1"),
    Policy(
        "Pol_SecGuide_0002_SMBv1_ClientDriver",
        "SecGuide",
        "computer",
        rf"{_SERVICES}\MrxSmb10",
        elements=(Element("Pol_SecGuide_SMB1ClientDriver", "enum", "Start", choices=(2, 3, 4), required=True),),
    ),
    # Before Windows 8.1 the client's service waits for the driver: without this it would not start any more.
    Policy(
        "Pol_SecGuide_0003_SMBv1_ClientLMWkstaDepends",
        "SecGuide",
        "computer",
        rf"{_SERVICES}\LanmanWorkstation",
        elements=(Element("Pol_SecGuide_SMB1Win7LMSDepends", "lines", "DependOnService", required=True),),
    ),
    Policy(
        "Pol_SecGuide_0202_WDigestAuthn",
        "SecGuide",
        "computer",
        r"SYSTEM\CurrentControlSet\Control\SecurityProviders\WDigest",
        "UseLogonCredential",
        disabled=0,
    ),
    # Named after the restriction: enabled, a local account has no administrator's rights over the network.
    Policy("Pol_SecGuide_0201_LATFP", "SecGuide", "computer", _SYSTEM, "LocalAccountTokenFilterPolicy", 0, 1),
    Policy("UserProxy", "inetres", "computer", _INTERNET, "ProxySettingsPerUser", 0, 1),
    switch("inetres", "RestrictProxy", "both", _PANEL, "Proxy"),
    switch("inetres", "RestrictAutoconfig", "both", _PANEL, "Autoconfig"),
)

WORKSTATIONS: tuple[Policy, ...] = (*_AUDIT, *_UPDATES, *_DISKS, *_REMOTE, *_PROTOCOLS)
