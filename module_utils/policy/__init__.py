"""The policy model: load and check the policy files, judge evidence, report verdicts. Nothing here talks to a host."""
