#!/usr/bin/python3 -I
"""Compile word lists for password_rules: compile_words.py DESTINATION SOURCE...

Words are folded (no accents, lower case) and sorted. A word that holds a shorter one is left out: whatever contains it
contains the shorter one as well. The list gets ten times smaller, and no word is the beginning of another.
Prints "changed" when the destination was rewritten, "unchanged" when it is newer than all it is made of.

compile_words.py --settings FILE only says whether password_rules can read its settings from FILE.
"""

import os
import sys

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
import password_rules
from password_rules import MIN_WORD, fold

#: A list with fewer words than this is not a dictionary: something went wrong, and it would refuse nothing.
FEWEST = 1000


def words_of(path):
    """The words of a list, one a line, folded; compounds give their parts."""
    with open(path, encoding="utf-8") as file:
        for line in file:
            folded = "".join(character if "a" <= character <= "z" else " " for character in fold(line))
            yield from (word for word in folded.split() if len(word) >= MIN_WORD)


def shortest(words):
    """The words that hold no other one."""
    kept = set()
    for word in sorted(words, key=len):
        size = len(word)
        inside = (word[a:b] for a in range(size) for b in range(a + MIN_WORD, size + 1))
        if not any(part in kept for part in inside):
            kept.add(word)
    return kept


def is_newer(destination, sources):
    """Whether the compiled list is newer than the word lists and the code."""
    try:
        written = os.stat(destination).st_mtime
    except FileNotFoundError:
        return False
    return all(os.stat(path).st_mtime < written for path in (*sources, __file__, password_rules.__file__))


def compile_words(destination, sources):
    """Write the compiled list; True when it differs from what was there."""
    if is_newer(destination, sources):
        return False
    kept = shortest({word for source in sources for word in words_of(source)})
    if len(kept) < FEWEST:
        raise SystemExit(f"{', '.join(sources)}: {len(kept)} words only, not a dictionary")
    compiled = ("\n" + "\n".join(sorted(kept)) + "\n").encode()
    try:
        with open(destination, "rb") as file:
            if file.read() == compiled:
                os.utime(destination)
                return False
    except FileNotFoundError:
        pass
    partial = f"{destination}.new"
    with open(partial, "wb") as file:
        file.write(compiled)
        os.fsync(file.fileno())
    os.chmod(partial, 0o644)
    os.replace(partial, destination)
    return True


def main(arguments):
    """Compile, or look at settings."""
    if arguments[:1] == ["--settings"]:
        password_rules.read_settings(arguments[1])
        return
    print("changed" if compile_words(arguments[0], arguments[1:]) else "unchanged")


if __name__ == "__main__":
    main(sys.argv[1:])
