"""Policies of the browsers' templates: chrome.admx, msedge.admx and firefox.admx. All exist for computers and users."""

from __future__ import annotations

from typing import Any

from ansible.module_utils.ad.group_policy.admx_table import Element, Policy, switch

_KEYS = {
    "chrome": r"Software\Policies\Google\Chrome",
    "msedge": r"SOFTWARE\Policies\Microsoft\Edge",
    "firefox": r"Software\Policies\Mozilla\Firefox",
}


def _switch(browser: str, name: str) -> Policy:
    return switch(browser, name, "both", _KEYS[browser], name)


def _filled(browser: str, name: str, kind: str, **other: Any) -> Policy:
    """A policy of one element, which has the policy's name."""
    return Policy(name, browser, "both", _KEYS[browser], elements=(Element(name, kind, name, required=True, **other),))


#: Chrome's and Edge's templates are made by the same generator: one policy, one value of the same name.
_CHROMIUM = (
    "PasswordManagerEnabled",
    "AutofillAddressEnabled",
    "AutofillCreditCardEnabled",
    "SyncDisabled",
    "SavingBrowserHistoryDisabled",
    "HomepageIsNewTabPage",
)

BROWSERS: tuple[Policy, ...] = (
    *(_switch(browser, name) for browser in ("chrome", "msedge") for name in _CHROMIUM),
    _switch("chrome", "PasswordLeakDetectionEnabled"),
    _switch("chrome", "ImportSavedPasswords"),
    _filled("chrome", "BrowserSignin", "enum", choices=(0, 1, 2)),
    _filled("chrome", "SafeBrowsingProtectionLevel", "enum", choices=(0, 1, 2)),
    _filled("chrome", "HomepageLocation", "text"),
    # "system": the browser takes the machine's proxy, and nobody changes it in the browser.
    _filled("chrome", "ProxyMode", "enum", choices=("direct", "auto_detect", "pac_script", "fixed_servers", "system")),
    _switch("msedge", "ImportSavedPasswords"),
    _switch("msedge", "SmartScreenEnabled"),
    _switch("msedge", "PreventSmartScreenPromptOverride"),
    _filled("msedge", "BrowserSignin", "enum", choices=(0, 1, 2)),
    _filled("msedge", "HomepageLocation", "text"),
    _filled("msedge", "ProxyMode", "enum", choices=("direct", "auto_detect", "pac_script", "fixed_servers", "system")),
    _switch("firefox", "PasswordManagerEnabled"),
    _switch("firefox", "OfferToSaveLogins"),
    _switch("firefox", "OfferToSaveLoginsDefault"),
    _switch("firefox", "PrimaryPassword"),
    _switch("firefox", "DisablePasswordReveal"),
    _switch("firefox", "DisableFormHistory"),
    _switch("firefox", "DisableFirefoxAccounts"),
    _switch("firefox", "BlockAboutConfig"),
    switch("firefox", "Proxy_Locked", "both", rf"{_KEYS['firefox']}\Proxy", "Locked"),
    Policy(
        "Proxy_ConnectionType",
        "firefox",
        "both",
        rf"{_KEYS['firefox']}\Proxy",
        elements=(
            Element(
                "Proxy_ConnectionType",
                "enum",
                "Mode",
                choices=("none", "system", "manual", "autoDetect", "autoConfig"),
                required=True,
            ),
        ),
    ),
)
