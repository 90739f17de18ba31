"""The folder that OctoBot's tentacle manager installs, and the command that says where it is."""
