/**
 * Checks the content of files against valibot schemas. An error names the file, the field, what was expected
 * and what was found; each schema's message says what was expected.
 */

import * as v from 'valibot';

export const describe = <S extends v.GenericSchema>(schema: S, description: string) =>
  v.pipe(schema, v.description(description));

export const number = v.pipe(v.number('a number'), v.finite('a number'));
export const text = v.pipe(v.string('a non-empty string'), v.nonEmpty('a non-empty string'));

export function numberFrom(low: number) {
  const message = `a number of at least ${low}`;
  return v.pipe(v.number(message), v.finite(message), v.minValue(low, message));
}

export function numberBetween(low: number, high: number) {
  const message = `a number from ${low} to ${high}`;
  return v.pipe(v.number(message), v.minValue(low, message), v.maxValue(high, message));
}

export function integerFrom(low: number) {
  const message = `a whole number of at least ${low}`;
  return v.pipe(v.number(message), v.integer(message), v.minValue(low, message));
}

/** Numbers and booleans as the text of a cell or an attribute. */
export const numberText = v.pipe(
  v.string('a number'),
  v.trim(),
  v.check((value) => value !== '' && Number.isFinite(Number(value)), 'a number'),
  v.transform(Number),
);
/** As programs write them, and spreadsheets in their languages. */
const yes = [
  'true',
  '1',
  'yes',
  'y',
  'x',
  'wahr',
  'ja',
  'vrai',
  'oui',
  'verdadero',
  'verdadeiro',
  'vero',
  'waar',
  'prawda',
  'pravda',
  'sant',
  'sand',
  'tosi',
  'sann',
  'cert',
  'tõene',
  'sì',
  'sí',
  'sim',
  'tak',
  'evet',
  'igaz',
  'doğru',
  'adevărat',
  'истина',
  'да',
  'істина',
  'αληθης',
  'صحيح',
  'صواب',
  'אמת',
  '真',
];
const no = [
  'false',
  '0',
  'no',
  'n',
  'falsch',
  'nein',
  'faux',
  'non',
  'falso',
  'onwaar',
  'nee',
  'fałsz',
  'nepravda',
  'falskt',
  'falsk',
  'epätosi',
  'usann',
  'väär',
  'não',
  'nie',
  'nej',
  'nei',
  'hayır',
  'hayir',
  'hamis',
  'yanlış',
  'yanliş',
  'fals',
  'ложь',
  'нет',
  'хибність',
  'ψευδης',
  'ψευδησ',
  'خطأ',
  'שקר',
  '假',
];
export const booleanText = v.pipe(
  v.string('true or false'),
  v.trim(),
  v.toLowerCase(),
  v.picklist([...yes, ...no], 'true or false'),
  v.transform((value) => yes.includes(value)),
);

/** @throws Error naming the file when it is not JSON or does not fit. */
export function parseJson<S extends v.GenericSchema>(schema: S, content: string, file: string) {
  let value: unknown;
  try {
    value = JSON.parse(content);
  } catch (cause) {
    value = parsePythons(content);
    if (value === undefined)
      throw new Error(`${file}: is not valid JSON (${(cause as Error).message})`, { cause });
  }
  return parse(schema, value, file);
}

/** JSON as Python writes it, with NaN and Infinity for numbers that are missing; undefined where it is none either. */
function parsePythons(content: string): unknown {
  const tokens = /"(?:[^"\\]|\\.)*"|-?\b(?:NaN|Infinity)\b/g;
  try {
    return JSON.parse(content.replace(tokens, (token) => (token.startsWith('"') ? token : 'null')));
  } catch {
    return undefined;
  }
}

/** @throws Error that begins with `subject`, such as the file, when the value does not fit. */
export function parse<S extends v.GenericSchema>(
  schema: S,
  value: unknown,
  subject: string,
): v.InferOutput<S> {
  const result = v.safeParse(schema, value, { abortEarly: true });
  if (result.success) return result.output;
  throw new Error(`${subject}: ${describeIssue(result.issues[0])}`);
}

function describeIssue({ path: items, input, message, kind }: v.BaseIssue<unknown>): string {
  const path: readonly v.IssuePathItem[] = items ?? [];
  const last = path.at(-1);
  const isMissing = kind === 'schema' && last?.type === 'object' && !((last.key as string) in last.input);
  // valibot takes arrays for objects and reports their fields as missing.
  if (isMissing && Array.isArray(last.input)) return mustBe(path.slice(0, -1), 'an object', last.input);
  if (isMissing) return `${formatPath(path)} is missing`;
  return mustBe(path, message, input);
}

type Path = readonly { readonly key: unknown }[];

export function mustBe(path: Path, expected: string, found: unknown): string {
  return `${formatPath(path) || 'the file'} must be ${expected}, found ${brief(found)}`;
}

/** `pictures[1].faces[0].points` */
function formatPath(path: Path): string {
  return path
    .map(({ key }) => (typeof key === 'number' ? `[${key}]` : `.${String(key)}`))
    .join('')
    .replace(/^\./, '');
}

function brief(value: unknown): string {
  if (value === undefined) return 'nothing';
  if (Array.isArray(value)) return `an array of ${value.length}`;
  if (typeof value === 'object' && value !== null) return 'an object';
  const shown = typeof value === 'number' ? String(value) : JSON.stringify(value);
  return shown.length > 40 ? `${shown.slice(0, 40)}…` : shown;
}
