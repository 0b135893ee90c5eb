"""What ends by the calendar and not by an act: roles and mandates that have run out close what was opened with them.

No record of its own: the grant or mandate said its last day when it was made. Asked every minute and at each refresh.
"""

from datetime import datetime

from tradehall.accounts.oidc import families
from tradehall.parties import grants, mandates


def end_expired(*, at: datetime) -> int:
    """Ends the token families whose role or mandate has run out; their systems are told. How many."""
    living = list(families.living())
    if not living:
        return 0
    held = grants.held_roles({one.account_id for one in living}, at)
    ran_out = mandates.last_run_out({one.organisation_code for one in living if "agency" in one.roles}, at)
    without_role, without_mandate = set(), set()
    for one in living:
        key = (one.account_id, one.organisation_code or one.organisation_name)
        if not set(one.roles) <= held.get(key, set()):
            without_role.add(one.pk)
            continue
        ended_at = ran_out.get(one.organisation_code) if "agency" in one.roles else None
        if ended_at and one.consented_at and one.consented_at < ended_at:
            without_mandate.add(one.pk)
    ended = families.end(cause="role_ended", pk__in=without_role)
    return ended + families.end(cause="mandate_expired", pk__in=without_mandate)
