"""The entry of every program that a person starts, and the values that a person gives to it."""
