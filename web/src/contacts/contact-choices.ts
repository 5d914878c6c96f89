import type { Schema } from '../api/client.ts';
import type { paths } from '../api/schema.d.ts';

type Query<Path extends '/v1/contacts/{id}/export' | '/v1/contacts/export'> = NonNullable<
  paths[Path]['get']['parameters']['query']
>;

/** What the export of one person can be. */
export type ContactFormat = NonNullable<Query<'/v1/contacts/{id}/export'>['format']>;
/** For whom it is. */
export type ContactProfile = NonNullable<Query<'/v1/contacts/{id}/export'>['profile']>;
/** What the table of all contacts can be. */
export type ContactsFormat = NonNullable<Query<'/v1/contacts/export'>['format']>;

/** What somebody is to whom they talk to. */
export type ContactKind = Schema<'Contact'>['kind'];
