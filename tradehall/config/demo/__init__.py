"""The demonstration city 澄州: invented, lawful, and built by acting. Exists only in databases created as demo."""

from tradehall.config.demo.city import add_projects, build, is_built, publish
from tradehall.config.demo.clock import move_clock
from tradehall.config.demo.people import DemoAccount
from tradehall.config.demo.people import listed as listed_accounts

__all__ = ["DemoAccount", "add_projects", "build", "is_built", "listed_accounts", "move_clock", "publish"]
