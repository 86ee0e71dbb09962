"""Transport, trust, Wi-Fi and clock: everything that touches a network. Knows no IMAP."""
