import { errorKind } from '../../errors.ts';

export const unknownWebhook = errorKind('webhooks.not_found', 404, 'There is no such webhook.');
export const unknownDelivery = errorKind('webhooks.unknown_delivery', 404, 'There is no such delivery.');
export const badUrl = errorKind(
  'webhooks.bad_url',
  400,
  'A webhook’s url is an https address on the public internet that has no user name in it.',
);
export const isDisabled = errorKind(
  'webhooks.disabled',
  409,
  'The webhook is switched off. Switch it on first: PATCH it with “disabled”: false.',
);
export const tooManyWebhooks = errorKind(
  'webhooks.too_many',
  409,
  'The workspace has as many webhooks as it may. Delete one first.',
);
