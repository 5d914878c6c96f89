import type { Catalogue } from '../catalogue.ts';

/** Webhooks and mails: refusals, and what a webhook can be told. */
export const webhooks: Catalogue = {
  'A mail holds a link that leads elsewhere than to this server, so it is not sent.':
    'Eine Mail enthält einen Link, der nicht zu diesem Server führt. Sie wird deshalb nicht verschickt.',
  'There is no such mail.': 'Diese Mail gibt es nicht.',
  'A webhook’s url is an https address on the public internet that has no user name in it.':
    'Die Adresse eines Webhooks ist eine https-Adresse im öffentlichen Internet, ohne Benutzernamen darin.',
  'The webhook is switched off. Switch it on first: PATCH it with “disabled”: false.':
    'Der Webhook ist abgeschaltet. Schalten Sie ihn zuerst an: PATCH mit „disabled“: false.',
  'The workspace has as many webhooks as it may. Delete one first.':
    'Der Arbeitsbereich hat so viele Webhooks, wie er haben darf. Löschen Sie zuerst einen.',
  'There is no such delivery.': 'Diese Zustellung gibt es nicht.',
  'There is no such webhook.': 'Diesen Webhook gibt es nicht.',
  'An export is finished and may be fetched.': 'Ein Export ist fertig und kann geholt werden.',
  'An export ended without a usable file; `code` says why.':
    'Ein Export endete ohne brauchbare Datei; `code` sagt, warum.',
  'The files of an export were deleted because their time was over.':
    'Die Dateien eines Exports wurden gelöscht, weil ihre Zeit um war.',
  'An export was fetched to its last byte.': 'Ein Export wurde bis zum letzten Byte geholt.',
  'A schedule cannot go on and was paused; `reason` and `code` say why.':
    'Ein Zeitplan kann nicht weitergehen und wurde angehalten; `reason` und `code` sagen, warum.',
  'The audit log’s chain was signed; keep the checkpoint somewhere else.':
    'Die Kette des Protokolls wurde signiert; bewahren Sie den Prüfpunkt anderswo auf.',
  'The audit log is shorter than, or not the one, that a checkpoint noted: somebody must look.':
    'Das Protokoll ist kürzer als notiert oder nicht das, was ein Prüfpunkt notierte: Jemand muss nachsehen.',
};
