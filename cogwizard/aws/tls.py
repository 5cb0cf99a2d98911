"""The one TLS policy: botocore's, for every call. What is wrong with a CA bundle, and why a certificate was refused."""

import ssl
from pathlib import Path

# OpenSSL's verification results (x509_vfy.h), by what has to be done about them.
_BY_CODE = {
    9: "CertificateNotYetValid",
    10: "CertificateExpired",
    18: "CertificateSelfSigned",
    19: "CertificateAuthorityUnknown",
    20: "CertificateAuthorityUnknown",
    21: "CertificateAuthorityUnknown",
    62: "CertificateForAnotherHost",
    64: "CertificateForAnotherHost",
}
_MEANING = {
    "CertificateNotYetValid": "the server's certificate is not valid yet; compare this computer's clock (date -u)",
    "CertificateExpired": "the server's certificate has expired; its owner has to renew it, or this computer's clock "
    "is wrong (compare: date -u)",
    "CertificateSelfSigned": "the server's certificate is signed by itself, and not trusted here",
    "CertificateAuthorityUnknown": "the server's certificate comes from an authority that is not trusted here",
    "CertificateForAnotherHost": "the server's certificate is for another host name; use a name that it holds",
    "CertificateRefused": "the server's certificate was refused",
    "TlsFailed": "the TLS handshake failed; the port may speak plain HTTP, or the server asks for a client certificate",
}
UNTRUSTED = frozenset({"CertificateSelfSigned", "CertificateAuthorityUnknown", "CertificateRefused"})


def tls_context() -> ssl.SSLContext:
    """Return a TLS context with botocore's policy, as yet without certificates: TLS 1.2 or later, always verified."""
    from botocore.httpsession import create_urllib3_context

    context: ssl.SSLContext = create_urllib3_context()
    return context


def bundle_fault(path: str) -> str | None:
    """Return what makes a file useless as a CA bundle, as a key of the catalogue (aws.toml); None: nothing does."""
    try:
        if Path(path).is_dir():
            return "ca-bundle-directory"
        if Path(path).stat().st_size == 0:
            return "ca-bundle-empty"
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
        context.load_verify_locations(path)
    except ssl.SSLError:
        return "ca-bundle-no-certificate"
    except FileNotFoundError:
        return "ca-bundle-missing"
    except (OSError, ValueError):  # ValueError: a NUL in the name
        return "ca-bundle-unreadable"
    # A list of revoked certificates loads as well, and lets nothing be trusted.
    return None if context.cert_store_stats()["x509"] else "ca-bundle-no-certificate"


def kind_of(error: BaseException) -> str | None:
    """Return the kind of a TLS failure; None for an exception that is none. The kinds of certificates are final."""
    code = _verify_code(error)
    if code is not None:
        return _BY_CODE.get(code, "CertificateRefused")
    if type(error).__name__ == "CertificateError":  # urllib3's own: it compares the names
        return "CertificateForAnotherHost"
    is_tls = isinstance(error, ssl.SSLError) or type(error).__name__ == "SSLError"
    return "TlsFailed" if is_tls else None


def _verify_code(error: BaseException) -> int | None:
    # urllib3 and its proxies wrap the error of ssl, in their arguments or as a cause.
    for _ in range(5):
        if isinstance(error, ssl.SSLCertVerificationError):
            return error.verify_code
        inside = [item for item in (*error.args, error.__cause__, error.__context__) if isinstance(item, BaseException)]
        if not inside:
            return None
        error = inside[0]
    return None


def meaning_of(kind: str, ca_bundle: str) -> str:
    """Return what a TLS failure means and what to do, for people. `ca_bundle`: the file in use, "" for botocore's."""
    if kind not in UNTRUSTED:
        return f"{_MEANING[kind]}."
    return f"{_MEANING[kind]}. {advice(ca_bundle)}"


def advice(ca_bundle: str) -> str:
    """Return what to do when an authority is not trusted."""
    return (
        f"TLS was checked with the CA bundle {ca_bundle or 'of botocore'}. Where a proxy inspects TLS, or an emulator "
        "has an authority of its own, put that CA certificate into a PEM file and name the file in AWS_CA_BUNDLE."
    )
