"""What sockets and mbedTLS raise, as our errors: the texts and numbers of both ports."""

from postlamp.errors import LinkError, TrustError
from postlamp.net.blame import judged

# mbedTLS' X509_CRT_ERROR_INFO_LIST, as modtls joins it
EXPIRED = "The certificate validity has expired"
FUTURE = "The certificate validity starts in the future"
NAME = "The certificate Common Name (CN) does not match with the expected CN"
STRANGER = "The certificate is not correctly signed by the trusted CA"
KEY = "The certificate is signed with an unacceptable key (eg bad curve, RSA too short)."


def _refusal(*lines):
    err = judged("handshake", ValueError("\n" + "\n".join(lines) + "\n"))
    assert isinstance(err, TrustError)
    return err.cause


def _handshake(*args):
    err = judged("handshake", OSError(*args))
    return type(err), err.cause


def test_each_verdict_has_its_cause():
    assert _refusal(EXPIRED) == "expired"
    assert _refusal(FUTURE) == "not_yet_valid"
    assert _refusal(NAME) == "wrong_host"
    assert _refusal(STRANGER) == "unknown_issuer"
    assert _refusal(KEY) == "bad_certificate"


def test_of_several_verdicts_the_gravest_counts():
    assert _refusal(EXPIRED, STRANGER) == "unknown_issuer"
    assert _refusal(EXPIRED, NAME) == "wrong_host"
    assert _refusal(EXPIRED, KEY) == "expired"


def test_a_handshake_number_with_and_without_its_text():
    assert _handshake(-29184, "MBEDTLS_ERR_SSL_INVALID_RECORD") == (TrustError, "not_tls")
    assert _handshake(-29184) == (TrustError, "not_tls")
    assert _handshake(-30336) == (TrustError, "unknown_issuer")
    assert _handshake(-30592) == (TrustError, "tls_version")
    assert _handshake(-0x6E80) == (TrustError, "tls_version")
    assert _handshake(-0x2700) == (TrustError, "bad_certificate")
    assert _handshake(-0x2562) == (TrustError, "bad_certificate")  # with an ASN.1 error added
    assert _handshake(-0x4380) == (TrustError, "bad_certificate")
    assert _handshake(-29312) == (LinkError, "closed")


def test_a_starved_handshake_is_memory_not_trust():
    assert _handshake(12) == (LinkError, "memory")
    assert _handshake(16) == (LinkError, "memory")
    assert _handshake(-0x7F00) == (LinkError, "memory")
    assert _handshake(-17040) == (LinkError, "memory")  # RSA_PUBLIC_FAILED + MPI_ALLOC_FAILED
    assert _handshake(-0x2880, "MBEDTLS_ERR_X509_ALLOC_FAILED") == (LinkError, "memory")


def test_a_socket_error_in_the_handshake_keeps_its_meaning():
    for sign in (1, -1):
        assert _handshake(104 * sign) == (LinkError, "closed")
        assert _handshake(116 * sign) == (LinkError, "silent")
        assert _handshake(113 * sign) == (LinkError, "unreachable")


def test_a_connect_fails_by_linux_and_by_lwip_numbers():
    for number in (111, 104):
        assert judged("connect", OSError(number)).cause == "refused"
    for number in (101, 113, 114, 118):
        assert judged("connect", OSError(number)).cause == "unreachable"
    for number in (110, 116):
        assert judged("connect", OSError(number)).cause == "silent"
    assert judged("connect", OSError(12)).cause == "memory"


def test_a_stream_that_breaks_is_closed():
    for number in (104, -104, 32, -0x7180):
        assert judged("stream", OSError(number)).cause == "closed"
