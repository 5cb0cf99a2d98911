"""A private certificate authority, as an emulator with HTTPS on loopback brings one: nothing trusts it by itself."""

import datetime
import ipaddress
import ssl
import tempfile
from pathlib import Path
from typing import Any

NAMES = ("127.0.0.1", "localhost", "*.execute-api.localhost")
_HOUR = datetime.timedelta(hours=1)


class Authority:
    """A certificate authority made for this run, with an EC key that is never written to a file that stays."""

    def __init__(self) -> None:
        """Make the key and the authority's own certificate."""
        self._key, self._serving = _key(), _key()
        self._certificate = _certificate("cogwizard sandbox CA", self._key, None, self._key)

    @property
    def pem(self) -> bytes:
        """The authority's certificate: what AWS_CA_BUNDLE has to name, as a file."""
        from cryptography.hazmat.primitives.serialization import Encoding

        return bytes(self._certificate.public_bytes(Encoding.PEM))

    def context(self, *names: str, hours: int = 24, trusted: bool = True) -> ssl.SSLContext:
        """Return a server's side of TLS for host names and addresses, by default those of loopback.

        `hours`: how long the certificate is valid from now; negative, how long ago it ended. Not `trusted`: it is
        signed by itself.
        """
        signer, issuer = (self._key, self._certificate) if trusted else (self._serving, None)
        leaf = _certificate("cogwizard sandbox", self._serving, issuer, signer, names or NAMES, hours)
        return _context(self._serving, leaf)


def _key() -> Any:
    from cryptography.hazmat.primitives.asymmetric import ec

    return ec.generate_private_key(ec.SECP256R1())


def _certificate(
    common_name: str, key: Any, issuer: Any, signer: Any, names: tuple[str, ...] = (), hours: int = 24
) -> Any:
    """Return a certificate for `key`; without `issuer` it is its own, without `names` an authority's."""
    from cryptography import x509
    from cryptography.hazmat.primitives import hashes

    # The real clock, not the sandbox's: it is real clients that check.
    end = datetime.datetime.now(datetime.UTC) + hours * _HOUR
    subject = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, common_name)])
    public = x509.AuthorityKeyIdentifier.from_issuer_public_key(signer.public_key())
    builder = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer.subject if issuer else subject)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(end - (abs(hours) + 1) * _HOUR)
        .not_valid_after(end)
        .add_extension(x509.BasicConstraints(ca=not names, path_length=None), critical=True)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
        .add_extension(public, critical=False)
        .add_extension(_usage(authority=not names), critical=True)
    )
    if names:
        builder = builder.add_extension(x509.SubjectAlternativeName([_name(name) for name in names]), critical=False)
    return builder.sign(signer, hashes.SHA256())


def _usage(*, authority: bool) -> Any:
    from cryptography import x509

    # What strict clients (Python 3.13) want to see.
    return x509.KeyUsage(
        digital_signature=not authority,
        content_commitment=False,
        key_encipherment=False,
        data_encipherment=False,
        key_agreement=False,
        key_cert_sign=authority,
        crl_sign=authority,
        encipher_only=False,
        decipher_only=False,
    )


def _name(name: str) -> Any:
    from cryptography import x509

    try:
        return x509.IPAddress(ipaddress.ip_address(name))
    except ValueError:
        return x509.DNSName(name)


def _context(key: Any, certificate: Any) -> ssl.SSLContext:
    from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    private = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    with tempfile.TemporaryDirectory() as folder:  # ssl takes files only; readable by nobody else
        chain = Path(folder, "server.pem")
        chain.write_bytes(private + certificate.public_bytes(Encoding.PEM))
        context.load_cert_chain(chain)
    return context
