"""A quarter of the searched texts in layers: small batches go into its open layer, a large one is indexed by itself.

Building an index of many rows at once is several times cheaper than adding them one by one, so a large batch becomes a
layer of its own, built beside the quarter and attached; layers of like size are merged, so that a search meets few.
The table is a projection: it is made anew and the follower reads the journal from its beginning.
"""

from importlib import import_module

from django.db import migrations, models

landed = import_module("tradehall.disclosure.migrations.0002_search")

TABLE = """
drop table search_row;
create table search_row(
    id bigint not null, project_id bigint not null, published timestamptz not null, line text not null, stage text not null,
    kind text not null, method text, district int4, principal text, amount bigint, closes timestamptz,
    doc text not null, keys int4[] not null, layer int2 not null default 0
) partition by range (published);
alter table search_row alter doc set storage external, alter keys set storage external;
create index search_row_keys on search_row using gin (keys) with (fastupdate = on, gin_pending_list_limit = 65536);
create index search_row_doc on search_row using gin (doc gin_trgm_ops)
    with (fastupdate = on, gin_pending_list_limit = 65536);
create index search_row_id on search_row (id);
create table search_row_other partition of search_row default with (toast_tuple_target = 128);
"""

LAYERS = """
drop function search_stage(text, bigint[]), search_swap(text);

create or replace function search_partition(partition_name text) returns void language plpgsql security definer
    set search_path = public, pg_temp as $$ begin
    if partition_name !~ '^search_row_(19|20|21)[0-9]{2}q[1-4]$' then return; end if;
    if to_regclass(partition_name) is not null then return; end if;
    perform pg_advisory_xact_lock(7511);
    if to_regclass(partition_name) is not null then return; end if;
    execute format('create table %I partition of search_row for values from (%L) to (%L) partition by list (layer)',
        partition_name, search_quarter_start(partition_name), search_quarter_end(partition_name));
    execute format('create table %I partition of %I for values in (0) with (toast_tuple_target = 128)',
        partition_name || '_0', partition_name);
end $$;

create function search_layers(partition_name text) returns int2[] language sql stable security definer
    set search_path = public, pg_temp as $$
    select coalesce(array_agg(substring(c.relname from '_([0-9]+)$')::int2 order by 1), '{}') from pg_inherits i
        join pg_class c on c.oid = i.inhrelid where i.inhparent = to_regclass(search_known_quarter(partition_name)) $$;

-- A new layer beside the quarter with the rows of these layers. The open layer (0) cannot be taken.
create function search_stage(partition_name text, taken int2[]) returns text language plpgsql
    security definer set search_path = public, pg_temp as $$
declare staged text := search_known_quarter(partition_name) || '_next'; fresh int; begin
    if 0 = any (taken) then raise exception 'the open layer of % stays', partition_name; end if;
    select max(n) + 1 into fresh from unnest(search_layers(partition_name)) n;
    execute format('create table %I (like search_row including defaults including storage,
        check (published >= %L and published < %L), check (layer = %s)) with (toast_tuple_target = 128)',
        staged, search_quarter_start(partition_name), search_quarter_end(partition_name), fresh);
    execute format('alter table %I alter layer set default %s', staged, fresh);
    execute format('insert into %I select id, project_id, published, line, stage, kind, method, district, principal, amount,
        closes, doc, keys, %s from %I where layer = any ($1)', staged, fresh, partition_name) using taken;
    if session_user <> current_user then execute format('grant insert on %I to %I', staged, session_user); end if;
    return staged;
end $$;

-- Workers need a table of some size unless told otherwise; texts and keys lie out of line, so ours always looks small.
create or replace function search_index(partition_name text) returns void language plpgsql security definer
    set search_path = public, pg_temp set maintenance_work_mem = '256MB' set min_parallel_table_scan_size = 0 as $$
declare staged text := search_known_quarter(partition_name) || '_next'; begin
    execute format('create index on %I using gin (keys) with (fastupdate = on, gin_pending_list_limit = 65536)', staged);
    execute format('create index on %I using gin (doc gin_trgm_ops)
        with (fastupdate = on, gin_pending_list_limit = 65536)', staged);
    execute format('create index on %I (id)', staged);
end $$;

-- Readers wait at the root for the moment in which a layer comes: whoever has planned without it must not yet see that the
-- rows it replaces are gone.
create function search_attach(partition_name text, taken int2[]) returns text language plpgsql security definer
    set search_path = public, pg_temp as $$
declare staged text := search_known_quarter(partition_name) || '_next'; fresh int; gone int2; begin
    select max(n) + 1 into fresh from unnest(search_layers(partition_name)) n;
    lock table only search_row in access exclusive mode;
    foreach gone in array taken loop
        execute format('alter table %I detach partition %I', partition_name, partition_name || '_' || gone);
        execute format('drop table %I', partition_name || '_' || gone);
    end loop;
    execute format('alter table %I rename to %I', staged, partition_name || '_' || fresh);
    execute format('alter table %I attach partition %I for values in (%s)',
        partition_name, partition_name || '_' || fresh, fresh);
    return partition_name || '_' || fresh;
end $$;

create or replace function search_clean() returns bigint language sql security definer
    set search_path = public, pg_temp set maintenance_work_mem = '256MB' as $$
    select coalesce(sum(gin_clean_pending_list(i.indexrelid)), 0) from pg_index i
        join pg_class c on c.oid = i.indexrelid join pg_am a on a.oid = c.relam
        where a.amname = 'gin' and c.relkind = 'i' and i.indrelid in
            (select relid from pg_partition_tree('search_row') where isleaf) $$;

create or replace function search_warm(quarters int) returns bigint language plpgsql security definer
    set search_path = public, pg_temp as $$
declare warmed bigint := 0; blocks bigint; part record; begin
    if not exists (select from pg_extension where extname = 'pg_prewarm') then return 0; end if;
    for part in select leaf.oid, leaf.reltoastrelid from (
            select i.inhrelid from pg_inherits i join pg_class c on c.oid = i.inhrelid
            where i.inhparent = 'search_row'::regclass and c.relname <> 'search_row_other'
            order by c.relname desc limit quarters) as newest
        join pg_inherits l on l.inhparent = newest.inhrelid join pg_class leaf on leaf.oid = l.inhrelid loop
        select coalesce(sum(pg_prewarm(r)), 0) into blocks from (
            select part.oid::regclass as r union all select part.reltoastrelid::regclass
            union all select indexrelid::regclass from pg_index where indrelid in (part.oid, part.reltoastrelid)) as warm;
        warmed := warmed + blocks;
    end loop;
    return warmed;
end $$;
"""

RIGHTS = """
revoke execute on function search_layers(text), search_stage(text, int2[]), search_attach(text, int2[]) from public;
do $$ begin
    if exists (select from pg_roles where rolname = 'tradehall_app') then
        grant execute on function search_layers(text), search_stage(text, int2[]), search_attach(text, int2[])
            to tradehall_app;
    end if;
end $$;
"""

AGAIN = """
set constraints all immediate;
truncate disclosure_role_row, disclosure_deal_row, disclosure_event_row, disclosure_number_row,
    disclosure_organisation_row, disclosure_notice_row, disclosure_project_row restart identity;
delete from disclosure_follower_position where name = 'disclosure';
"""

UNDO = (
    """
drop function search_layers(text), search_stage(text, int2[]), search_attach(text, int2[]);
drop function search_clear(), search_warm(int), search_analyze(text), search_clean(),
    search_index(text), search_known_quarter(text), search_partition(text),
    search_quarter_end(text), search_quarter_start(text), search_quarter(timestamptz);
drop table search_row;
"""
    + landed.TABLE
    + landed.PARTITIONS
    + landed.REBUILD
    + landed.CARE
    + landed.RIGHTS
    + AGAIN
)


class Migration(migrations.Migration):
    dependencies = [("disclosure", "0002_search")]
    operations = [
        migrations.RunSQL(TABLE + LAYERS + RIGHTS + AGAIN, UNDO),
        migrations.AddIndex(
            model_name="noticerow",
            index=models.Index(
                "district",
                "district_name",
                condition=models.Q(("district_name__isnull", False)),
                name="notice_row_place",
            ),
        ),
    ]
