"""POST /generate."""

from oo import bootstrap
from oo.contract import routes
from oo.contract.tips import GenerateRequest, GenerateResponse

gateway = bootstrap.gateway()
generate_candidates = bootstrap.generate(gateway)


@gateway.route(routes.GENERATE)
def generate(request: GenerateRequest) -> GenerateResponse:
    """Make tip candidates with a chosen prompt version."""
    return generate_candidates(request, gateway.call())


handler = gateway.handler
