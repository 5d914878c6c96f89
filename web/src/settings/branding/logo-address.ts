import type { Schema } from '../../api/client.ts';

/** Where a logo is: another logo has another address, so that no old picture is shown for a new one. */
export const logoAddress = ({ id }: NonNullable<Schema<'Brand'>['logo']>): string =>
  `/v1/settings/brand/logo?id=${encodeURIComponent(id)}`;
