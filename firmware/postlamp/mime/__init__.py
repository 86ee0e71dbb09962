"""Header text of mail (RFC 2047, RFC 5322): bytes in, str out. Pure."""
