"""What is broken on purpose on the lists of the web filter. People's sites stay open and closed as they were.

The running matcher is left alone: what it is asked with stays, but for domains of one category that no probe asks for.
Lists and canaries are asked for by the names that the canary has, which every sabotage but its own leaves there.
"""

from __future__ import annotations

from tests.compliance.sabotages import Sabotage, breaks

GATEWAY = "gateways"
FOLDER = "/var/lib/web-filter"
SETTINGS = "/etc/web-filter/config.json"
HELPER = "/usr/local/lib/web-filter/webfilter/helper.py"
DAYS_OF_YEARS = 4000
#: A category that every charter of ours closes, and that no other category shares a list with.
CATEGORY = "drugs"


def python(*lines: str) -> str:
    """A shell command of several lines of Python."""
    return "python3 -c '" + "\n".join(lines) + "'"


def dates_back(what: str) -> str:
    """A shell command that makes a time in the state very old."""
    return python(
        "import json",
        f'path = "{FOLDER}/state.json"',
        "state = json.load(open(path))",
        f"{what} -= {DAYS_OF_YEARS} * 86400",
        'json.dump(state, open(path, "w"))',
    )


#: Another file takes the place of the database, as Squid's matcher has the one in force open.
EMPTIES = python(
    "import os, shutil, sqlite3",
    f'path = os.path.realpath("{FOLDER}/current/categories.sqlite")',
    'shutil.copy(path, path + ".x")',
    'database = sqlite3.connect(path + ".x")',
    f"bits = database.execute(\"SELECT list FROM categories WHERE name = '{CATEGORY}'\").fetchall()",  # noqa: S608
    "for bit, in bits:",
    '    database.execute("DELETE FROM domains WHERE lists & ? AND name NOT IN (SELECT name FROM canary)", (1 << bit,))',
    "database.commit()",
    'os.replace(path + ".x", path)',
).replace(f"'{CATEGORY}'", f"'\"'\"'{CATEGORY}'\"'\"'")

WEB_FILTER_SABOTAGES: tuple[Sabotage, ...] = (
    breaks("web_categories", GATEWAY, EMPTIES, "web_categories", "web_lists_whole"),
    # The lists go on refusing the names they have; the canary asks for others.
    breaks("web_canary", GATEWAY, f'sed -i \'s/"canary_domain": "/&elsewhere./\' {SETTINGS}'),
    breaks(
        "web_canary_age",
        GATEWAY,
        "systemctl disable --now web-filter-canary.timer && " + dates_back('state["canary"]["at"]'),
    ),
    breaks("web_lists_fresh", GATEWAY, dates_back('next(iter(state["lists"].values()))["accepted_at"]')),
    breaks("web_list_updates", GATEWAY, "systemctl disable --now web-filter-update.timer"),
    # Squid's own matcher was started before and stays as it was.
    breaks(
        "web_filter_without_lists",
        GATEWAY,
        f'sed -i \'s/return f"BH message=.*/return "OK category_=none"/\' {HELPER}',
    ),
    breaks(
        "web_broken_lists",
        GATEWAY,
        f'sed -i \'s/"greatest_loss_percent": [0-9]*/"greatest_loss_percent": 100/\' {SETTINGS}',
    ),
)
