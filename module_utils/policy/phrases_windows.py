"""What is observed of Windows workstations in words, in English and in French: see phrases."""

from __future__ import annotations

WINDOWS_PHRASES: dict[str, tuple[str, str]] = {
    "usb_open": ("storage can be plugged in", "un support de stockage peut être branché"),
    "usb_input_blocked": ("keyboards and mice are blocked too", "claviers et souris sont bloqués aussi"),
    "usb_exception_over": (
        "storage can be plugged in, by an exception that ended on {}",
        "un support de stockage peut être branché, par une exception échue le {}",
    ),
    "windows_antivirus_none": ("there is no antivirus", "il n'y a pas d'antivirus"),
    "windows_antivirus_off": ("no antivirus is at work", "aucun antivirus n'est actif"),
    "windows_antivirus_stale": (
        "the antivirus says that its signatures are old",
        "l'antivirus dit que ses signatures sont anciennes",
    ),
    "updates_not_automatic": (
        "updates are not installed by themselves",
        "les mises à jour ne s'installent pas d'elles-mêmes",
    ),
    "updates_service_off": ("the service of updates is disabled", "le service des mises à jour est désactivé"),
    "windows_firewall_domain": ("off in the house's network", "coupé dans le réseau de la maison"),
    "windows_firewall_private": ("off in a private network", "coupé dans un réseau privé"),
    "windows_firewall_public": ("off in a public network", "coupé dans un réseau public"),
    "support_ended": ("{}: support ended on {}", "{} : support terminé le {}"),
    "licences_short": (
        "{}: {} installed, {} licences",
        "{} : {} installations, {} licences",
    ),
    "autologon": ("a session opens by itself", "une session s'ouvre d'elle-même"),
    "autologon_password": (
        "a password is kept in clear for a session that opens by itself",
        "un mot de passe est gardé en clair pour une session qui s'ouvre d'elle-même",
    ),
    "account_control_off": (
        "programs take all rights of who starts them",
        "un programme prend tous les droits de qui le lance",
    ),
    "installer_elevated": (
        "anybody's setups run with all rights",
        "les installations de n'importe qui se font avec tous les droits",
    ),
    "smb_unsigned_server": ("its folders are served without signatures", "ses dossiers sont servis sans signature"),
    "smb_unsigned_client": ("it opens folders without signatures", "il ouvre des dossiers sans signature"),
    "proxy_per_person": ("each person may choose a proxy", "chacun peut choisir un proxy"),
    "proxy_none": ("no proxy is set", "aucun proxy n'est réglé"),
    "proxy_other": ("another proxy: {}", "un autre proxy : {}"),
    "proxy_script": ("a script sets the way: {}", "un script fixe le chemin : {}"),
    "smb_first_server": ("its folders are still served by SMB 1", "ses dossiers sont encore servis en SMB 1"),
    "smb_first_client": ("it still opens folders by SMB 1", "il ouvre encore des dossiers en SMB 1"),
    "remote_desktop_open": (
        "a session can be opened from afar in place of the user's",
        "une session peut s'ouvrir à distance à la place de celle de l'utilisateur",
    ),
    "remote_shadow": (
        "the screen can be watched without the user's agreement",
        "l'écran peut être suivi sans l'accord de l'utilisateur",
    ),
    "audit_channel_clear": (
        "the audit's channel has no encrypted listener",
        "la voie des contrôles n'a pas d'écoute chiffrée",
    ),
    "audit_channel_http": ("the machine listens over HTTP as well", "le poste écoute aussi en HTTP"),
    "audit_channel_basic": (
        "a password may be sent as it is",
        "un mot de passe peut être envoyé tel quel",
    ),
    "audit_channel_unencrypted": ("unencrypted requests are taken", "les demandes en clair sont acceptées"),
    "reading_closed": ("it is on, and does not listen to the audit", "il est allumé et n'écoute pas les contrôles"),
    "reading_refused": ("it refuses the audit's account", "il refuse le compte des contrôles"),
    "reading_certificate": (
        "its certificate is not one of the house's for its name",
        "son certificat n'est pas celui que la maison a donné à ce nom",
    ),
    "reading_tls": ("it knows no encryption of today", "il ne connaît aucun chiffrement d'aujourd'hui"),
    "reading_odd": ("something else answers in its place", "autre chose répond à sa place"),
}

_STATES: tuple[tuple[str, str], ...] = (
    ("off: nothing answers; the machine is off, absent, or its firewall drops WinRM",
     "éteint : rien ne répond ; le poste est éteint, absent, ou son pare-feu arrête WinRM"),
    ("closed: the machine is on but nothing listens on the port of WinRM over HTTPS",
     "fermé : le poste est allumé, mais rien n'écoute sur le port de WinRM en HTTPS"),
    ("refused: the machine refuses the audit account; check the account, its rights and the clock",
     "refusé : le poste refuse le compte des contrôles ; vérifier le compte, ses droits et l'heure"),
    ("certificate: the machine's certificate is not one that the site's authority gave to this name",
     "certificat : ce n'est pas celui que l'autorité du site a donné à ce nom"),
    ("tls: no version of TLS in common; enable TLS 1.2 on the machine",
     "tls : aucune version de TLS en commun ; activer TLS 1.2 sur le poste"),
    ("late: the machine had not answered everything when its time was over",
     "trop lent : le poste n'avait pas tout répondu dans le temps imparti"),
    ("odd: what answers is not WS-Management", "inattendu : ce qui répond n'est pas WS-Management"),
    ("untried: the first machines refused the audit account, and more attempts would lock it",
     "non essayé : les premiers postes ont refusé le compte des contrôles, d'autres essais le verrouilleraient"),
)  # fmt: skip
#: Why a machine could not be read, as the client of WS-Management words it, with what it adds in brackets and without.
WINDOWS_WITHIN: tuple[tuple[str, str], ...] = (
    *((f"{english} ({{+}})", f"{french} ({{}})") for english, french in _STATES),
    *_STATES,
    ("no connection in time", "pas de connexion dans le temps imparti"),
    ("one answer took too long", "une réponse a trop tardé"),
    ("its name is not known", "son nom est inconnu"),
    ("no way to it", "aucun chemin n'y mène"),
    ("the connection broke off", "la connexion s'est interrompue"),
    ("the domain gives no ticket for it", "le domaine ne donne pas de ticket pour lui"),
    ("it does not prove who it is", "il ne prouve pas qui il est"),
)  # fmt: skip
