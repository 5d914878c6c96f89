import { recordEvent } from '../audit/record-event.ts';
import type { Database } from '../database/connect.ts';
import type { Log } from '../log.ts';
import type { PermissionName } from './permissions.ts';
import { type Principal, scopeOf, workspaceOf } from './principal.ts';
import { RollUp } from './roll-up.ts';

export interface Denial {
  principal: Principal;
  permission: PermissionName;
  operation: string;
  requestId: string;
  ip: string;
  userAgent: string;
}

/**
 * Writes denials into the audit log: the first at once, those like it in the next minute as one more event
 * with their number, so that nobody can grow a chain from outside. Alike: same key, permission and operation,
 * of which there are few; requests without a valid key belong to no workspace and are only counted in metrics.
 */
export class DenialRecorder {
  readonly #database: Database;
  readonly #log: Log;
  readonly #denials: RollUp<Denial>;

  constructor(database: Database, log: Log, windowMs?: number) {
    this.#database = database;
    this.#log = log;
    this.#denials = new RollUp((latest, times) => this.#write(latest, times), windowMs);
  }

  /** Notes a denial. Never throws: the refusal stands whether or not it could be written down. */
  async note(denial: Denial): Promise<void> {
    const { principal, permission, operation } = denial;
    await this.#denials.note(`${workspaceOf(principal)} ${principal.id} ${permission} ${operation}`, denial);
  }

  /** Writes what the current minute still holds back; before the database is closed. */
  flush(): Promise<void> {
    return this.#denials.flush();
  }

  async #write({ principal, permission, operation, requestId, ip, userAgent }: Denial, times: number) {
    const scope = scopeOf(principal);
    try {
      await this.#database.inScope(scope, (transaction) =>
        recordEvent(transaction, scope.workspaceId, {
          action: 'access.denied',
          actor: { type: principal.type, ref: principal.id, name: principal.name },
          target: { type: 'workspace', ref: scope.workspaceId },
          outcome: 'denied',
          interface: principal.interface,
          details: { permission, operation, times, request_id: requestId },
          personal: { ip, user_agent: userAgent },
        }),
      );
    } catch (error) {
      this.#log.error('a denial could not be written down', { request_id: requestId, error });
    }
  }
}
