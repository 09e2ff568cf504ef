from oo.pseudonym import hashed


def test_a_user_is_one_person_under_an_opaque_name() -> None:
    """The same id has the same hash, another one another, and none shows the id."""
    assert hashed("user-7") == hashed("user-7") != hashed("user-8")
    assert "user-7" not in hashed("user-7")
