"""`make secret STAGE=…`: store a key in AWS Secrets Manager, and its ARN in the file of the stage.

The key comes from standard input, never from an argument: other users of the machine can read arguments, and the shell
keeps them. A secret that the file names already gets the new key as its next version.
"""

import re
import sys
from collections.abc import Callable
from getpass import getpass
from pathlib import Path
from typing import Any

from botocore.exceptions import ClientError

from commands.program import needed, program, variable
from oo.errors import ConfigError
from oo.llm.secret_key import bearer_key, plain_text
from oo.telemetry.export.mlflow.server import Credentials
from operations.aws_lookup import NotPossible, client_in, one_sentence
from operations.stack.stage import FOLDER, Stage, read_stage


def _credentials(text: str, name: str) -> str:
    try:
        Credentials.read(text)
    except ValueError:
        raise ConfigError(f'{name} has to be {{"token": "…"}}, or {{"username": "…", "password": "…"}}') from None
    return text


KINDS: dict[str, tuple[str, Callable[[str, str], str]]] = {
    "proxy": ("LiteLLMKeySecretArn", bearer_key),
    "mlflow": ("MlflowCredentialsSecretArn", _credentials),
    "pseudonyms": ("PseudonymKeySecretArn", plain_text),
}
"""The parameter of each secret, and the function that returns its text, or raises ConfigError."""


@program("secret")
@needed("STAGE", example="test", help="the name of a file in stages/")
@variable("KIND", default="proxy", help=f"one of {', '.join(KINDS)}")
def main(stage: str, kind: str, folder: Path = FOLDER) -> None:
    """Store a key from standard input in AWS Secrets Manager, and its ARN in the stage's file."""
    with one_sentence():
        if kind not in KINDS:
            raise NotPossible(f"KIND has to be one of {', '.join(KINDS)}.")
        store_secret(read_stage(stage, folder), kind, _read(), folder)


def store_secret(stage: Stage, kind: str, text: str, folder: Path) -> None:
    """Create the secret, or give it a new version. Raises NotPossible if the text is not such a key."""
    parameter, read = KINDS[kind]
    try:
        key = read(text.strip(), "The text")
    except ConfigError as problem:
        raise NotPossible(f"{problem}. Nothing was stored.") from None
    known = stage.parameters[parameter]
    arn = _stored(client_in(stage.region, "secretsmanager"), stage, known or f"{stage.stack}/{kind}", key)
    print(f"{arn} has the key; its text is not shown.")
    if arn != known:
        print(_named_in_file(folder / f"{stage.name}.toml", parameter, arn))


def _stored(client: Any, stage: Stage, name: str, key: str) -> str:  # noqa: ANN401  # no type stubs are installed
    try:
        return str(client.put_secret_value(SecretId=name, SecretString=key)["ARN"])
    except ClientError as error:
        if error.response["Error"]["Code"] != "ResourceNotFoundException" or name.startswith("arn:"):
            raise
    own_key = stage.parameters["LiteLLMKeySecretKmsKeyArn"]
    created = client.create_secret(
        Name=name,
        SecretString=key,
        Tags=[{"Key": "stage", "Value": stage.name}],
        **({"KmsKeyId": own_key} if own_key else {}),
    )
    return str(created["ARN"])


def _named_in_file(path: Path, parameter: str, arn: str) -> str:
    """Fill in the empty parameter of the stage's file; a sentence on the outcome."""
    line = f'{parameter} = "{arn}"'
    text = path.read_text(encoding="utf-8")
    filled, count = re.subn(rf'(?m)^{parameter}[ \t]*=[ \t]*""[ \t]*$', lambda _: line, text)
    if not count:
        filled, count = re.subn(r"(?m)^\[parameters\][ \t]*$", lambda found: f"{found[0]}\n{line}", text, count=1)
    if not count:
        return f"Add it to stages/{path.name}, below [parameters]: {line}"
    path.write_text(filled, encoding="utf-8")
    return f"stages/{path.name} names it now. Run `make deploy STAGE={path.stem}` to use it."


def _read() -> str:
    """The text of standard input; at a terminal one line, which is not shown."""
    return getpass("Key: ") if sys.stdin.isatty() else sys.stdin.read()


if __name__ == "__main__":
    main()
