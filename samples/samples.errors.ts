import { errorKind } from '../src/errors.ts';

export const folderNotEmpty = errorKind(
  'samples.folder_not_empty',
  409,
  'The folder for the sample already holds something. Name an empty one, or say --force to replace an earlier sample.',
);
