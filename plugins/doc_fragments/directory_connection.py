"""Options shared by every module that opens a session with the directory."""


class ModuleDocFragment:
    DOCUMENTATION = r"""
options:
  server:
    description:
      - Host name or address of a domain controller, as its certificate says it.
    type: str
    required: true
  authentication:
    description:
      - C(ldaps) binds with O(bind_user) and O(bind_password) over TLS and checks the certificate.
      - C(kerberos) uses the ticket in the credential cache and seals the session on port 389.
    type: str
    choices: [ldaps, kerberos]
    default: ldaps
  bind_user:
    description:
      - User principal name of the account that binds.
    type: str
    required: true
  bind_password:
    description:
      - Password of O(bind_user).
    type: str
    required: true
  ca_file:
    description:
      - Certificate authority that signed the domain controller's certificate; the system's when left out.
    type: path
  timeout_seconds:
    description:
      - Seconds to wait for a connection.
    type: int
    default: 10
"""
