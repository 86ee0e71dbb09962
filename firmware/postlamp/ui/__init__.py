"""Things with wires: light, screen, button. Never imports imap, mail or app."""
