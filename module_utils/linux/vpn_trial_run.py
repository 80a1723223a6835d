"""Remote access as it is tried from its ends: a laptop outside, the gateway, a server behind it, and the peer."""

from __future__ import annotations

import contextlib
import shlex
import tempfile
import time
from typing import Any

from ansible.module_utils.ad.connection import Credentials, open_directory
from ansible.module_utils.firewall.probe_agent import Host
from ansible.module_utils.linux import vpn_access, vpn_oath, vpn_trial
from ansible.module_utils.linux.vpn_authority import Authority, foreign
from ansible.module_utils.linux.vpn_profile import Service


def host_of(given: dict[str, Any], name: str) -> Host:
    """How one of the hosts is reached."""
    arguments = [*shlex.split(given["ssh_arguments"]), "-o", "BatchMode=yes", "-o", "ConnectTimeout=10"]
    ssh = ("ssh", *arguments, "-l", given["ssh_user"])
    return Host(name, given[name]["name"], given[name]["address"], (*ssh, given[name]["address"]))


def ask_peer(given: dict[str, Any]) -> dict[str, Any]:
    """Whether the peer answers a server through the tunnel and beside it; empty when that is not to be tried."""
    if not (given["server_host"] and given["peer_address"] and given["peer_clear_address"]):
        return {}
    with contextlib.closing(Ending(host_of(given, "server_host"), vpn_access)) as server:
        targets = [
            {"address": address, "port": given["peer_port"], "any": True}
            for address in (given["peer_address"], given["peer_clear_address"])
        ]
        tunnel, clear = (each["reached"] for each in server.ask(do="reach", targets=targets)["reached"])
    passed = []
    if given["peer_host"]:
        with contextlib.closing(Ending(host_of(given, "peer_host"), vpn_access)) as peer:
            passed = peer.ask(do="refuse", targets=given["refuse"])["reached"]
    return {"tunnel": tunnel, "clear": clear, "passed": passed}


class Ending(vpn_trial.OtherEnd):
    """An end that a with statement closes."""

    def close(self) -> None:
        """End it."""
        self.stop()


def run(given: dict[str, Any]) -> dict[str, Any]:
    """All trials."""
    begin = time.monotonic()
    authority = Authority(given["authority_dir"])
    with open(f"{given['profiles_dir']}/people.tls-crypt", encoding="ascii") as file:
        shared = file.read()
    # The oldest version is left to each attempt: the gateway is to refuse, not the client.
    service = Service(given["remote"], given["port"], given["server_name"], 1.0, authority.text, shared, challenge="?")
    targets = [vpn_trial.file_server(given["file_server"]), vpn_trial.web_filter(**given["proxy"])]
    trial = vpn_trial.Trial(service, given["domain"], targets, given["refuse"], given["names"])
    place = vpn_trial.Place(given["secrets_file"], given["failures_dir"])
    with contextlib.ExitStack() as stack:
        laptop = stack.enter_context(contextlib.closing(Ending(host_of(given, "laptop"), vpn_access)))
        gateway = stack.enter_context(contextlib.closing(Ending(host_of(given, "gateway"), vpn_oath)))
        directory = stack.enter_context(open_directory(Credentials.from_arguments(given)))
        folder = stack.enter_context(tempfile.TemporaryDirectory(prefix="garant-"))
        in_clear = laptop.ask(do="reach", targets=targets)["reached"]
        account = stack.enter_context(vpn_trial.prepared(directory, given["account"], [given["group"]]))
        give = stack.enter_context(vpn_trial.second_factor(gateway, place, given["account"]))
        attempts = vpn_trial.Trials(trial, laptop, account, authority, foreign(folder)).all(give)
    duration = round(time.monotonic() - begin, 1)
    return {"attempts": attempts, "in_clear": in_clear, "peer": ask_peer(given), "duration": duration}
