import { errorKind } from '../../errors.ts';

export const unknownSchedule = errorKind(
  'schedules.unknown',
  404,
  'There is no such schedule in this workspace.',
);
export const badSchedule = errorKind(
  'schedules.bad_schedule',
  400,
  'What was asked for does not make a schedule.',
);
export const tooManySchedules = errorKind(
  'schedules.too_many',
  409,
  'The workspace has as many schedules as it may have.',
);
export const busySchedule = errorKind(
  'schedules.busy',
  409,
  'An occurrence of this schedule waits or runs already. Wait for its end.',
);
export const overtaken = errorKind(
  'schedules.overtaken',
  409,
  'Another server has this occurrence, or the schedule was changed meanwhile.',
);
export const badCopy = errorKind(
  'schedules.bad_copy',
  502,
  'The package at the destination is not the one that was sent.',
);
