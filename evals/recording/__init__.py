"""Requests that were served, recorded in traces and asked again on the bench."""
