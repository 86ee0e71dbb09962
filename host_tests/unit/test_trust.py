"""CA files: PEM and DER, whole and broken."""

from postlamp.errors import ConfigError
from postlamp.net.trust import load_certificates, parse_certificates
from raising import raises

# Not real certificates, but framed like them: SEQUENCE, two bytes of length, content
ONE = b"\x30\x82\x01\x04" + bytes(range(256)) + b"\x00\x01\x02\x03"
TWO = b"\x30\x82\x01\x00" + bytes(256)


def _pem(der, line_end=b"\n"):
    from binascii import b2a_base64

    lines = [b"-----BEGIN CERTIFICATE-----"]
    for at in range(0, len(der), 48):
        lines.append(b2a_base64(der[at : at + 48]).strip())
    lines.append(b"-----END CERTIFICATE-----")
    return line_end.join(lines) + line_end


def test_der_is_taken_as_it_is():
    assert parse_certificates(ONE) == [ONE]


def test_pem_with_any_line_end_becomes_der():
    for line_end in (b"\n", b"\r\n"):
        assert parse_certificates(_pem(ONE, line_end)) == [ONE]


def test_all_certificates_of_a_file_are_taken_and_text_between_is_not():
    text = b"# first\n" + _pem(ONE) + b"\nsubject=CN = two\n" + _pem(TWO)
    assert parse_certificates(text) == [ONE, TWO]


def test_what_is_no_certificate_is_said():
    for data in (b"", b"hello", b"-----BEGIN PRIVATE KEY-----\nAAAA\n"):
        assert "holds no certificate" in str(raises(ValueError, parse_certificates, data))


def test_a_cut_off_file_is_said_at_every_byte():
    data = _pem(ONE).strip()
    for end in range(27, len(data)):
        raises(ValueError, parse_certificates, data[:end])
    raises(ValueError, parse_certificates, ONE[:-1])


def test_a_block_that_holds_no_der_is_said():
    raises(ValueError, parse_certificates, _pem(b"hello, hello, hello"))
    raises(ValueError, parse_certificates, _pem(b""))


def test_a_missing_file_names_its_path():
    err = raises(ConfigError, load_certificates, "no-such-file.pem")
    assert err.where == "no-such-file.pem"
    assert "cannot be read" in err.problem
