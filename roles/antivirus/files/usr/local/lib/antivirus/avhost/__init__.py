"""The antivirus of a host: what keeps its signatures fresh, tries it, searches with it, and sets aside what it finds."""
