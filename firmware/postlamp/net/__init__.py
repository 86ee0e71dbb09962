"""The wires to the world: TCP and TLS, Wi-Fi, clock. Only transport.py imports socket and ssl."""
