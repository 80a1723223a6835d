"""Why a fact of a Windows workstation is missing, in English and in French: see phrases.

What the readers of facts say (module_utils/windows), Windows' own refusals (module_utils/wsman), and what an audit does not
know of a machine besides. What is more particular comes first.
"""

from __future__ import annotations

_UNKNOWN = "refusé avec un code qui n'est pas connu ici"
_REFUSALS: tuple[tuple[str, str], ...] = (
    ("access_denied: access denied; give the audit account the rights of a local administrator",
     "accès refusé ; donner au compte des contrôles les droits d'administrateur du poste"),
    ("not_here: this release or edition of Windows does not have it",
     "cette version ou cette édition de Windows ne l'a pas"),
    ("bad_query: this release of Windows does not know one of the columns",
     "cette version de Windows ne connaît pas l'une des colonnes"),
    ("not_found: Windows finds no such instance", "Windows ne trouve rien de tel"),
    ("too_slow: Windows did not answer within the time it was given",
     "Windows n'a pas répondu dans le temps imparti"),
    ("busy: Windows has too many operations open; read it again later",
     "Windows a trop d'opérations en cours ; à relever plus tard"),
    ("no_shell: the shell is gone", "l'interpréteur de commandes a disparu"),
    ("unknown: refused with a code that is not known here", _UNKNOWN),
)  # fmt: skip
WINDOWS_UNREAD: tuple[tuple[str, str], ...] = (
    # Of a code that is not known, what Windows itself says comes with it.
    ("unknown: refused with a code that is not known here: {}", f"{_UNKNOWN} : {{}}"),
    ("unknown: refused with a code that is not known here {}", f"{_UNKNOWN} {{}}"),
    *((f"{english} ({{}})", f"{french} ({{}})") for english, french in _REFUSALS),
    *_REFUSALS,
    # The machine and its Windows.
    ("this release of Windows does not say how it was started", "cette version de Windows ne dit pas comment elle démarre"),
    ("this release of Windows has no such profile", "cette version de Windows n'a pas ce profil"),
    ("this release of Windows keeps no {}", "cette version de Windows ne garde pas {}"),
    ("the machine does not say what its case is", "le poste ne dit pas quel est son boîtier"),
    ("the machine does not say whose WinRM answers", "le poste ne dit pas de qui est le WinRM qui répond"),
    ("the machine has no security chip that is switched on", "le poste n'a pas de puce de sécurité en service"),
    ("the machine lists no memory module", "le poste ne cite aucune barrette de mémoire"),
    ("the machine lists no processor", "le poste ne cite aucun processeur"),
    ("Architecture {} is not known here", "l'architecture {} n'est pas connue ici"),
    ("Windows does not say whether Secure Boot is on", "Windows ne dit pas si le démarrage sécurisé est actif"),
    ("Windows lists no administrator, and there is always one",
     "Windows ne cite aucun administrateur, or il y en a toujours un"),
    ("Windows lists no local account, and there is always one",
     "Windows ne cite aucun compte du poste, or il y en a toujours un"),
    ("Windows lists no licence of its own; it has no product key",
     "Windows ne cite aucune licence : il n'a pas de clé de produit"),
    ("Windows lists no update with its day", "Windows ne cite aucune mise à jour avec son jour"),
    ("Windows lists no volume that can be encrypted", "Windows ne cite aucun volume qui puisse être chiffré"),
    ("Windows lists no volume with a size", "Windows ne cite aucun volume qui ait une taille"),
    ("Windows lists no {}", "Windows ne dit rien de « {} »"),
    ("Windows lists none of the services that were asked for", "Windows ne cite aucun des services demandés"),
    ("Windows leaves {} empty", "Windows laisse {} vide"),
    # People and their settings.
    ("nobody's session is open, and these settings are those of a person",
     "aucune session n'est ouverte, et ces réglages sont ceux d'une personne"),
    ("people who are logged on have different settings of the proxy",
     "les personnes connectées n'ont pas toutes le même proxy"),
    ("people who are logged on have different settings of the automatic proxy",
     "les personnes connectées n'ont pas toutes le même proxy automatique"),
    ("no account has the SID of the guest", "aucun compte n'a le SID de l'invité"),
    ("the group has {} members", "le groupe a {} membres"),
    ("{} of the administrators' group cannot be written in a query: {}",
     "{} du groupe des administrateurs ne s'écrit pas dans une requête : {}"),
    ("a member of the group came without a reference", "un membre du groupe est venu sans référence"),
    # Settings.
    ("neither policy nor machine say whether the firewall is on with this profile",
     "ni la stratégie ni le poste ne disent si le pare-feu est actif avec ce profil"),
    ("neither policy nor machine say whether Remote Desktop is taken",
     "ni la stratégie ni le poste ne disent si le Bureau à distance est admis"),
    ("neither policy nor machine say whether Remote Desktop asks first",
     "ni la stratégie ni le poste ne disent si le Bureau à distance demande d'abord qui vient"),
    ("automatic updates were never set on this machine",
     "les mises à jour automatiques n'ont jamais été réglées sur ce poste"),
    ("no listener of WinRM is written in the registry", "aucune écoute de WinRM n'est inscrite au registre"),
    ("LmCompatibilityLevel {} means nothing", "LmCompatibilityLevel {} n'a pas de sens"),
    ("{} is not set up on this machine", "{} n'est pas installé sur ce poste"),
    # Programs.
    ("the listing of programs is empty, which it never is", "la liste des programmes est vide, ce qu'elle n'est jamais"),
    ("the listing of programs ({}) ended with {}", "la liste des programmes ({}) s'est terminée par {}"),
    ("SOFTWARE\\{} is not there", "SOFTWARE\\{} n'existe pas"),
    # Values.
    ("the dates of InstalledOn contradict each other: {}", "les dates d'InstalledOn se contredisent : {}"),
    ("{} is no number: {}", "{} n'est pas un nombre : {}"),
    ("{} is neither true nor false: {}", "{} n'est ni vrai ni faux : {}"),
    ("{} is no date: {}", "{} n'est pas une date : {}"),
    ("{} has another type", "{} est d'une autre sorte"),
    # What an audit knows besides.
    ("workstation_reading: partly", "le poste a cessé de répondre en chemin"),
    ("workstation.encryption (no volume of the machine's own)", "aucun volume n'est propre au poste"),
    ("workstation_register.editions: {} is not in the table", "l'édition {} de Windows n'est pas dans la table"),
    ("workstation_register.releases: build {} is not in the table", "la version {} de Windows n'est pas dans la table"),
    ("workstation_register.office: {} is not in the table", "la suite {} n'est pas dans la table"),
    ("workstation_register.licences: {}: {} installed, {} licences, and {} machines were not read",
     "{} : {} installations, {} licences, et {} postes n'ont pas été relevés"),
    ("workstation{}: {} is not a date", "workstation{} : {} n'est pas une date"),
    ("workstation{} (empty)", "workstation{} (vide)"),
)  # fmt: skip
