"""What Samba's own code reads in the files of a policy; runs where python3-samba is, with the files on its input.

Input is JSON, {name: base64}; output is JSON, {name: what was read}. The kind of a file is told by its ending.
"""

from __future__ import annotations

import base64
import json
import sys
import tempfile
from pathlib import Path

from samba.dcerpc import preg, security
from samba.gp.gp_drive_maps_ext import gp_drive_maps_user_ext
from samba.gp.gp_sec_ext import gp_krb_ext
from samba.gp_parse.gp_inf import GptTmplInfParser
from samba.gp_parse.gp_ini import GPScriptsIniParser, GPTIniParser
from samba.ndr import ndr_pack, ndr_unpack


def registry(raw):
    found = ndr_unpack(preg.file, raw)
    return [
        [
            each.keyname,
            each.valuename,
            each.type,
            each.size,
            each.data.hex() if isinstance(each.data, bytes) else each.data,
        ]
        for each in found.entries
    ]


def template(raw):
    """As the parser of backups reads it, and as the extension that applies it does."""
    parser = GptTmplInfParser()
    parser.parse(raw)
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder, "GptTmpl.inf")
        file.write_bytes(raw)
        applied = gp_krb_ext.read(gp_krb_ext, str(file))
    return {
        "sections": {
            name: each.param_list for name, each in parser.sections.items() if getattr(each, "param_list", None)
        },
        "applied": {name: dict(applied.items(name, raw=True)) for name in applied.sections()},
    }


def drives(raw):
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder, "USER/Preferences/Drives/Drives.xml")
        file.parent.mkdir(parents=True)
        file.write_bytes(raw)
        extension = gp_drive_maps_user_ext.__new__(gp_drive_maps_user_ext)
        root = extension.read(str(file))
        policy = type("Policy", (), {"file_sys_path": folder})
        extension.parse = lambda _path: root
        mounted = extension.rsop(policy)
    return {
        "items": [
            {
                **each.find("Properties").attrib,
                "groups": [
                    [one.get("bool"), one.get("sid"), one.get("name")] for one in each.findall("Filters/FilterGroup")
                ],
            }
            for each in root.findall("Drive")
        ],
        "mounted": mounted,
    }


def scripts(raw):
    parser = GPScriptsIniParser()
    parser.encoding = "utf-16"
    parser.parse(raw)
    return {name: parser.ini_conf.items(name, raw=True) for name in parser.ini_conf.sections()}


def version(raw):
    parser = GPTIniParser()
    parser.parse(raw)
    return dict(parser.ini_conf.items("General", raw=True))


def descriptor(raw):
    """As text; and the same bytes when Samba writes it again."""
    found = ndr_unpack(security.descriptor, raw)
    return [found.as_sddl(), ndr_pack(found).hex()]


READERS = {
    ".pol": registry,
    ".inf": template,
    ".xml": drives,
    "scripts.ini": scripts,
    "GPT.INI": version,
    ".sd": descriptor,
}


def main() -> None:
    files = {name: base64.b64decode(text) for name, text in json.load(sys.stdin).items()}
    readings = {}
    for name, raw in files.items():
        read = next(reader for ending, reader in READERS.items() if name.endswith(ending))
        readings[name] = read(raw)
    json.dump(readings, sys.stdout, ensure_ascii=True, indent=1, sort_keys=True)


main()
