"""What others may know a user by."""

from hashlib import sha256


def hashed(user_id: str) -> str:
    """32 hexadecimal digits: the same for the same id, and not the id."""
    return sha256(user_id.encode()).hexdigest()[:32]
