"""docs/deploy.md: the requests that callers sign, as the page has them."""

import os
import re
import shutil
import subprocess
import sys

import pytest

from local.deployment.environment import AWS_CREDENTIALS, ROOT
from testing.raw_server import Connection, serving
from testing.shell_blocks import shell_blocks

PAGE = ROOT / "docs" / "deploy.md"
TARGETS = re.compile(r"^make (\S+) STAGE=test", re.MULTILINE)


def signed_by(command: list[str]) -> dict[str, str]:
    """The headers of the request that a program sends to `API_URL`; it prints the answer."""
    heads: list[str] = []

    def answer(connection: Connection) -> None:
        connection.request()
        heads.append(connection.head.decode())
        connection.send(b'HTTP/1.1 200 OK\r\nconnection: close\r\ncontent-length: 14\r\n\r\n{"tip": "tip"}')

    with serving(answer) as server:
        variables = {"API_URL": server.url, "AWS_REGION": "eu-central-1", "PATH": os.environ["PATH"], **AWS_CREDENTIALS}
        done = subprocess.run(command, cwd=ROOT, env=variables, capture_output=True, text=True, check=False, timeout=60)
    assert '"tip"' in done.stdout, done.stderr
    [head] = heads
    first, *lines = head.split("\r\n")
    assert first.startswith("POST /recommend ")
    return dict(line.lower().split(": ", 1) for line in lines)


def is_signed(headers: dict[str, str]) -> bool:
    """By SigV4 for API Gateway, with the session's token and the time among the signed headers."""
    signature = headers["authorization"]
    names = re.findall(r"signedheaders=([^,]*)", signature)[0].split(";")
    begins = signature.startswith("aws4-hmac-sha256 credential=local/")
    return begins and "/eu-central-1/execute-api/aws4_request" in signature and {"host", "x-amz-date"} <= {*names}


@pytest.mark.skipif(shutil.which("curl") is None, reason="curl is not installed")
def test_curl_signs_as_the_page_says() -> None:
    [sign] = shell_blocks(PAGE, "## Sign requests")

    headers = signed_by(["bash", "-c", sign])
    assert is_signed(headers)
    assert headers["x-amz-security-token"] == "local"


def test_python_signs_as_the_page_says() -> None:
    [program] = re.findall(r"^```python\n(.*?)^```$", PAGE.read_text(), re.MULTILINE | re.DOTALL)

    assert is_signed(signed_by([sys.executable, "-c", program]))


def test_the_steps_of_the_page_are_those_that_are_tested() -> None:
    """In their order; tests/integration/test_deploy_steps.py and tests/template/test_deploy_command.py run them."""
    assert list(dict.fromkeys(TARGETS.findall(PAGE.read_text()))) == ["secret", "deploy", "smoke"]
