"""oO's tip service: what its functions share."""
