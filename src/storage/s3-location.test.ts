import { expect, test } from 'vitest';
import { parseS3Location } from './s3-location.ts';

test('a location is a bucket, a prefix, and how to reach it', () => {
  expect(parseS3Location('s3://bucket')).toEqual({
    bucket: 'bucket',
    prefix: '',
    region: undefined,
    endpoint: undefined,
    isPathStyle: false,
  });
  expect(
    parseS3Location(
      's3://my.bucket-1/Some/where.else/?region=eu-central-1&endpoint=https://s3.example.com:9000',
    ),
  ).toEqual({
    bucket: 'my.bucket-1',
    prefix: 'Some/where.else/',
    region: 'eu-central-1',
    endpoint: 'https://s3.example.com:9000',
    isPathStyle: true,
  });
  expect(parseS3Location('s3://bucket/?endpoint=http%3A%2F%2Fminio&path-style=false').isPathStyle).toBe(
    false,
  );
  expect(parseS3Location('s3://bucket/a?path-style=true')).toMatchObject({ prefix: 'a/', isPathStyle: true });
});

test.each([
  ['s3:bucket', 's3://BUCKET'],
  ['s3://', 'bucket'],
  ['s3://Bucket', 'bucket'],
  ['s3://bucket/a//b', 'prefix'],
  ['s3://bucket/../b', 'prefix'],
  ['s3://bucket/.hidden', 'prefix'],
  [`s3://bucket/${'x'.repeat(256)}`, 'prefix'],
  ['s3://bucket?region=', '“region”'],
  ['s3://bucket?region=a b', '“region”'],
  ['s3://bucket?region=a&region=b', '“region”'],
  ['s3://bucket?endpoint=s3.example.com', '“endpoint”'],
  ['s3://bucket?endpoint=ftp://s3.example.com', '“endpoint”'],
  ['s3://bucket?path-style=yes', '“path-style”'],
  ['s3://bucket?regoin=a', '“regoin”'],
  ['s3://bucket#x', 's3://BUCKET'],
])('%s is refused, naming what is wrong', (location, named) => {
  expect(() => parseS3Location(location)).toThrow(expect.objectContaining({ code: 'storage.bad_location' }));
  expect(() => parseS3Location(location)).toThrow(named);
});

test.each([
  's3://AKIA123:hunter2@bucket',
  's3://bucket?access-key=hunter2',
  's3://bucket?aws_secret_access_key=hunter2',
  's3://bucket?hunter2',
  's3://bucket?endpoint=https://user:hunter2@host',
  's3://bucket?region=eu&endpoint=https://host/?hunter2',
])('credentials in a location are refused and not repeated: %s', (location) => {
  let message = '';
  try {
    parseS3Location(location);
  } catch (error) {
    message = String(error);
  }
  expect(message).not.toBe('');
  expect(message).not.toContain('hunter2');
});
