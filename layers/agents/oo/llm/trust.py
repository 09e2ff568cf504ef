"""The certificates that a server is verified with, read while the sandbox does something else."""

import ssl
from threading import Thread


class Trust:
    """Begins at once to read the certificates, in a thread: OpenSSL takes 20 to 40 ms for them and no interpreter."""

    def __init__(self) -> None:
        self._outcome: ssl.SSLContext | Exception | None = None
        self._thread = Thread(target=self._read, name="trust", daemon=True)
        self._thread.start()

    def context(self) -> ssl.SSLContext:
        """What httpx would make by itself; raises what went wrong in making it."""
        self._thread.join()
        if isinstance(self._outcome, ssl.SSLContext):
            return self._outcome
        raise self._outcome or RuntimeError("The certificates were not read")

    def _read(self) -> None:
        try:
            import httpx  # noqa: PLC0415  # the thread begins before the import of httpx does

            self._outcome = httpx.create_ssl_context()
        except Exception as error:  # noqa: BLE001  # raised again where the certificates are needed
            self._outcome = error
