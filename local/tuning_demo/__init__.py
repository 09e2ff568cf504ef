"""The tuning loop told once: tips of two arms, feedback, cases, comparisons of prompts and the experiment's report."""
