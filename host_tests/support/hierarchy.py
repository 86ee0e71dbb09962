"""Certificate hierarchies for tests: roots, intermediates, cross-signatures, RSA and ECDSA."""

import datetime
from dataclasses import dataclass, field

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID, ObjectIdentifier

from tools.sim.certs import Leaf

Key = ec.EllipticCurvePrivateKey | rsa.RSAPrivateKey


def new_key(kind: str = "ec") -> Key:
    """A fresh key: "ec" (P-256), "p384" or "rsa" (2048 bits)."""
    if kind == "rsa":
        return rsa.generate_private_key(public_exponent=65537, key_size=2048)
    return ec.generate_private_key(ec.SECP384R1() if kind == "p384" else ec.SECP256R1())


@dataclass
class Issuer:
    """A certificate authority: its name, key, certificate, and the chain a server shows for it."""

    name: str
    kind: str = "ec"
    parent: "Issuer | None" = None
    days: tuple[float, float] = (-1, 30)
    key: Key = field(init=False)
    certificate: x509.Certificate = field(init=False)

    def __post_init__(self) -> None:
        """Make the key and sign its certificate, by the parent or by itself."""
        self.key = new_key(self.kind)
        self.certificate = self._signed_by(self.parent or self)

    def cross_signed_by(self, other: "Issuer") -> bytes:
        """PEM of a certificate of the same name and key, issued by another."""
        return _pem(self._signed_by(other))

    def chain(self) -> bytes:
        """PEM of this issuer and its parents but the root, as a server sends them."""
        if self.parent is None:
            return b""
        return _pem(self.certificate) + self.parent.chain()

    def leaf(
        self,
        chain: bytes | None = None,
        host: str = "localhost",
        purpose: ObjectIdentifier = ExtendedKeyUsageOID.SERVER_AUTH,
        days: tuple[float, float] = (-1, 30),
    ) -> Leaf:
        """A server's certificate with the chain it shows: by default the whole one."""
        key = new_key(self.kind)
        names = x509.SubjectAlternativeName([x509.DNSName(host)])
        certificate = (
            _builder(host, self.name, key, days)
            .add_extension(names, critical=False)
            .add_extension(x509.ExtendedKeyUsage([purpose]), critical=False)
            .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
            .sign(self.key, hashes.SHA256())
        )
        key_pem = key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
        shown = self.chain() if chain is None else chain
        return Leaf(_pem(certificate) + shown, key_pem)

    def _signed_by(self, issuer: "Issuer") -> x509.Certificate:
        return (
            _builder(self.name, issuer.name, self.key, self.days)
            .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
            .sign(issuer.key, hashes.SHA256())
        )


def _builder(
    subject: str, issuer: str, key: Key, days: tuple[float, float]
) -> x509.CertificateBuilder:
    now = datetime.datetime.now(datetime.UTC)
    return (
        x509.CertificateBuilder()
        .subject_name(_name(subject))
        .issuer_name(_name(issuer))
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now + datetime.timedelta(days=days[0]))
        .not_valid_after(now + datetime.timedelta(days=days[1]))
    )


def _name(common_name: str) -> x509.Name:
    return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, common_name)])


def _pem(certificate: x509.Certificate) -> bytes:
    return certificate.public_bytes(serialization.Encoding.PEM)
