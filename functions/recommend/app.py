"""POST /recommend."""

from oo import bootstrap
from oo.contract import routes
from oo.contract.tips import RecommendRequest, RecommendResponse

gateway = bootstrap.gateway()
recommend_tip = bootstrap.recommend(gateway)


@gateway.route(routes.RECOMMEND)
def recommend(request: RecommendRequest) -> RecommendResponse:
    """Turn agents' snippets and tasks into one tip."""
    return recommend_tip(request, gateway.call())


handler = gateway.handler
