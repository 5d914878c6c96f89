import { useQueryClient } from '@tanstack/react-query';
import { $api, type Schema } from '../../../api/client.ts';
import type { OrderField } from '../export-order.ts';

interface Given {
  name: string;
  shared: boolean;
  fields: OrderField[];
}

/** Keeps choices of fields and changes kept ones. */
export function useSaveFieldSet(onSaved: (set: Schema<'FieldSet'>) => void) {
  const queries = useQueryClient();
  const options = {
    onSuccess: async (set: Schema<'FieldSet'>) => {
      await queries.invalidateQueries({ queryKey: ['get', '/v1/field-sets'] });
      onSaved(set);
    },
  };
  const create = $api.useMutation('post', '/v1/field-sets', options);
  const change = $api.useMutation('patch', '/v1/field-sets/{id}', options);
  return {
    create: (body: Given) => create.mutate({ body }),
    change: (id: string, body: Partial<Given>) => change.mutate({ params: { path: { id } }, body }),
    isPending: create.isPending || change.isPending,
    error: create.error ?? change.error,
    reset: () => {
      create.reset();
      change.reset();
    },
  };
}
