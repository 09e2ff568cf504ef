"""oO's tip service: the code that its functions share."""

from oo.built import bytecode

bytecode.use()
