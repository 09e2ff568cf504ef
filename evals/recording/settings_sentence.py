"""The settings with which requests are recorded, as sentences name them."""

RECORDED_WITH = "requests are recorded with TRACE_REQUEST=on and TRACE_CONTENT=full"
