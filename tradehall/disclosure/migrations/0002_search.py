"""The partitioned table of searched texts and the functions by which an app role that owns nothing keeps it.

Keys and texts stay out of line so that answers by key never read a text. There is deliberately no index on `published`:
with one the planner walks it and reads every text.
The functions run as their owner, so nobody may call them but the application, whose grants step names every function.
"""

from django.db import migrations

TABLE = """
create extension if not exists pg_trgm;
do $$ begin create extension if not exists pg_prewarm; exception when others then raise notice 'no pg_prewarm'; end $$;
create table search_row(
    id bigint not null, project_id bigint not null, published timestamptz not null, line text not null, stage text not null,
    kind text not null, method text, district int4, principal text, amount bigint, closes timestamptz,
    doc text not null, keys int4[] not null
) partition by range (published);
alter table search_row alter doc set storage external, alter keys set storage external;
create index search_row_keys on search_row using gin (keys) with (fastupdate = on, gin_pending_list_limit = 65536);
create index search_row_doc on search_row using gin (doc gin_trgm_ops)
    with (fastupdate = on, gin_pending_list_limit = 65536);
create index search_row_id on search_row (id);
create table search_row_other partition of search_row default with (toast_tuple_target = 128);
"""

PARTITIONS = """
create function search_quarter(day timestamptz) returns text language sql immutable as $$
    select case when extract(year from day at time zone 'UTC') between 1990 and 2100
        then 'search_row_' || to_char(day at time zone 'UTC', 'YYYY"q"Q') else 'search_row_other' end $$;

create function search_quarter_start(partition_name text) returns timestamptz language sql immutable as $$
    select make_timestamptz(substr(partition_name, 12, 4)::int, substr(partition_name, 17, 1)::int * 3 - 2, 1, 0, 0, 0, 'UTC') $$;

create function search_quarter_end(partition_name text) returns timestamptz language sql immutable as $$
    select make_timestamptz(substr(partition_name, 12, 4)::int + (substr(partition_name, 17, 1)::int / 4),
        substr(partition_name, 17, 1)::int % 4 * 3 + 1, 1, 0, 0, 0, 'UTC') $$;

create function search_partition(partition_name text) returns void language plpgsql security definer
    set search_path = public, pg_temp as $$ begin
    if partition_name !~ '^search_row_(19|20|21)[0-9]{2}q[1-4]$' then return; end if;
    if to_regclass(partition_name) is not null then return; end if;
    perform pg_advisory_xact_lock(7511);
    if to_regclass(partition_name) is not null then return; end if;
    execute format('create table %I partition of search_row for values from (%L) to (%L) with (toast_tuple_target = 128)',
        partition_name, search_quarter_start(partition_name), search_quarter_end(partition_name));
end $$;
"""

REBUILD = """
create function search_known_quarter(partition_name text) returns text language plpgsql immutable as $$ begin
    if partition_name !~ '^search_row_(19|20|21)[0-9]{2}q[1-4]$' then raise exception 'not a quarter: %', partition_name; end if;
    return partition_name;
end $$;

create function search_stage(partition_name text, without bigint[]) returns text language plpgsql security definer
    set search_path = public, pg_temp as $$
declare staged text := search_known_quarter(partition_name) || '_next'; begin
    execute format('create table %I (like search_row including storage, check (published >= %L and published < %L))
        with (toast_tuple_target = 128)', staged, search_quarter_start(partition_name), search_quarter_end(partition_name));
    execute format('insert into %I select * from %I where not (id = any ($1))', staged, partition_name) using without;
    if session_user <> current_user then execute format('grant insert on %I to %I', staged, session_user); end if;
    return staged;
end $$;

create function search_index(partition_name text) returns void language plpgsql security definer
    set search_path = public, pg_temp set maintenance_work_mem = '256MB' as $$
declare staged text := search_known_quarter(partition_name) || '_next'; begin
    execute format('create index on %I using gin (keys) with (fastupdate = on, gin_pending_list_limit = 65536)', staged);
    execute format('create index on %I using gin (doc gin_trgm_ops)
        with (fastupdate = on, gin_pending_list_limit = 65536)', staged);
    execute format('create index on %I (id)', staged);
end $$;

create function search_swap(partition_name text) returns void language plpgsql security definer
    set search_path = public, pg_temp as $$
declare staged text := search_known_quarter(partition_name) || '_next'; begin
    execute format('alter table search_row detach partition %I', partition_name);
    execute format('drop table %I', partition_name);
    execute format('alter table %I rename to %I', staged, partition_name);
    execute format('alter table search_row attach partition %I for values from (%L) to (%L)',
        partition_name, search_quarter_start(partition_name), search_quarter_end(partition_name));
end $$;
"""

CARE = """
create function search_clean() returns bigint language sql security definer
    set search_path = public, pg_temp set maintenance_work_mem = '256MB' as $$
    select coalesce(sum(gin_clean_pending_list(i.indexrelid)), 0) from pg_index i
        join pg_class c on c.oid = i.indexrelid join pg_am a on a.oid = c.relam
        where a.amname = 'gin' and c.relkind = 'i' and i.indrelid in
            (select inhrelid from pg_inherits where inhparent = 'search_row'::regclass) $$;

create function search_analyze(partition_name text) returns void language plpgsql security definer
    set search_path = public, pg_temp as $$ begin
    if partition_name !~ '^search_row_' then return; end if;
    execute format('analyze %I (id, published, line, stage, kind, method, district, principal, amount, closes)', partition_name);
end $$;

create function search_warm(quarters int) returns bigint language plpgsql security definer
    set search_path = public, pg_temp as $$
declare warmed bigint := 0; blocks bigint; part record; begin
    if not exists (select from pg_extension where extname = 'pg_prewarm') then return 0; end if;
    for part in select c.oid, c.reltoastrelid from pg_inherits i join pg_class c on c.oid = i.inhrelid
        where i.inhparent = 'search_row'::regclass and c.relname <> 'search_row_other'
        order by c.relname desc limit quarters loop
        select coalesce(sum(pg_prewarm(r)), 0) into blocks from (
            select part.oid::regclass as r union all select part.reltoastrelid::regclass
            union all select indexrelid::regclass from pg_index where indrelid in (part.oid, part.reltoastrelid)) as warm;
        warmed := warmed + blocks;
    end loop;
    return warmed;
end $$;

create function search_clear() returns void language plpgsql security definer
    set search_path = public, pg_temp as $$ begin
    set constraints all immediate;
    truncate search_row, disclosure_role_row, disclosure_deal_row, disclosure_event_row, disclosure_number_row,
        disclosure_organisation_row, disclosure_notice_row, disclosure_project_row restart identity;
end $$;
"""

RIGHTS = """
revoke execute on function search_clear(), search_warm(int), search_analyze(text), search_clean(), search_swap(text),
    search_index(text), search_stage(text, bigint[]), search_partition(text) from public;
do $$ begin
    if exists (select from pg_roles where rolname = 'tradehall_app') then
        grant execute on function search_clear(), search_warm(int), search_analyze(text), search_clean(), search_swap(text),
            search_index(text), search_stage(text, bigint[]), search_partition(text) to tradehall_app;
    end if;
end $$;
"""

UNDO = """
drop function if exists search_clear(), search_warm(int), search_analyze(text), search_clean(), search_swap(text),
    search_index(text), search_stage(text, bigint[]), search_known_quarter(text), search_partition(text),
    search_quarter_end(text), search_quarter_start(text), search_quarter(timestamptz);
drop table if exists search_row;
"""


class Migration(migrations.Migration):
    dependencies = [("disclosure", "0001_initial")]
    operations = [migrations.RunSQL(TABLE + PARTITIONS + REBUILD + CARE + RIGHTS, UNDO)]
