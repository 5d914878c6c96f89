import type { Schema } from '../../api/client.ts';

/** What became of a message. */
export type DeliveryStatus = Schema<'WebhookDelivery'>['status'];

/** What the address of a webhook holds: which messages, and the one that is open. */
export interface DeliverySearch {
  status?: DeliveryStatus;
  delivery?: string;
}

const STATUSES: Record<DeliveryStatus, true> = { queued: true, delivered: true, failed: true };

/** Reads an address: what is none of ours is left away. */
export function readDeliverySearch({ status, delivery }: Record<string, unknown>): DeliverySearch {
  return {
    ...(typeof status === 'string' && Object.hasOwn(STATUSES, status)
      ? { status: status as DeliveryStatus }
      : {}),
    ...(typeof delivery === 'string' ? { delivery } : {}),
  };
}
