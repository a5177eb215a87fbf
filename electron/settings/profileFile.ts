// Profiles in files: JSON, checked by the schema; every problem is said with its line and field.
import { readFileSync, statSync } from 'node:fs';
import { homedir } from 'node:os';
import { dirname, resolve } from 'node:path';
import * as v from 'valibot';
import { profileSchema, type Profile } from '@shared/profile';
import { JsonError, parseJson } from './jsonLines';

export type ReadProfile =
  | { readonly ok: true; readonly profile: Profile }
  /** `name`: as the file says, where it can be read. */
  | { readonly ok: false; readonly problem: string; readonly name: string | null };

/** Bytes; a profile is written by hand. */
const largest = 1_000_000;
const problemsShown = 5;

export function readProfileFile(path: string): ReadProfile {
  try {
    const size = statSync(path).size;
    if (size > largest) return { ok: false, name: null, problem: `The file has ${size} bytes; a profile has at most ${largest}.` };
    return checkProfile(readFileSync(path, 'utf8'), dirname(path));
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? error.code : null;
    const why = code === 'ENOENT' ? 'the file does not exist' : code === 'EACCES' ? 'it may not be read by you' : code === 'EISDIR' ? 'it is a folder' : String(error);
    return { ok: false, name: null, problem: `The profile can not be read: ${why}.` };
  }
}

/** `folder`: what relative paths (dataFolder, displays) start from. */
export function checkProfile(text: string, folder: string): ReadProfile {
  let document: ReturnType<typeof parseJson>;
  try {
    document = parseJson(text);
  } catch (error) {
    if (error instanceof JsonError) return { ok: false, name: null, problem: `Not JSON, ${error.message}.` };
    throw error;
  }
  if (typeof document.value !== 'object' || document.value === null || Array.isArray(document.value)) {
    return { ok: false, name: null, problem: 'The profile must be one object in { }.' };
  }
  const result = v.safeParse(profileSchema, document.value);
  if (result.success) return { ok: true, profile: withAbsolutePaths(result.output, folder) };
  const problems = result.issues.map((issue) => {
    const field = v.getDotPath(issue) ?? '';
    return `line ${document.lineOf(field)}, ${field === '' ? 'the profile' : `field "${field}"`}: ${sayIssue(issue)}`;
  });
  const more = problems.length > problemsShown ? `; and ${problems.length - problemsShown} more` : '';
  return { ok: false, name: nameOf(document.value), problem: `${problems.slice(0, problemsShown).join('; ')}${more}.` };
}

interface Issue { readonly kind: string; readonly type: string; readonly message: string; readonly expected: string | null; readonly received: string }

/** valibot's own words are for programmers; ours end without a full stop. */
function sayIssue(issue: Issue): string {
  if (issue.type === 'strict_object' && issue.expected === 'never') return 'there is no such field';
  if (issue.type === 'strict_object' && issue.received === 'undefined') return 'it is missing';
  if (issue.received === 'undefined') return 'it is missing';
  if (issue.kind === 'schema' && issue.type === 'picklist') return `it is ${issue.received}, but must be one of ${issue.expected?.replace(/[()]/g, '').replaceAll(' | ', ', ') ?? ''}`;
  if (issue.kind === 'schema') return `it is ${issue.received}, but must be ${kindWord(issue.type)}`;
  if (issue.type === 'min_value') return `it is ${issue.received}, but must be at least ${issue.expected?.replace('>=', '') ?? ''}`;
  if (issue.type === 'max_value') return `it is ${issue.received}, but must be at most ${issue.expected?.replace('<=', '') ?? ''}`;
  if (issue.type === 'min_length') return 'it is empty';
  if (issue.type === 'integer') return `it is ${issue.received}, but must be a whole number`;
  return issue.message.replace(/\.$/, '');
}

function kindWord(type: string): string {
  const words: Readonly<Record<string, string>> = {
    string: 'a text', number: 'a number', boolean: 'true or false', array: 'a list in [ ]', strict_object: 'an object in { }',
  };
  return words[type] ?? type;
}

function nameOf(value: unknown): string | null {
  if (typeof value !== 'object' || value === null || !('name' in value)) return null;
  return typeof value.name === 'string' && value.name.trim() !== '' ? value.name.trim().slice(0, 60) : null;
}

function withAbsolutePaths(profile: Profile, folder: string): Profile {
  const absolute = (path: string) => resolve(folder, path.replace(/^~(?=[/\\]|$)/, homedir()));
  return {
    ...profile,
    ...(profile.dataFolder === undefined ? {} : { dataFolder: absolute(profile.dataFolder) }),
    ...(profile.displays === undefined ? {} : { displays: absolute(profile.displays) }),
  };
}
