"""Policies of the templates that come with Windows; keys, values and element ids are those of the ADMX files."""

from __future__ import annotations

from ansible.module_utils.ad.group_policy.admx_table import Element, Policy, switch

_SYSTEM = r"Software\Microsoft\Windows\CurrentVersion\Policies\System"
_EXPLORER = r"Software\Microsoft\Windows\CurrentVersion\Policies\Explorer"
_DESKTOP = r"Software\Policies\Microsoft\Windows\Control Panel\Desktop"
_PERSONALIZATION = r"Software\Policies\Microsoft\Windows\Personalization"
_WINDOWS = r"Software\Policies\Microsoft\Windows\System"
_TERMINAL = r"SOFTWARE\Policies\Microsoft\Windows NT\Terminal Services"
_UPDATE = r"Software\Policies\Microsoft\Windows\WindowsUpdate"
_STORAGE = r"Software\Policies\Microsoft\Windows\RemovableStorageDevices"
_DISKS = rf"{_STORAGE}\{{53f5630d-b6bf-11d0-94f2-00a0c91efb8b}}"
_CREDUI = r"Software\Microsoft\Windows\CurrentVersion\Policies\CredUI"

_NEVER_LOCKS = "the screen saver never starts"

_PERSONAL = (
    switch(
        "ControlPanelDisplay",
        "CPL_Personalization_EnableScreenSaver",
        "user",
        _DESKTOP,
        "ScreenSaveActive",
        enabled="1",
        disabled="0",
    ),
    switch(
        "ControlPanelDisplay",
        "CPL_Personalization_ScreenSaverIsSecure",
        "user",
        _DESKTOP,
        "ScreenSaverIsSecure",
        enabled="1",
        disabled="0",
    ),
    Policy(
        "CPL_Personalization_ScreenSaverTimeOut",
        "ControlPanelDisplay",
        "user",
        _DESKTOP,
        elements=(
            Element(
                "ScreenSaverTimeOutFreqSpin",
                "decimal",
                "ScreenSaveTimeOut",
                unit="seconds",
                minimum=1,
                maximum=599940,
                zero_means=_NEVER_LOCKS,
                as_text=True,
                required=True,
            ),
        ),
    ),
    Policy(
        "CPL_Personalization_SetScreenSaver",
        "ControlPanelDisplay",
        "user",
        _DESKTOP,
        elements=(Element("ScreenSaverFilename", "text", "SCRNSAVE.EXE", required=True),),
    ),
    Policy("CPL_Personalization_NoScreenSaverUI", "ControlPanelDisplay", "user", _SYSTEM, "NoDispScrSavPage"),
    Policy(
        "CPL_Personalization_NoDesktopBackgroundUI",
        "ControlPanelDisplay",
        "user",
        r"Software\Microsoft\Windows\CurrentVersion\Policies\ActiveDesktop",
        "NoChangingWallPaper",
    ),
    Policy("CPL_Personalization_NoLockScreen", "ControlPanelDisplay", "computer", _PERSONALIZATION, "NoLockScreen"),
    Policy(
        "CPL_Personalization_NoChangingLockScreen",
        "ControlPanelDisplay",
        "computer",
        _PERSONALIZATION,
        "NoChangingLockScreen",
    ),
    Policy(
        "CPL_Personalization_NoLockScreenCamera",
        "ControlPanelDisplay",
        "computer",
        _PERSONALIZATION,
        "NoLockScreenCamera",
    ),
    Policy(
        "CPL_Personalization_NoLockScreenSlideshow",
        "ControlPanelDisplay",
        "computer",
        _PERSONALIZATION,
        "NoLockScreenSlideshow",
    ),
    Policy(
        "CPL_Personalization_ForceDefaultLockScreen",
        "ControlPanelDisplay",
        "computer",
        _PERSONALIZATION,
        elements=(
            Element("LockScreenImage", "text", "LockScreenImage", required=True),
            Element("LockScreenOverlaysDisabled", "boolean", "LockScreenOverlaysDisabled"),
        ),
    ),
)

_LOGON = (
    switch(
        "Logon",
        "SyncForegroundPolicy",
        "computer",
        r"Software\Policies\Microsoft\Windows NT\CurrentVersion\Winlogon",
        "SyncForegroundPolicy",
    ),
    switch("Logon", "HideFastUserSwitching", "computer", _SYSTEM, "HideFastUserSwitching"),
    switch("Logon", "DontDisplayNetworkSelectionUI", "computer", _WINDOWS, "DontDisplayNetworkSelectionUI"),
    switch("Logon", "DontEnumerateConnectedUsers", "computer", _WINDOWS, "DontEnumerateConnectedUsers"),
    switch("Logon", "EnumerateLocalUsers", "computer", _WINDOWS, "EnumerateLocalUsers"),
    switch("Logon", "DisableLockScreenAppNotifications", "computer", _WINDOWS, "DisableLockScreenAppNotifications"),
    switch(
        "Logon",
        "BlockUserFromShowingAccountDetailsOnSignin",
        "computer",
        _WINDOWS,
        "BlockUserFromShowingAccountDetailsOnSignin",
    ),
    # Named after what it allows: disabled is what keeps a session from opening by itself after a restart.
    Policy("AutomaticRestartSignOn", "WinLogon", "computer", _SYSTEM, "DisableAutomaticRestartSignOn", 0, 1),
    switch("WinLogon", "DisplayLastLogonInfoDescription", "computer", _SYSTEM, "DisplayLastLogonInfo"),
    switch("WinLogon", "ReportCachedLogonPolicyDescription", "both", _SYSTEM, "ReportControllerMissing"),
    switch("CredentialProviders", "AllowDomainPINLogon", "computer", _WINDOWS, "AllowDomainPINLogon"),
    switch("CredentialProviders", "BlockDomainPicturePassword", "computer", _WINDOWS, "BlockDomainPicturePassword"),
    switch("CredUI", "EnumerateAdministrators", "computer", _CREDUI, "EnumerateAdministrators"),
    switch(
        "CredUI",
        "DisablePasswordReveal",
        "both",
        r"Software\Policies\Microsoft\Windows\CredUI",
        "DisablePasswordReveal",
    ),
    Policy("EnableSecureCredentialPrompting", "CredUI", "computer", _CREDUI, "EnableSecureCredentialPrompting"),
    Policy("DisableLockComputer", "CtrlAltDel", "user", _SYSTEM, "DisableLockWorkstation"),
    Policy("DisableChangePassword", "CtrlAltDel", "user", _SYSTEM, "DisableChangePassword"),
)

_REMOTE = (
    switch("TerminalServer", "TS_CLIENT_DISABLE_PASSWORD_SAVING_1", "user", _TERMINAL, "DisablePasswordSaving"),
    switch("TerminalServer", "TS_CLIENT_DISABLE_PASSWORD_SAVING_2", "computer", _TERMINAL, "DisablePasswordSaving"),
    # Named after what it allows: connections are denied when it is disabled.
    Policy("TS_DISABLE_CONNECTIONS", "TerminalServer", "computer", _TERMINAL, "fDenyTSConnections", 0, 1),
    switch("TerminalServer", "TS_PASSWORD", "computer", _TERMINAL, "fPromptForPassword"),
    switch("TerminalServer", "TS_CLIENT_DRIVE_M", "computer", _TERMINAL, "fDisableCdm"),
    switch("TerminalServer", "TS_USER_AUTHENTICATION_POLICY", "computer", _TERMINAL, "UserAuthentication"),
    Policy(
        "TS_ENCRYPTION_POLICY",
        "TerminalServer",
        "computer",
        _TERMINAL,
        elements=(Element("TS_ENCRYPTION_LEVEL", "enum", "MinEncryptionLevel", choices=(1, 2, 3), required=True),),
    ),
    switch(
        "LanmanWorkstation",
        "Pol_EnableInsecureGuestLogons",
        "computer",
        r"Software\Policies\Microsoft\Windows\LanmanWorkstation",
        "AllowInsecureGuestAuth",
    ),
)

_MACHINE = (
    Policy(
        "AutoUpdateCfg",
        "WindowsUpdate",
        "computer",
        rf"{_UPDATE}\AU",
        "NoAutoUpdate",
        enabled=0,
        disabled=1,
        elements=(
            Element("AutoUpdateMode", "enum", "AUOptions", choices=(2, 3, 4, 5, 7), required=True),
            Element("AutoUpdateAutomaticMaintenanceEnabled", "boolean", "AutomaticMaintenanceEnabled"),
            Element("AutoUpdateSchDay", "enum", "ScheduledInstallDay", choices=tuple(range(8)), required=True),
            Element("AutoUpdateSchTime", "enum", "ScheduledInstallTime", choices=tuple(range(25)), required=True),
        ),
    ),
    switch(
        "WindowsUpdate",
        "NoAutoRebootWithLoggedOnUsers_Title",
        "computer",
        rf"{_UPDATE}\AU",
        "NoAutoRebootWithLoggedOnUsers",
    ),
    Policy(
        "Autorun",
        "AutoPlay",
        "both",
        _EXPLORER,
        elements=(Element("Autorun_Box", "enum", "NoDriveTypeAutoRun", choices=(181, 255), required=True),),
    ),
    Policy(
        "NoAutorun",
        "AutoPlay",
        "both",
        _EXPLORER,
        elements=(Element("NoAutorun_Dropdown", "enum", "NoAutorun", choices=(1, 2), required=True),),
    ),
    switch(
        "AutoPlay",
        "NoAutoplayfornonVolume",
        "both",
        r"Software\Policies\Microsoft\Windows\Explorer",
        "NoAutoplayfornonVolume",
    ),
    switch("RemovableStorage", "RemovableStorageClasses_DenyAll_Access_2", "computer", _STORAGE, "Deny_All"),
    switch("RemovableStorage", "RemovableDisks_DenyWrite_Access_2", "computer", _DISKS, "Deny_Write"),
    switch("RemovableStorage", "RemovableDisks_DenyRead_Access_2", "computer", _DISKS, "Deny_Read"),
    Policy("NoNetConnectDisconnect", "WindowsExplorer", "user", _EXPLORER, "NoNetConnectDisconnect"),
    Policy(
        "EnableSmartScreen",
        "WindowsExplorer",
        "computer",
        _WINDOWS,
        "EnableSmartScreen",
        disabled=0,
        elements=(
            Element(
                "EnableSmartScreenDropdown", "enum", "ShellSmartScreenLevel", choices=("Block", "Warn"), required=True
            ),
        ),
    ),
)

WINDOWS: tuple[Policy, ...] = (*_PERSONAL, *_LOGON, *_REMOTE, *_MACHINE)
