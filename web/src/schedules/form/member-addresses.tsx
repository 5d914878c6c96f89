import { MultiSelect, TagsInput } from '@mantine/core';
import { $api } from '../../api/client.ts';
import { useMay } from '../../session/use-session.ts';

const MOST = 100;

/** Members' mail addresses: chosen from a list by whoever may see it, typed by the others. */
export function MemberAddresses({
  label,
  hint,
  value,
  onChange,
  error,
}: {
  label: string;
  hint: string;
  value: string[];
  onChange: (addresses: string[]) => void;
  error: string | undefined;
}) {
  const maySee = useMay()('members.read');
  const { data } = $api.useQuery(
    'get',
    '/v1/members',
    { params: { query: { limit: MOST } } },
    { enabled: maySee },
  );
  const field = { label, description: hint, value, onChange, error };
  if (!maySee) return <TagsInput {...field} splitChars={[',', ' ', ';']} />;
  const known = (data?.members ?? []).map(({ email, name }) => ({
    value: email,
    label: `${name} (${email})`,
  }));
  const others = value
    .filter((address) => known.every(({ value: one }) => one !== address))
    .map((address) => ({ value: address, label: address }));
  return <MultiSelect {...field} data={[...known, ...others]} searchable clearable />;
}
