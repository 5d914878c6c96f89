import { fallsBack, type RecordShape } from '../grammar/record-shape.ts';
import { CHANGED_PARTICIPANTS } from './participants-sql.ts';

/** Convey's clock for a batch: one time for all of its rows, kept to the millisecond like every other. */
export const NOW = `date_trunc('milliseconds', now())`;

/** The same, worked out once for a statement instead of once for every row. */
const NOW_ONCE = `(select ${NOW})`;

/** The statements that bring staged rows into one table. $1 is the workspace, $2 the feed's epoch. */
export interface StageSql {
  stage: string;
  /** Makes the staging table, which a session keeps and a transaction empties, and starts filling it. */
  copy: string;
  /** How many staged rows are known (`known`), `older` or `unchanged`. */
  classify: string;
  /** Numbers `n` of patches without a record. */
  findUnknownPatches: string;
  /** For rows none of which is known. */
  insert: string;
  merge: string;
}

/**
 * Derives the statements from the catalogue. A staged row finds its record through a lateral sub-select with
 * `offset 0`, which makes a probe of the primary key out of it whatever the planner believes: a workspace that
 * it has no statistics of (hence `(select $1)`, which hides which one it is) counts as a few rows, and it would
 * read all of them for each staged row. The row is then named by its place (ctid), which the workspace's lock keeps it in.
 *
 * Staged columns: `n` (the row's number in the batch), `given`
 * (bits of the columns that a patch gave; -1 for an upsert), id, ref, then `shape.columns`, then for
 * conversations `participants`.
 * @param hasPatches some rows are patches; without any, the statements are simpler
 */
export function stageSql(shape: RecordShape, hasPatches: boolean): StageSql {
  const { table, columns } = shape;
  const target = table.name;
  const stage = `pg_temp.ingest_${target}`;
  const names = columns.map(({ name }) => name);
  const staged = ['n', 'given', 'id', 'ref', ...names];
  const created = ['0::bigint as n', '0::bigint as given', 'id', 'ref', ...names];
  const hasParticipants = shape.participantsBit !== undefined;
  if (hasParticipants) {
    staged.push('participants');
    created.push('null::jsonb as participants');
  }
  const values = columns.map((column, index) => newValue(shape, column.name, index, hasPatches));
  const isOlder = olderThanStored(shape);
  const isChanged = `(${names.map((name) => `t.${name}`).join(', ')}) is distinct from (${values.join(', ')})${
    hasParticipants ? ` or ${CHANGED_PARTICIPANTS}` : ''
  }`;
  const stamps = ['written_at', 'changed_epoch', 'changed_xid'];
  const stampValues = [NOW_ONCE, '$2::bigint', '(select pg_current_xact_id())'];
  const insertColumns = ['workspace_id', 'id', 'ref', ...names, ...stamps].join(', ');
  const insertValues = [
    '$1::text',
    's.id',
    's.ref',
    ...columns.map(({ name }) => arrivalValue(shape, name)),
    ...stampValues,
  ];
  const updates = [
    ...names.map((name, index) => `${name} = ${values[index]}`),
    ...stamps.map((name, index) => `${name} = ${stampValues[index]}`),
  ];
  const known = `${target} t where t.workspace_id = (select $1::text) and t.id = s.id offset 0`;
  return {
    stage,
    // Made from the table itself, so that types and collations agree with what they are compared to.
    // Made from the table itself, so that types and collations agree with what they are compared to. What an
    // earlier step of the same transaction staged (another workspace's rows) goes first.
    copy: `create temp table if not exists ingest_${target} on commit delete rows as
      select ${created.join(', ')} from ${target} with no data;
      delete from ${stage};
      copy ${stage} (${staged.join(', ')}) from stdin (format binary)`,
    classify: `select count(*)::int as known, count(*) filter (where ${isOlder})::int as older,
        count(*) filter (where not ${isOlder} and not (${isChanged}))::int as unchanged
      from ${stage} s cross join lateral (select * from ${known}) t`,
    findUnknownPatches: `select s.n from ${stage} s left join lateral (select id from ${known}) t on true
      where s.given >= 0 and t.id is null order by s.n`,
    insert: `insert into ${target} (${insertColumns}) select ${insertValues.join(', ')} from ${stage} s${
      hasPatches ? ' where s.given < 0' : ''
    }`,
    merge: `merge into ${target} t
      using (select s.*, k.place from ${stage} s left join lateral (select ctid as place from ${known}) k on true) s
         on t.ctid = s.place
      when matched and not ${isOlder} and (${isChanged}) then update set ${updates.join(', ')}
      when not matched${hasPatches ? ' and s.given < 0' : ''} then insert (${insertColumns}) values (${insertValues.join(', ')})`,
  };
}

/** What a known record's column becomes. */
function newValue(shape: RecordShape, name: string, index: number, hasPatches: boolean): string {
  const column = shape.columns[index]!;
  if (fallsBack(column)) return `coalesce(s.${name}, t.${name})`;
  if (!hasPatches) return `s.${name}`;
  // A patch says of the attributes what it says, not what it leaves out.
  const given =
    index === shape.attributes.index
      ? `case when s.given < 0 then s.${name} else t.${name} || s.${name} end`
      : `s.${name}`;
  return `case when s.given & ${2 ** index}::bigint <> 0 then ${given} else t.${name} end`;
}

/** What a new record's column becomes: a time that was not given is another that was, or now. */
function arrivalValue({ columns }: RecordShape, name: string): string {
  const fallbacks = columns.filter(fallsBack).map((column) => column.name);
  if (!fallbacks.includes(name)) return `s.${name}`;
  const others = fallbacks.filter((other) => other !== name);
  return `coalesce(${[name, ...others].map((one) => `s.${one}`).join(', ')}, ${NOW_ONCE})`;
}

/** Versions decide if both records have one, else the host's times if both have one, else nothing is older. */
function olderThanStored({ version }: RecordShape): string {
  return `coalesce(${version === undefined ? '' : 's.version < t.version, '}s.updated_at < t.updated_at, false)`;
}
