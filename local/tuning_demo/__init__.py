"""The tuning loop as a demo: tips of two arms, feedback, cases, comparisons and the experiment's report."""
