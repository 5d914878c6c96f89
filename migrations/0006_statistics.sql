-- A table that has just been filled has no statistics until autovacuum comes round, and without them the
-- planner takes a workspace for a single row: foreign keys are then checked by reading the whole workspace for
-- every row, and a session keeps such a plan. The runtime role may not ANALYZE what it does not own, so this
-- does it for tables that were never analysed or have grown eightfold. It reads and gives away nothing.
create function analyze_grown_tables() returns integer
language plpgsql security definer set search_path = pg_catalog as $$
declare
  grown record;
  analyzed integer := 0;
begin
  if not pg_try_advisory_xact_lock(4400004) then return 0; end if; -- somebody else is at it
  for grown in
    select c.oid::regclass as name from pg_class c
     where c.relnamespace = 'public'::regnamespace and c.relkind = 'r' and c.relrowsecurity
       and pg_relation_size(c.oid) > 8192::bigint * case when c.reltuples < 0 then 3 else 8 * greatest(c.relpages, 1) end
  loop
    execute format('analyze %s', grown.name);
    analyzed := analyzed + 1;
  end loop;
  return analyzed;
end
$$;
revoke all on function analyze_grown_tables() from public;
