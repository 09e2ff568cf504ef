"""`make prompts-publish`: the released prompt versions in MLflow's prompt registry, for people to read there."""

import sys
from collections.abc import Mapping

import click

from commands.program import program
from oo.bootstrap.settings import Settings
from oo.errors import ConfigError
from operations.aws_lookup import NotPossible
from operations.mlflow_api import MlflowApi, mlflow_settings
from operations.published_prompts import ALIAS, Published, Releases, publish, releases


@program("prompts-publish")
@click.pass_obj
def main(environment: Mapping[str, str]) -> None:
    """Register missing versions and list them; an unusable server is one sentence and exit code 1."""
    try:
        settings = mlflow_settings(environment)
        defaults = _defaults(environment)
        api = MlflowApi(settings)
        with api.asked():
            for of, default in zip(releases(), defaults, strict=True):
                print(_told(of, publish(api, of, default)))
    except NotPossible as problem:
        sys.exit(str(problem))


def _defaults(environment: Mapping[str, str]) -> tuple[str, str]:
    """The default versions of `/recommend` and of `/generate`, as the service reads them."""
    try:
        settings = Settings.from_environment(environment)
    except ConfigError as error:
        raise NotPossible(f"{error}, so nothing was registered.") from None
    defaults = settings.default_recommend_version, settings.default_prompt_version
    for name, value, of in zip(
        ("DEFAULT_RECOMMEND_VERSION", "DEFAULT_PROMPT_VERSION"), defaults, releases(), strict=True
    ):
        if value not in of.texts:
            raise NotPossible(f"{name} is none of {', '.join(of.texts)}, so nothing was registered.")
    return defaults


def _told(of: Releases, done: Published) -> str:
    news = f"registered {', '.join(done.registered)}" if done.registered else "nothing to register"
    alias = f"{ALIAS} {'now names' if done.has_moved else 'names'} version {done.deployed}"
    return f"{of.name}: {news}; {alias}."


if __name__ == "__main__":
    main()
