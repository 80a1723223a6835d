"""What goes with the verdicts of the invented site: a waiver, the law, attestations, contradictions, earlier runs."""

from __future__ import annotations

from typing import Any

Record = dict[str, Any]

WAIVER: Record = {
    "control": "filter_log_retention",
    "hosts": ["dc1"],
    "accepted": {"at_most": 365},
    "reason": "Le nouveau filtre, qui efface plus tôt, arrive en janvier ; d'ici là le journal est gardé un an.",
    "owner": "Responsable informatique",
    "approver": "La direction",
    "until": "2027-01-15",
    "refused": None,
}
LEGAL: list[Record] = [
    {
        "id": "security",
        "reference": "RGPD, art. 32",
        "text": "Les données personnelles sont protégées à la mesure du risque.",
        "text_en": "Personal data is protected in proportion to the risk.",
        "verdict": "fail",
        "items": [
            {
                "id": "offsite_copy",
                "title": "Une copie est gardée hors du site",
                "title_en": "A copy is kept off site",
                "verdict": "fail",
            },
            {
                "id": "disk_encryption",
                "title": "Le disque d'un portable est chiffré",
                "title_en": "A laptop's disk is encrypted",
                "verdict": "pass",
            },
        ],
    },
    {
        "id": "notice",
        "reference": "C. trav. art. L1222-4",
        "text": "Chacun est informé avant la mise en service d'un dispositif de contrôle.",
        "text_en": "Everybody is told before a means of monitoring is put into service.",
        "verdict": "pass",
        "items": [
            {
                "id": "notices",
                "title": "Notes d'information individuelles",
                "title_en": "Individual notices",
                "verdict": "pass",
            }
        ],
    },
    {
        "id": "register",
        "reference": "RGPD, art. 30",
        "text": "Un registre des traitements est tenu.",
        "text_en": "A register of processing is kept.",
        "verdict": "not_evaluated",
        "items": [],
    },
]
ATTESTATIONS: list[Record] = [
    {
        "id": "notices",
        "title": "Notes d'information individuelles",
        "title_en": "Individual notices",
        "owner": "Direction",
        "verdict": "pass",
        "demands": "Une note datée par personne.",
        "signed_on": "2026-01-10",
        "until": "2027-01-09",
        "reason": "",
        "reason_en": "",
    },
    {
        "id": "key_register",
        "title": "Registre des clés",
        "title_en": "Register of keys",
        "owner": "Direction",
        "verdict": "fail",
        "demands": "Qui détient quelle clé.",
        "signed_on": "2025-05-02",
        "until": "2026-05-01",
        "reason": "Plus valable depuis le 1er mai 2026.",
        "reason_en": "Expired on 1 May 2026.",
    },
    {
        "id": "processing_register",
        "title": "Registre des traitements",
        "title_en": "Register of processing",
        "owner": "Direction",
        "verdict": "not_evaluated",
        "demands": "Un registre à jour.",
        "signed_on": None,
        "until": None,
        "reason": "Pièce non fournie.",
        "reason_en": "Not supplied.",
    },
]
CONTRADICTIONS: list[Record] = [
    {
        "id": "C01",
        "subject": {"fr": "Durée de vie du mot de passe", "en": "Lifetime of the password"},
        "says": {
            "provider": {"rules": ["P-012"], "says": "le trimestre"},
            "insurer": {"rules": ["I-004"], "says": "deux semaines"},
        },
        "settled": {
            "fr": "90 jours : le trimestre est tenu, les deux semaines sont écartées.",
            "en": "90 days: the quarter is kept, the two weeks are set aside.",
        },
    },
]
HISTORY: list[Record] = [
    {
        "run": when,
        "finished_at": f"{when}T06:50:00+00:00",
        "counts": {"pass": p, "fail": f, "waived": w, "not_evaluated": n, "not_applicable": 1},
        "rules": {"pass": p, "fail": f, "waived": w, "not_evaluated": n, "not_applicable": 1},
    }
    for when, p, f, w, n in [
        ("2026-06-19", 14, 17, 0, 7),
        ("2026-07-17", 19, 13, 0, 7),
        ("2026-08-21", 24, 9, 1, 5),
        ("2026-09-18", 27, 7, 1, 4),
        ("2026-10-16", 31, 5, 1, 2),
        ("2026-11-13", 32, 5, 0, 2),
    ]
]
IDLE: list[Record] = [
    {
        **WAIVER,
        "control": "mailbox_quota",
        "hosts": ["serveur-fichiers"],
        "accepted": {"at_most": 8},
        "reason": "Migration de la messagerie en cours.",
        "state": "unused",
        "until": "2026-12-31",
    },
]
EXTRAS: Record = {
    "legal": LEGAL,
    "attestations": ATTESTATIONS,
    "contradictions": CONTRADICTIONS,
    "history": HISTORY,
    "idle_waivers": IDLE,
}
