"""Active Directory over LDAP and Kerberos: bytes to objects and back. Nothing here imports AnsibleModule."""
