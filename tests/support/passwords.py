from django.contrib.auth.hashers import PBKDF2PasswordHasher


class CheapHasher(PBKDF2PasswordHasher):
    """Production's algorithm with one iteration: a real server can check what a test stored."""

    iterations = 1
