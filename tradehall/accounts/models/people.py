"""People who sign in. Not what they may do, nor when they came: grants and sign-ins have tables of their own."""

from django.contrib.auth.base_user import AbstractBaseUser
from django.db import models


class Account(AbstractBaseUser):
    """One person; `login` never changes hands."""

    login = models.CharField(max_length=64, unique=True)
    name = models.CharField(max_length=64)
    is_active = models.BooleanField(default=True)
    is_demo = models.BooleanField(default=False)
    created_at = models.DateTimeField()

    USERNAME_FIELD = "login"
    REQUIRED_FIELDS = ["name"]

    class Meta:
        db_table = "accounts_account"

    def __str__(self) -> str:
        return self.login
