"""oO's tip service: the code that its functions share."""
