"""Makes what TLS is spoken with. Layer net; loaded to make one, then dropped.

The only module that imports tls. A context checks every certificate, whoever holds it.
"""

from tls import CERT_OPTIONAL, CERT_REQUIRED, PROTOCOL_TLS_CLIENT, SSLContext


def context_for(certificates: "list[bytes]") -> SSLContext:
    """A context that trusts these DER certificates and no others."""
    context = SSLContext(PROTOCOL_TLS_CLIENT)
    context.verify_mode = CERT_REQUIRED
    for certificate in certificates:
        context.load_verify_locations(certificate)
    return context


def context_for_pin() -> SSLContext:
    """A context that leaves the verdict to `dial.dial`, which must be given a pin.

    CERT_REQUIRED would demand a known issuer and the host's name, which a pin stands for; under
    CERT_NONE the certificate would not be shown to us.
    """
    context = SSLContext(PROTOCOL_TLS_CLIENT)
    context.verify_mode = CERT_OPTIONAL
    return context
