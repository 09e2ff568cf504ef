"""`python -m local.run`: start the whole service on this machine and serve until stopped."""

from __future__ import annotations

import os
from pathlib import Path

import click

from commands.program import program

_EPILOG = """\
environment:
  PORT                    where the API listens on 127.0.0.1 (3000; 0 is any free port)
  AWS_PORT                where SQS and DynamoDB listen (3001; 0 is any free port)
  MODEL_PORT              where the stand-in model listens (3002, or any free port where that is taken)
  CONTAINER_BRIDGE        this machine's address in Docker's bridge network (172.17.0.1, mostly): containers, such as
                          those of sam local, reach AWS and the model there
  LITELLM_URL             a LiteLLM proxy to use instead of the stand-in model; needs LITELLM_API_KEY
                          (or LITELLM_API_KEY_SECRET, a secret in the local AWS)
  LOGS                    json: the functions' log lines go to standard error instead of build/logs
  MLFLOW_TRACKING_URI     an MLflow server that traces go to
  FUNCTION_PYTHONPATH     a folder that functions search for modules before the layer
  TIP_FALLBACK, DEFAULT_RECOMMEND_VERSION, DEFAULT_PROMPT_VERSION, LLM_BUDGET_S and the other settings of the template
                          are passed on as well
"""


@program("run", epilog=_EPILOG)
@click.option("--ready-file", type=Path, metavar="PATH", help="write all addresses as JSON when the service is ready")
@click.option("--template", type=Path, metavar="PATH", help="run another template than the project's")
@click.option(
    "--plain", is_flag=True, help="for programs: no example user, no restarts, no request lines, compact JSON"
)
def main(ready_file: Path | None, template: Path | None, *, plain: bool) -> None:
    """Start the whole service on this machine, and serve until SIGINT or SIGTERM.

    If it cannot start, it prints one sentence and ends with exit code 1.
    """
    print("Starting the service on this machine …", flush=True)
    # The imports take half a second, so the line above is printed first.
    from local.serving import serve  # noqa: PLC0415
    from local.settings import LocalSettings  # noqa: PLC0415
    from local.until_stopped import run_until_stopped  # noqa: PLC0415

    async def start() -> None:
        settings = LocalSettings.read(os.environ, template=template, for_a_person=not plain)
        await serve(settings, ready_file)

    run_until_stopped(start)


if __name__ == "__main__":
    main()
