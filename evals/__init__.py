"""The bench of tips: cases of invented people, and scorers that judge the tips for them."""
