"""Work of a start that the build of the layer has done already; each part does nothing without its file."""

from pathlib import Path

AUTHORITIES = Path(__file__).with_name("authorities")
"""Certifi's authorities in a folder, one file each, of which OpenSSL reads those that a server's certificate names.

It would parse a bundle of all of them at each start. Only the built layer has the folder.
"""
