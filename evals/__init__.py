"""The bench of tips: cases of invented users, and scorers that judge the tips for them."""
