import { errorKind } from '../errors.ts';

export const badUsage = errorKind('cli.bad_usage', 400, 'The command was not used right; see its --help.');
