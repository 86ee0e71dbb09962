"""The IMAP protocol, sans-I/O: bytes in, events out. No socket, no clock, no log."""
