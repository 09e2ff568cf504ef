"""The settings that enable the recording of requests, as words for a sentence."""

RECORDED_WITH = "requests are recorded with TRACE_REQUEST=on and TRACE_CONTENT=full"
