"""Compose a function's telemetry: its log, its metrics, and the exporters of its traces."""

from collections.abc import Mapping
from functools import partial

from oo.bootstrap import exporters
from oo.bootstrap.pseudonyms import Pseudonyms, key_source
from oo.bootstrap.settings import Config
from oo.telemetry.instrumentation import Shim
from oo.telemetry.logs import make_logger, make_metrics


def make_shim(environment: Mapping[str, str], config: Config) -> Shim:
    """A function's telemetry. Powertools reads the function's name and the log level from its own variables."""
    logger = make_logger()
    pseudonym = Pseudonyms(key_source(config.pseudonym_settings), logger)
    return Shim(
        logger=logger,
        metrics=make_metrics(),
        after_response=exporters.after_response(environment, config, logger, pseudonym),
        pseudonym=pseudonym,
        request_header=partial(exporters.request_header, environment),
    )
