"""The wire format: bodies of requests and answers, queue messages, limits, routes. Types only."""
