"""Turns what sockets and mbedTLS raise into our errors. Layer net; pure. Loaded when needed.

The texts are mbedTLS' own (x509.h, X509_CRT_ERROR_INFO_LIST), the numbers those of its ssl.h and
of lwIP or Linux: a stock ESP32 build and the unix port differ in the numbers, not in the meaning.
"""

from micropython import const

from postlamp.errors import LinkError, TrustError

TYPE_CHECKING = const(0)
if TYPE_CHECKING:
    from postlamp.errors import PostlampError

# errno: lwIP's newlib numbers beside Linux' where they differ.
_ENOMEM = const(12)
_EBUSY = const(16)  # mbedTLS' -0x10 (MPI_ALLOC_FAILED) turned positive by modtls
_REFUSED = (111, 104)  # ECONNREFUSED; lwIP answers a refused SYN with ECONNRESET
_SILENT = (110, 116)  # ETIMEDOUT; 116 is also how a starved handshake ends on the chip
_UNREACHABLE = (101, 113, 114, 118, 99, 125)  # no network, host or address; ECONNABORTED on lwIP

_FLAG_CAUSES = (
    # One part of each line of the verdict, the gravest first: a stranger's certificate is a
    # stranger's whatever else is wrong with it.
    ("not correctly signed", "unknown_issuer"),
    ("does not match with the expected CN", "wrong_host"),
    ("starts in the future", "not_yet_valid"),
    ("validity has expired", "expired"),
)

_CA_CHAIN_REQUIRED = const(0x7680)
_CONN_EOF = const(0x7280)
_ALLOC_FAILED = const(0x7F00)
# Alert, unexpected version, no common ciphersuite: both speak TLS, but no common one.
_NO_COMMON_TLS = (0x7780, 0x6E80, 0x6E00, 0x5F00, 0x7080)
_MPI_ALLOC = const(0x10)
_ASN1_ALLOC = const(0x6A)


def judged(stage: str, err: Exception, where: str = "") -> "PostlampError":
    """What a socket raised while in a stage (connect, handshake, stream), as our error.

    Its detail is for people: `where` (host:port), mbedTLS' verdict or its name for the error.
    """
    if isinstance(err, ValueError):
        return _verdict_error(str(err))
    number = _number(err)
    if _is_out_of_memory(number, str(err)):
        return LinkError("memory", where)
    if stage == "handshake" and number >= 0x100:
        # below, modtls has turned the socket's own errors positive again
        return _handshake_error(number, _name(err, number))
    if number in _SILENT:
        return LinkError("silent", where)
    if number in _UNREACHABLE:
        return LinkError("unreachable", where)
    if stage == "connect":
        return LinkError("refused" if number in _REFUSED else "unreachable", where)
    return LinkError("closed", where)


def _name(err: Exception, number: int) -> str:
    """What mbedTLS calls an error; builds without its names have only the number."""
    last = err.args[-1]
    return last if isinstance(last, str) else "TLS error -0x%04x" % number


def _handshake_error(number: int, text: str) -> "PostlampError":
    if number == _CONN_EOF:
        return LinkError("closed", text)
    if number == _CA_CHAIN_REQUIRED:
        return TrustError("unknown_issuer", "no certificate to trust was given")
    if number in _NO_COMMON_TLS:
        return TrustError("tls_version", text)
    if _is_certificate_number(number):
        return TrustError("bad_certificate", text)
    return TrustError("not_tls", text)


def _number(err: Exception) -> int:
    """The errno without mbedTLS' sign; from args, for CPython's errno needs two of them."""
    number = err.args[0] if isinstance(err, OSError) and err.args else 0
    return abs(number) if isinstance(number, int) else 0


def _verdict_error(text: str) -> "PostlampError":
    for part, cause in _FLAG_CAUSES:
        if part in text:
            return TrustError(cause, text)
    return TrustError("bad_certificate", text)


def _is_out_of_memory(number: int, text: str) -> bool:
    """Allocation failures come in many numbers; the low seven bits name the big-number one."""
    if number in (_ENOMEM, _EBUSY, _ALLOC_FAILED) or "ALLOC_FAILED" in text:
        return True
    return number > 0x100 and number & 0x7F in (_MPI_ALLOC, _ASN1_ALLOC)


def _is_certificate_number(number: int) -> bool:
    """X.509 errors, signatures that do not verify, and TLS' BAD_CERTIFICATE."""
    if 0x2080 <= number < 0x2A00 or number & 0xFF80 == 0x7A00:
        return True
    return number & 0xFF80 in (0x4380, 0x4E00, 0x4080, 0x3E80)
