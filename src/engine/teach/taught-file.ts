/** The file of a taught model: JSON with its numbers in base64, as `docs/teach.md` describes it. */

import { EngineError } from '../errors';
import { Field } from '../model/parse';
import { parseScheme } from '../model/scheme';
import type { LearnReport, LeaveOneOut, Scheme, TaughtInfo } from '../types';
import type { Head } from './head';
import { formatHead, parseHead } from './head-file';

export const TAUGHT_FORMAT = 'mien-taught';

export interface Taught {
  readonly id: string;
  readonly title: string;
  readonly scheme: Scheme;
  readonly info: TaughtInfo;
  readonly head: Head;
}

/** Whether a parsed JSON file says that it is a taught model. */
export function isTaught(json: unknown): boolean {
  return (json as { format?: unknown } | null)?.format === TAUGHT_FORMAT;
}

export function formatTaught({ id, title, scheme, info, head }: Taught): Uint8Array<ArrayBuffer> {
  const { report, ...rest } = info;
  const json = {
    format: TAUGHT_FORMAT,
    formatVersion: 1,
    id,
    title,
    ...rest,
    scheme,
    report,
    head: formatHead(head),
  };
  return new TextEncoder().encode(JSON.stringify(json, null, 1));
}

/**
 * @param file its name, for the message.
 * @throws EngineError `bad-model`, naming the file and the field.
 */
export function parseTaught(json: unknown, file: string): Taught {
  const root = Field.root(file, json, (message) => new EngineError('bad-model', message));
  root.get('format').oneOf(TAUGHT_FORMAT);
  root.get('formatVersion').oneOf(1);
  const scheme = parseScheme(root.get('scheme'));
  const base = root.get('base');
  const kind = root.get('kind').oneOf('points', 'my-face');
  return {
    id: root.get('id').text(),
    title: root.get('title').text(),
    scheme,
    info: {
      kind,
      crop: root.get('crop').oneOf('face', 'box'),
      base: { id: base.get('id').text(), sha256: base.get('sha256').text() },
      report: parseReport(root.get('report'), scheme.pointCount),
    },
    head: parseHead(root.get('head'), kind, scheme.pointCount),
  };
}

function parseReport(field: Field, pointCount: number): LearnReport {
  return {
    pictures: field.get('pictures').integer(1),
    marks: field
      .get('marks')
      .array(pointCount)
      .map((count) => count.integer()),
    leaveOneOut: field.get('leaveOneOut').nullable((errors) => parseLeaveOneOut(errors, pointCount)),
    learned: field.get('learned').boolean(),
    curve: field
      .get('curve')
      .array()
      .map((point) => ({
        pictures: point.get('pictures').integer(1),
        errorPct: point.get('errorPct').number(0),
      })),
  };
}

function parseLeaveOneOut(field: Field, pointCount: number): LeaveOneOut {
  return {
    errorPct: field.get('errorPct').number(0),
    spreadPct: field.get('spreadPct').number(0),
    perPointPct: field
      .get('perPointPct')
      .array(pointCount)
      .map((error) => (error.value === null ? null : error.number(0))),
    plainErrorPct: field.get('plainErrorPct').number(0),
  };
}
