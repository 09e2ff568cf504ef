"""The name that others know a user by: the proxy's spend log, MLflow and the log."""

import hmac
from hashlib import sha256

DIGITS = 32


def hashed(user_id: str, key: str = "") -> str:
    """32 hexadecimal digits: the same for the same id and key. Without a key, a guessed id can be recognised."""
    if key:
        return hmac.new(key.encode(), user_id.encode(), sha256).hexdigest()[:DIGITS]
    return sha256(user_id.encode()).hexdigest()[:DIGITS]
