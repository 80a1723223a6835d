"""Who a client is: Basic, NTLM for good, Kerberos with a context that plays the library."""

from __future__ import annotations

import base64

import pytest
import spnego

from tests.unit.winrm_park.park_samples import LOGIN, PASSWORD
from tests.winrm_park import ProfileError, sign_in
from tests.winrm_park.sign_in import Accounts, SignIn


@pytest.fixture
def accounts(tmp_path):
    return Accounts({LOGIN: PASSWORD}, "EXAMPLE", "example.lan", tmp_path)


def made(accounts, **more):
    return SignIn(accounts, "pc-1.example.lan", **more)


def basic(user, password):
    return "Basic " + base64.b64encode(f"{user}:{password}".encode()).decode()


def ntlm(server, user, password, scheme="Negotiate"):
    """A whole handshake of NTLM; the last outcome."""
    client = spnego.client(user, password, hostname="pc-1", service="HTTP", protocol="ntlm")
    token, outcome = client.step(), None
    while token:
        outcome = server.step(f"{scheme} {base64.b64encode(token).decode()}")
        answer = next((each for each in outcome.headers if each.startswith(f"WWW-Authenticate: {scheme} ")), "")
        if outcome.account or not answer:
            return outcome
        token = client.step(base64.b64decode(answer.rpartition(" ")[2]))
    return outcome


@pytest.mark.parametrize("user", [LOGIN, f"EXAMPLE\\{LOGIN}", f"{LOGIN}@example.lan", LOGIN.upper()])
def test_the_right_password_signs_in_by_basic_and_by_ntlm(accounts, user):
    assert made(accounts).step(basic(user, PASSWORD)).account == LOGIN
    assert ntlm(made(accounts), user, PASSWORD).account == LOGIN


@pytest.mark.parametrize(
    ("user", "password"), [(LOGIN, "wrong"), ("somebody", PASSWORD), (LOGIN, ""), ("OTHER\\audit", PASSWORD)]
)
def test_any_other_password_or_login_is_refused_by_ntlm(accounts, user, password):
    outcome = ntlm(made(accounts), user, password or "x")
    assert (outcome.account, outcome.refused) == (None, True)


@pytest.mark.parametrize("header", [basic(LOGIN, "wrong"), basic("somebody", PASSWORD), basic("", ""), "Basic ###"])
def test_any_other_password_or_login_is_refused_by_basic(accounts, header):
    assert made(accounts).step(header).account is None


def test_a_sign_in_by_ntlm_lasts_as_long_as_the_connection_and_by_basic_for_one_request(accounts):
    server = made(accounts)
    ntlm(server, LOGIN, PASSWORD)
    assert server.step("").account == LOGIN
    server = made(accounts)
    server.step(basic(LOGIN, PASSWORD))
    assert server.step("").account is None


@pytest.mark.parametrize("header", ["", "Digest abc", "Negotiate", "Negotiate !!", "Negotiate AAAA", "Kerberos AAAA"])
def test_what_is_no_sign_in_gets_the_list_of_what_is_taken(accounts, header):
    outcome = made(accounts).step(header)
    assert outcome.account is None
    assert outcome.headers == ('WWW-Authenticate: Basic realm="WSMAN"', "WWW-Authenticate: Negotiate")


def test_basic_can_be_switched_off(accounts):
    assert made(accounts, allowed=("negotiate",)).step(basic(LOGIN, PASSWORD)).account is None


def test_the_file_of_passwords_is_ours_alone(accounts):
    assert accounts.file.stat().st_mode & 0o777 == 0o600


@pytest.mark.parametrize("pair", [("a:b", "x"), ("a", "x:y"), ("a", "x\ny")])
def test_a_password_that_would_break_the_file_is_refused(tmp_path, pair):
    with pytest.raises(ProfileError, match="no colon"):
        Accounts(dict([pair]), "EXAMPLE", "example.lan", tmp_path)


class Ticket:
    """What the library of Kerberos would be: one step, then the principal."""

    def __init__(self, **asked):
        self.asked, self.complete, self.client_principal = asked, False, "audit@EXAMPLE.LAN"

    def step(self, raw):
        if raw != b"ticket":
            raise ValueError("no ticket")
        self.complete = True
        return b"mutual"


def test_kerberos_signs_in_with_a_ticket_for_http_on_this_host(accounts):
    contexts = []

    def new(**asked):
        contexts.append(Ticket(**asked))
        return contexts[-1]

    server = made(accounts, allowed=("kerberos",), new_context=new)
    assert server.step("Kerberos " + base64.b64encode(b"ticket").decode()).account == LOGIN
    assert contexts[0].asked == {"hostname": "pc-1.example.lan", "service": "HTTP", "protocol": "kerberos"}
    refused = server.step("Kerberos " + base64.b64encode(b"forged").decode())
    assert (refused.account, refused.refused) == (None, True)


def test_a_keytab_without_the_library_or_without_a_file_is_one_sentence(tmp_path, monkeypatch):
    monkeypatch.setattr(sign_in.importlib.util, "find_spec", lambda name: None if name == "gssapi" else object())
    with pytest.raises(ProfileError, match="packages gssapi; install"):
        sign_in.kerberos(tmp_path / "keytab")
    monkeypatch.setattr(sign_in.importlib.util, "find_spec", lambda name: object())
    with pytest.raises(ProfileError, match="no such keytab"):
        sign_in.kerberos(tmp_path / "keytab")
