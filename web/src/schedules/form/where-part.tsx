import { Radio, Select, Stack, TextInput } from '@mantine/core';
import { $api } from '../../api/client.ts';
import { useTexts } from '../../texts/texts-provider.tsx';
import { MemberAddresses } from './member-addresses.tsx';
import type { ScheduleDraft } from './schedule-body.ts';
import type { PartProps } from './schedule-form.tsx';

type Destination = ScheduleDraft['destination'];

/** Where packages go beside being kept, and who hears when it pauses itself. */
export function WherePart({ draft, change, errorOf }: PartProps) {
  const texts = useTexts().schedules;
  const { form } = texts;
  const { destination } = draft;
  const listed = $api.useQuery('get', '/v1/schedules', { params: { query: { limit: 1 } } });
  const stores = listed.data?.s3_destinations ?? [];
  const go = (next: Destination) => change({ destination: next });
  const begun: Record<Destination['type'], () => Destination> = {
    link: () => ({ type: 'link' }),
    mail: () => ({ type: 'mail', to: [] }),
    s3: () => ({ type: 's3', destination: stores[0] ?? '' }),
  };
  return (
    <Stack gap="lg">
      <Radio.Group
        aria-label={texts.where}
        value={destination.type}
        onChange={(type) => go(begun[type as Destination['type']]())}
        error={destination.type === 'link' ? errorOf('destination') : undefined}
      >
        <Stack gap="xs" mt="xs">
          {(Object.keys(texts.destinations) as Destination['type'][]).map((type) => {
            const isMissing = type === 's3' && stores.length === 0;
            return (
              <Radio
                key={type}
                value={type}
                label={texts.destinations[type]}
                disabled={isMissing && destination.type !== 's3'}
                description={isMissing && listed.isSuccess ? form.noStore : undefined}
              />
            );
          })}
        </Stack>
      </Radio.Group>
      {destination.type === 'mail' && (
        <MemberAddresses
          label={form.to}
          hint={form.toHint}
          value={destination.to}
          onChange={(to) => go({ type: 'mail', to })}
          error={errorOf('destination')}
        />
      )}
      {destination.type === 's3' && (
        <>
          <Select
            label={form.store}
            data={[...new Set([...stores, destination.destination])].filter((name) => name !== '')}
            value={destination.destination}
            onChange={(name) => name !== null && go({ ...destination, destination: name })}
            allowDeselect={false}
            error={errorOf('destination/destination')}
          />
          <TextInput
            label={form.prefix}
            description={form.prefixHint}
            value={destination.prefix ?? ''}
            onChange={({ currentTarget: { value } }) => {
              const { prefix: _, ...rest } = destination;
              go(value === '' ? rest : { ...rest, prefix: value });
            }}
            error={errorOf('destination/prefix')}
          />
        </>
      )}
      <MemberAddresses
        label={form.notify}
        hint={form.notifyHint}
        value={draft.notify}
        onChange={(notify) => change({ notify })}
        error={errorOf('notify')}
      />
    </Stack>
  );
}
