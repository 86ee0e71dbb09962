"""A private certificate authority, made on the spot for the simulator and the tests.

Nothing here is ever written to disk, except for the moment `server_context` needs a file.
"""

from __future__ import annotations

import datetime
import ipaddress
import ssl
import tempfile
from collections.abc import Sequence
from typing import NamedTuple

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

LOCAL_NAMES = ("localhost", "127.0.0.1")

# A clock that is a little behind (a guest machine, a container) must not refuse a fresh root.
_ALREADY_VALID = datetime.timedelta(days=1)
_ROOT_DAYS = 30


class Leaf(NamedTuple):
    """A server certificate and its private key, both PEM."""

    cert_pem: bytes
    key_pem: bytes


class Authority:
    """One root and the leaves it signs.

    EC keys on P-256: made in a millisecond, and every mbedTLS on an ESP32 knows the curve.
    """

    def __init__(self, name: str = "Postlamp simulator root") -> None:
        now = _now()
        self._key = ec.generate_private_key(ec.SECP256R1())
        self.root = _build(
            subject=_name(name),
            issuer=_name(name),
            public_key=self._key.public_key(),
            signer=self._key,
            valid=(now - _ALREADY_VALID, now + datetime.timedelta(days=_ROOT_DAYS)),
            extensions=_root_extensions(self._key.public_key()),
        )

    @property
    def pem(self) -> bytes:
        """The root as PEM, the form `--ca` takes."""
        return self.root.public_bytes(serialization.Encoding.PEM)

    @property
    def der(self) -> bytes:
        """The root as DER, the only form MicroPython's `load_verify_locations` takes."""
        return self.root.public_bytes(serialization.Encoding.DER)

    def issue(
        self,
        host: str = "localhost",
        *,
        names: Sequence[str] | None = None,
        days: float = _ROOT_DAYS - 1,
        not_before: datetime.datetime | None = None,
    ) -> Leaf:
        """Sign a leaf for `host`, or for all of `names` (host names and IP addresses).

        Without `names` a leaf for localhost serves 127.0.0.1 too. `days` counts from
        `not_before`, which is yesterday unless given.
        """
        names = names or _names_of(host)
        start = not_before or _now() - _ALREADY_VALID
        key = ec.generate_private_key(ec.SECP256R1())
        cert = _build(
            subject=_name(host),
            issuer=self.root.subject,
            public_key=key.public_key(),
            signer=self._key,
            valid=(start, start + datetime.timedelta(days=days)),
            extensions=_leaf_extensions(names, self._key.public_key()),
        )
        return _leaf(cert, key)

    def issue_expired(self, days_ago: int = 3) -> Leaf:
        """A leaf that was good for a year and ended `days_ago` days ago."""
        return self.issue(days=365, not_before=_now() - datetime.timedelta(days=365 + days_ago))

    def issue_not_yet_valid(self, in_days: int = 3) -> Leaf:
        """A leaf that begins in `in_days` days."""
        return self.issue(not_before=_now() + datetime.timedelta(days=in_days))

    def issue_wrong_host(self) -> Leaf:
        """A leaf in order but for the host: it names neither localhost nor 127.0.0.1."""
        return self.issue("mail.example.org")


def self_signed(host: str = "localhost") -> Leaf:
    """A leaf that is its own issuer, as a NAS or Proton Bridge shows."""
    now = _now()
    key = ec.generate_private_key(ec.SECP256R1())
    cert = _build(
        subject=_name(host),
        issuer=_name(host),
        public_key=key.public_key(),
        signer=key,
        valid=(now - _ALREADY_VALID, now + datetime.timedelta(days=_ROOT_DAYS)),
        extensions=_leaf_extensions(_names_of(host), key.public_key()),
    )
    return _leaf(cert, key)


def server_context(leaf: Leaf) -> ssl.SSLContext:
    """A TLS server context showing `leaf`; TLS 1.2 stays allowed, MicroPython speaks no other."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    # OpenSSL reads certificates from files only. Mode 600, and gone before anything is served.
    with tempfile.NamedTemporaryFile(prefix="postlamp-") as file:
        file.write(leaf.key_pem + leaf.cert_pem)
        file.flush()
        context.load_cert_chain(file.name)
    return context


def _now() -> datetime.datetime:
    return datetime.datetime.now(datetime.UTC)


def _name(common_name: str) -> x509.Name:
    return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, common_name)])


def _build(
    *,
    subject: x509.Name,
    issuer: x509.Name,
    public_key: ec.EllipticCurvePublicKey,
    signer: ec.EllipticCurvePrivateKey,
    valid: tuple[datetime.datetime, datetime.datetime],
    extensions: Sequence[tuple[x509.ExtensionType, bool]],
) -> x509.Certificate:
    builder = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer)
        .public_key(public_key)
        .serial_number(x509.random_serial_number())
        .not_valid_before(valid[0])
        .not_valid_after(valid[1])
    )
    for extension, is_critical in extensions:
        builder = builder.add_extension(extension, is_critical)
    return builder.sign(signer, hashes.SHA256())


def _root_extensions(key: ec.EllipticCurvePublicKey) -> list[tuple[x509.ExtensionType, bool]]:
    may_sign = {"key_cert_sign", "crl_sign"}
    return [
        (x509.BasicConstraints(ca=True, path_length=0), True),
        (_key_usage(may_sign), True),
        (x509.SubjectKeyIdentifier.from_public_key(key), False),
    ]


def _leaf_extensions(
    names: Sequence[str], issuer_key: ec.EllipticCurvePublicKey
) -> list[tuple[x509.ExtensionType, bool]]:
    return [
        (x509.BasicConstraints(ca=False, path_length=None), True),
        (_key_usage({"digital_signature"}), True),
        (x509.ExtendedKeyUsage([ExtendedKeyUsageOID.SERVER_AUTH]), False),
        # OpenSSL's strict mode, CPython's default from 3.13 on, asks for it.
        (x509.AuthorityKeyIdentifier.from_issuer_public_key(issuer_key), False),
        (x509.SubjectAlternativeName([_general_name(name) for name in names]), False),
    ]


def _names_of(host: str) -> Sequence[str]:
    """A leaf for this computer serves by name and by address."""
    return LOCAL_NAMES if host in LOCAL_NAMES else (host,)


def _general_name(name: str) -> x509.GeneralName:
    try:
        return x509.IPAddress(ipaddress.ip_address(name))
    except ValueError:
        return x509.DNSName(name)


def _key_usage(granted: set[str]) -> x509.KeyUsage:
    uses = (
        "digital_signature content_commitment key_encipherment data_encipherment "
        "key_agreement key_cert_sign crl_sign encipher_only decipher_only"
    )
    return x509.KeyUsage(**{use: use in granted for use in uses.split()})


def _leaf(cert: x509.Certificate, key: ec.EllipticCurvePrivateKey) -> Leaf:
    return Leaf(
        cert.public_bytes(serialization.Encoding.PEM),
        key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        ),
    )
