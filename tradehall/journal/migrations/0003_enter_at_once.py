"""The writers' lock is taken by the trigger's condition, which spares every act the call of a function.

A statement trigger's condition is asked at the same moment as its function was called: before the statement draws its
first number. The answer is always no, for the lock is never null, so that the function itself is not called any more.
"""

from django.db import migrations

AT_ONCE = """
create or replace trigger journal_enter before insert on journal_entry for each statement
  when (pg_advisory_xact_lock_shared(7501) is null) execute function journal_enter();
"""
BY_FUNCTION = """
create or replace trigger journal_enter before insert on journal_entry for each statement
  execute function journal_enter();
"""


class Migration(migrations.Migration):
    dependencies = [("journal", "0002_log_rules")]
    operations = [migrations.RunSQL(AT_ONCE, BY_FUNCTION)]
