"""What survives a reboot: the configuration file. Imports only errors."""
