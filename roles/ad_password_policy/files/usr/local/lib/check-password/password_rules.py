"""Judge a new password: classes of characters, names, banned words, keyboard walks, dictionary.

Samba runs this once for each password set on a domain controller, so it starts fast: nothing is imported that is
not needed, the dictionary is searched in place and never loaded. Whatever cannot be judged is refused. The log says
who, what was decided and why; it never holds the password, nor anything computed from it.
"""

import mmap
import os
import sys
import time
import unicodedata

DATA = "/var/lib/check-password/words"
SETTINGS = "/etc/samba/check-password.conf"
LOG = "/var/log/samba/check-password.log"

#: Longest password judged, in bytes. Nobody types more, and the cost of a call stays bounded.
MAX_BYTES = 1024
#: Shortest dictionary word, part of a name and banned word that count.
MIN_WORD, MIN_NAME, MIN_BANNED = 5, 3, 3
#: A walk is this many keys in one line, or short runs that add up to so many.
WALK_KEYS, RUN_KEYS, RUNS_TOTAL = 5, 3, 6

LIGATURES = str.maketrans({"œ": "oe", "æ": "ae", "ß": "ss", "ø": "o", "đ": "d", "ł": "l", "ı": "i"})
#: Characters written for letters. "1", "!" and "|" stand for i or for l: both readings are judged.
LEET = [str.maketrans("03€4@5$7+8961!|", "oeeaassttbgg" + 3 * letter) for letter in "il"]

#: The rows of two keyboards, plain and with Shift, so that a walk with Shift held in the middle is seen too.
AZERTY = (
    ("&é\"'(-è_çà)=", "1234567890°+"),
    ("azertyuiop^$", "AZERTYUIOP¨£"),
    ("qsdfghjklmù*", "QSDFGHJKLM%µ"),
    ("wxcvbn,;:!", "WXCVBN?./§"),
)
QWERTY = (
    ("1234567890-=", "!@#$%^&*()_+"),
    ("qwertyuiop[]", "QWERTYUIOP{}"),
    ("asdfghjkl;'", 'ASDFGHJKL:"'),
    ("zxcvbnm,./", "ZXCVBNM<>?"),
)
LINES = ((0, 1), (0, -1), (0, 0), (1, 0), (-1, 0))


class CannotJudgeError(Exception):
    """Something this needs is missing or damaged."""


def fold(text):
    """Lower case, without accents or ligatures."""
    if not text.isascii():
        text = unicodedata.normalize("NFKD", text.lower().translate(LIGATURES))
        text = "".join(character for character in text if not unicodedata.combining(character))
    return text.lower()


def readings(text):
    """A text as written and as it reads when digits and signs stand for letters."""
    folded = fold(text)
    return {folded, *(folded.translate(table) for table in LEET)}


def compact(text):
    """A text without what is put between letters to hide a word."""
    return "".join(character for character in text if character.isalnum())


def count_classes(password):
    """How many of the four classes are there: lower case, upper case, digits, anything else."""
    return sum(
        any(test(character) for character in password)
        for test in (str.islower, str.isupper, str.isdigit, lambda character: not character.isalnum())
    )


def name_parts(environment):
    """The parts of the account's names that must not be in its password."""
    account = environment.get("SAMBA_CPS_ACCOUNT_NAME", "")
    principal = environment.get("SAMBA_CPS_USER_PRINCIPAL_NAME", "").partition("@")[0]
    parts = set()
    for name in (account, principal, environment.get("SAMBA_CPS_FULL_NAME", "")):
        folded = fold(name)
        parts.add(compact(folded))
        parts.update("".join(c if c.isalnum() else " " for c in folded).split())
    return {part for part in parts if len(part) >= MIN_NAME}


def is_keyboard_walk(password):
    """Whether the password follows the rows or columns of a keyboard, or holds one key down."""
    for rows in (AZERTY, QWERTY):
        keys = {
            character: (row, column)
            for row, variants in enumerate(rows)
            for variant in variants
            for column, character in enumerate(variant)
        }
        places = [keys.get(character) for character in password]
        runs = [run for line in LINES for run in runs_along(line, places)]
        if max(runs, default=0) >= WALK_KEYS or sum(run for run in runs if run >= RUN_KEYS) >= RUNS_TOTAL:
            return True
    return False


def runs_along(line, places):
    """Lengths of the runs of keys that follow each other in one direction."""
    run, before = 1, None
    for place in places:
        if before and place and (place[0] - before[0], place[1] - before[1]) == line:
            run += 1
        else:
            yield run
            run = 1
        before = place
    yield run


class Dictionary:
    """The compiled words: sorted, one a line, none inside another (see compile_words), so that one bisection tells
    whether a word starts at a given place: it can only be the last one that is not after the text."""

    def __init__(self, path):
        with open(path, "rb") as file:
            self._words = mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)
        if len(self._words) < MIN_WORD + 2 or self._words[:1] != b"\n" or self._words[-1:] != b"\n":
            raise CannotJudgeError(path)

    def has_word_at_start(self, text):
        """Whether text, in bytes, begins with a word."""
        words, low, high = self._words, 0, len(self._words) - 1
        while low < high:  # low and high are always at the end of a line
            start = words.rfind(b"\n", 0, (low + high) // 2 + 1)
            end = words.find(b"\n", start + 1)
            if words[start + 1 : end] <= text:
                low = end
            else:
                high = start
        found = words[words.rfind(b"\n", 0, low) + 1 : low] if low else b""
        return bool(found) and text.startswith(found)

    def has_word_in(self, text):
        """Whether a word is anywhere in the text."""
        return any(
            self.has_word_at_start(run[start:])
            for run in "".join(c if "a" <= c <= "z" else " " for c in text).encode().split()
            for start in range(len(run) - MIN_WORD + 1)
        )


def read_settings(path):
    """The number of classes required and the banned words; the last line says that the file is whole."""
    with open(path, encoding="utf-8") as file:
        lines = [line.rstrip("\n") for line in file if line.strip() and not line.startswith("#")]
    pairs = [line.partition("=") for line in lines[:-1]]
    classes = [value for name, _, value in pairs if name == "required_classes"]
    banned = [value for name, _, value in pairs if name == "banned"]
    if not lines or lines[-1] != "end" or len(classes) != 1 or len(pairs) != len(banned) + 1:
        raise CannotJudgeError(path)
    if any(len(word) < MIN_BANNED for word in banned):
        raise CannotJudgeError(path)
    return int(classes[0]), banned


def judge(password, environment, settings, dictionary):
    """The reason why a password is refused; None when it is accepted."""
    required_classes, banned = settings
    plain = readings(password)
    texts = plain | {compact(text) for text in plain}
    reasons = {
        "malformed": lambda: not password or has_control_characters(password),
        "character_classes": lambda: count_classes(password) < required_classes,
        "own_name": lambda: any(part in text for part in name_parts(environment) for text in texts),
        "banned_word": lambda: any(word in text for entry in banned for word in readings(entry) for text in texts),
        "keyboard_walk": lambda: is_keyboard_walk(password),
        "dictionary": lambda: any(dictionary.has_word_in(text) for text in plain),
    }
    return next((reason for reason, holds in reasons.items() if holds()), None)


def has_control_characters(text):
    """Whether a text has what no keyboard types: ends of lines, NUL and their like."""
    return any(unicodedata.category(character) == "Cc" for character in text)


def read_password(stream):
    """The password from standard input, without the line end that a person who tries by hand adds."""
    raw = stream.read(MAX_BYTES + 1)
    if len(raw) > MAX_BYTES:
        return ""
    try:
        return raw.decode("utf-8").removesuffix("\n")
    except UnicodeDecodeError:
        return ""


def write_log(path, environment, decision):
    """One line, only its owner reads it. Samba does not depend on it: a full disk locks nobody out."""
    account = environment.get("SAMBA_CPS_ACCOUNT_NAME", "").encode("ascii", "replace").decode()
    account = "".join(c if c.isalnum() or c in "._-$" else "?" for c in account)[:64] or "-"
    line = f"{time.strftime('%Y-%m-%dT%H:%M:%SZ', time.gmtime())} account={account} {decision}\n"
    try:
        descriptor = os.open(path, os.O_WRONLY | os.O_APPEND | os.O_CREAT | os.O_NOFOLLOW, 0o600)
        try:
            os.write(descriptor, line.encode())
        finally:
            os.close(descriptor)
    except OSError:
        sys.stderr.write(f"{path} cannot be written\n")


def main(data=DATA, settings=SETTINGS, log=LOG):
    """Exit status: 0 accepts, 1 refuses."""
    try:
        reason = judge(read_password(sys.stdin.buffer), os.environ, read_settings(settings), Dictionary(data))
    except Exception as error:  # whatever it is, the password was not judged
        reason = f"unavailable:{type(error).__name__}"
    write_log(log, os.environ, f"decision=refused reason={reason}" if reason else "decision=accepted")
    if reason:
        sys.stderr.write(f"{reason}\n")
    return 1 if reason else 0
