"""What goes over the wire: bodies of requests and answers, queue messages, limits, routes. Types only."""
