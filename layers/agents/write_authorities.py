"""Write the certificates of a bundle into a folder, named as OpenSSL looks them up: by a hash of their subjects."""

import _ssl
import ctypes
import re
import ssl
import sys
from pathlib import Path

_CERTIFICATE = re.compile(r"-----BEGIN CERTIFICATE-----.*?-----END CERTIFICATE-----", re.DOTALL)


def main(bundle: Path, folder: Path) -> None:
    """Write the folder, which has to be absent. Raises OSError or AttributeError if OpenSSL offers no hash here."""
    openssl = ctypes.CDLL(_ssl.__file__)
    openssl.d2i_X509.restype = ctypes.c_void_p
    openssl.d2i_X509.argtypes = [ctypes.c_void_p, ctypes.POINTER(ctypes.c_char_p), ctypes.c_long]
    openssl.X509_subject_name_hash.restype = ctypes.c_ulong
    openssl.X509_subject_name_hash.argtypes = [ctypes.c_void_p]
    certificates = _CERTIFICATE.findall(bundle.read_text(encoding="utf-8"))
    folder.mkdir()
    for text in certificates:
        content = ssl.PEM_cert_to_DER_cert(text)
        place = ctypes.c_char_p(content)
        subject = openssl.X509_subject_name_hash(openssl.d2i_X509(None, ctypes.byref(place), len(content)))
        same = len(list(folder.glob(f"{subject:08x}.*")))
        (folder / f"{subject:08x}.{same}").write_text(f"{text}\n", encoding="ascii")


if __name__ == "__main__":
    try:
        main(*map(Path, sys.argv[1:]))
    except (OSError, AttributeError) as error:
        print(f"NOTE: starts of this layer read all of certifi's authorities: {error}", file=sys.stderr)  # noqa: T201
