"""A program: imports every module of the package and prints the opened files and connections, as JSON."""

import importlib
import json
import pkgutil
import sys
import threading

# Creating and binding a socket is not among them: urllib3 binds one to ::1 to learn whether there is IPv6.
OUTWARD = (
    "socket.connect",
    "socket.getaddrinfo",
    "socket.gethostby",
    "socket.send",
    "subprocess.",
    "os.exec",
    "os.fork",
)
opened: list[str] = []


def remember(event: str, arguments: tuple[object, ...]) -> None:
    """Record events that leave the process, or write."""
    writes = event == "open" and isinstance(arguments[1], str) and bool(set(arguments[1]) & set("wax+"))
    if event.startswith(OUTWARD) or writes:
        opened.append(f"{event} {arguments[0]!r}")


sys.addaudithook(remember)

import oo  # noqa: E402  # the hook comes first

# A function that asks the model begins to read certificates with its first import, so that they are there in time.
READS_CERTIFICATES = ("oo.bootstrap.generate", "oo.bootstrap.recommend")
names = [module.name for module in pkgutil.walk_packages(oo.__path__, "oo.")]
for name in set(names) - set(READS_CERTIFICATES):
    importlib.import_module(name)
threads = threading.active_count()
for name in READS_CERTIFICATES:
    importlib.import_module(name)

boto3 = sys.modules.get("boto3")
clients = 0 if boto3 is None or boto3.DEFAULT_SESSION is None else 1
print(json.dumps({"opened": opened, "threads": threads, "clients": clients}))  # noqa: T201
