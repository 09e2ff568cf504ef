"""Judges of sentences, who know the planted world."""
