import { describe, expect, it } from 'vitest';
import { csvLong, csvWide } from './index';
import type { ExportFile } from '../types';
import { triangle } from '../../../../tests/fixtures/faces';

const heading =
  'picture,width,height,face,model,scheme,corrected,score,x1,y1,spread1,x2,y2,spread2,x3,y3,spread3';
const row = 'a.jpg,640,480,1,net,triangle,true,0.75,10.5,20.5,1,30.25,20.5,2,20.5,40.5,0';
const table = `${heading}\r\n${row}\r\n`;
const wanted = [10.5, 20.5, 30.25, 20.5, 20.5, 40.5];

function readOne(text: string) {
  const [picture, ...others] = csvWide.read!(text, 'x.csv');
  expect(others).toEqual([]);
  expect(picture.path).toBe('a.jpg');
  expect(picture.faces).toHaveLength(1);
  return { ...picture.faces[0], points: [...picture.faces[0].points] };
}

const withSemicolons = (text: string) =>
  text.replaceAll(',', ';').replaceAll('.5', ',5').replaceAll('.25', ',25').replaceAll('.75', ',75');

describe('a table that a spreadsheet saved', () => {
  it.each<[string, string]>([
    ['with a byte order mark', `\ufeff${table}`],
    ['with semicolons and decimal commas', withSemicolons(table)],
    ['with tabs', table.replaceAll(',', '\t')],
    ['with tabs and decimal commas', withSemicolons(table).replaceAll(';', '\t')],
    ['with a sep= line', `sep=;\r\n${withSemicolons(table)}`],
    ['with a mark, a sep= line in quotes, and commas', `\ufeff"sep=,"\r\n${table}`],
    [
      'with quoted decimal commas',
      `${heading}\n${row.replace(/\d+\.\d+/g, (value) => `"${value.replace('.', ',')}"`)}`,
    ],
    ['with empty rows', `\r\n${heading}\r\n\r\n,,,,,,,,,,,,,,,,\r\n${row}\r\n \r\n,,,\r\n`],
    ['with empty cells after the last', `${heading},,\r\n${row},,\r\n`],
    [
      'with another case and spaces in the heading',
      `${heading.toUpperCase().replaceAll(',', ' , ')}\n${row}`,
    ],
    ['with old line endings', table.replaceAll('\r\n', '\r')],
  ])('%s', (_, text) => {
    expect(readOne(text)).toMatchObject({ points: wanted, corrected: true, score: 0.75, model: 'net' });
  });

  // As spreadsheets of these countries write a row of the same numbers.
  it.each<[string, string]>([
    ['Germany', '1.294,25;118,5;;2.048;20,125;'],
    ['France', '1\u202f294,25;118,5;;2\u00a0048;20,125;'],
    ['Switzerland', '1’294.25;118.5;;2’048;20.125;'],
    ['Egypt', '١٬٢٩٤٫٢٥;١١٨٫٥;;٢٬٠٤٨;٢٠٫١٢٥;'],
    ['Iran', '۱۲۹۴٫۲۵;۱۱۸٫۵;;۲۰۴۸;۲۰٫۱۲۵;'],
    ['the United States', '"1,294.25";118.5;;"2,048";20.125;'],
    ['a laboratory', '1.29425E+03;1.185E+02;;2048;20.125;'],
    ['a German laboratory', '1,29425E+03;118,5;;2048;20,125;'],
  ])('in %s', (_, cells) => {
    const text = `${heading.replaceAll(',', ';')}\na.jpg;640;480;1;net;triangle;1;1;${cells};30;40;\n`;
    const { points } = readOne(text);
    expect(points).toEqual([1294.25, 118.5, 2048, 20.125, 30, 40]);
  });

  it('with three digits behind each comma, where another number tells that these are fractions', () => {
    const cells = '294,125;118,375;;10,125;20;;30;40;';
    const text = `${heading.replaceAll(',', ';')}\na.jpg;640;480;1;net;triangle;1;0,98;${cells}\n`;
    expect(readOne(text).points).toEqual([294.125, 118.375, 10.125, 20, 30, 40]);
    expect(() => readOne(text.replace('0,98', '1'))).toThrow('x.csv, row 2, column I: "294,125" may be');
  });

  it('beside other columns, such as dates, which do not count', () => {
    const text = `${heading.replaceAll(',', ';')};taken\na.jpg;640;480;1;net;triangle;1;1;1.294,25;118,5;;10;20;;30;40;;29.11.2026\n`;
    expect(readOne(text).points).toEqual([1294.25, 118.5, 10, 20, 30, 40]);
  });

  it('refuses numbers of two countries', () => {
    const cells = '1.294,25;118.5;;10;20;;30;40;';
    const text = `${heading.replaceAll(',', ';')}\na.jpg;640;480;1;net;triangle;1;1;${cells}\n`;
    expect(() => readOne(text)).toThrow('x.csv, row 2, column J: "118.5" may be thousands or a fraction');
  });

  it('under its title, as Numbers writes it; rows are counted with it', () => {
    expect(readOne(`Tabelle 1\r\n${withSemicolons(table)}`).points).toEqual(wanted);
    expect(readOne(`Table 1\n\n${table}`).points).toEqual(wanted);
    expect(() => readOne(`Table 1\n${table.replace('10.5', 'ten')}`)).toThrow(
      'x.csv, row 3, point 1, column I',
    );
  });

  it.each(['ИСТИНА', 'SANT', 'SANN', 'IGAZ', 'DOĞRU', 'صحيح', 'TOSI', 'CERT', 'Sì', 'Evet'])(
    '%s is corrected too',
    (cell) => {
      expect(readOne(table.replace('true', cell)).corrected).toBe(true);
    },
  );

  it.each(['TRUE', 'True', '1', 'yes', 'Yes', 'x', 'X', 'WAHR', 'VRAI', ' true '])(
    '%s is corrected',
    (cell) => {
      expect(readOne(table.replace('true', cell)).corrected).toBe(true);
    },
  );

  it.each(['FALSE', '0', 'no', 'FALSCH', 'n', 'USANN', 'HAYIR', 'Não'])('%s is not', (cell) => {
    expect(readOne(table.replace('true', cell)).corrected).toBe(false);
  });

  it('marked with an x here and empty there', () => {
    const text = `${heading}\n${row.replace('true', 'x')}\n${row.replace('true', '').replace('a.jpg', 'b.jpg')}`;
    const faces = csvWide.read!(text, 'x.csv').map((picture) => picture.faces[0].corrected);
    expect(faces).toEqual([true, false]);
  });

  it.each([
    [
      'an empty mark that may mean either',
      table.replace('true', ''),
      'x.csv, row 2, column G: corrected is missing',
    ],
    [
      'another word',
      table.replace('true', 'maybe'),
      'x.csv, row 2, column G: corrected must be true or false, found "maybe"',
    ],
    [
      'what is no number',
      table.replace('30.25', '#NAME?'),
      'x.csv, row 2, point 2, column L: x must be a number, found "#NAME?"',
    ],
    [
      'a date made of a number',
      table.replace('0.75', 'Jan 75'),
      'x.csv, row 2, column H: score must be a number, found "Jan 75"',
    ],
    ['x without y', table.replace('30.25,20.5', '30.25,'), 'x.csv, row 2, point 2, column M: y is missing'],
    ['both kinds of commas', withSemicolons(table).replace('30,25', '30.25'), 'x.csv, row 2'],
    [
      'thousands',
      table.replace('640,480', '"1,640",480').replace(/\.\d+/g, ''),
      'x.csv, row 2, column B: width must be a number, found "1,640"',
    ],
    [
      'German thousands',
      `${heading}\n${row.replace('30.25', '1.394').replace(/\.[257]5?/g, '')}`.replaceAll(',', ';'),
      'x.csv, row 2, column L: "1.394" may be thousands or a fraction',
    ],
    [
      'English thousands between tabs',
      `${heading}\n${row.replace('30.25', '1;294').replace(/\.[257]5?/g, '')}`
        .replaceAll(',', '\t')
        .replace('1;294', '1,294'),
      'x.csv, row 2, column L: "1,294" may be thousands or a fraction',
    ],
    ['a face that comes twice', `${table}${row}`, 'x.csv, row 3: the picture has face 1 already'],
    [
      'a heading that names a column twice',
      table.replace('face,', 'width,'),
      'x.csv: has the column width twice',
    ],
    ['a row that was cut off', table.slice(0, -12), 'x.csv, row 2: has 15 cells, the heading 17'],
  ])('%s is refused with its place', (_, text, message) => {
    expect(() => csvWide.read!(text, 'x.csv')).toThrow(message);
  });

  it('counts rows as the spreadsheet does, empty ones too and the sep= line not', () => {
    const bad = row.replace('30.25', 'wide').replace('480,1,', '480,2,');
    expect(() => csvWide.read!(`sep=,\n${heading}\n\n${row}\n\n${bad}`, 'x.csv')).toThrow(
      'x.csv, row 5, point 2, column L',
    );
  });

  it('of fractions with three digits each are no thousands', () => {
    const fractions = row.replace(/10\.5|20\.5|30\.25|40\.5/g, (x) => Number(x).toFixed(3));
    expect(
      readOne(
        `${heading}\n${fractions}`
          .replaceAll(',', ';')
          .replace(/\./g, (dot, at, all: string) => (all.slice(at, at + 4) === '.jpg' ? dot : ',')),
      ).points,
    ).toEqual(wanted);
  });

  it('sorted by something else: points go by their numbers', () => {
    const columns = 'picture,width,height,face,model,scheme,corrected,score,point,name,x,y,spread';
    const line = (point: number, x: number) => `a.jpg,640,480,1,net,triangle,true,0.75,${point},,${x},5,`;
    const read = (...lines: string[]) =>
      csvLong.read!([columns, ...lines].join('\n'), 'x.csv')[0].faces[0].points;
    expect([...read(line(3, 30), line(1, 10), line(2, 20))]).toEqual([10, 5, 20, 5, 30, 5]);
    // One that was filtered out is missing.
    expect([...read(line(3, 30), line(1, 10))]).toEqual([10, 5, NaN, NaN, 30, 5]);
    expect(() => read(line(3, 30), line(3, 10))).toThrow('x.csv, row 3: the face has point 3 already');
  });
});

describe('missing points in tables', () => {
  const points = Float32Array.of(10.5, 20.5, NaN, NaN, NaN, NaN);
  const face = { points, spread: null, score: 0.5, model: 'net', scheme: triangle, corrected: true };
  const picture = {
    name: 'a.jpg',
    folder: '',
    width: 9,
    height: 9,
    faces: [face],
    open: async () => new Blob(),
  };

  it.each([csvWide, csvLong])('are written and read: $label', (format) => {
    const [{ data }] = format.write([picture], { style: {} as never }) as Iterable<ExportFile>;
    expect(data).toContain('NaN,NaN');
    expect([...format.read!(data as string, 'x.csv')[0].faces[0].points]).toEqual([...points]);
  });

  it('may be empty cells, at the end too where other faces have the point', () => {
    const empty = `${row.replace('a.jpg', 'b.jpg').replace('20.5,40.5,0', ',,')}`;
    const [, second] = csvWide.read!(`${heading}\n${row}\n${empty}\n`, 'x.csv');
    expect([...second.faces[0].points]).toEqual([10.5, 20.5, 30.25, 20.5, NaN, NaN]);
    expect([...second.faces[0].spread!]).toEqual([1, 2, NaN]);
  });
});

describe('a table for Excel', () => {
  it('begins with a byte order mark only when asked', () => {
    const write = (bom?: boolean) =>
      [...(csvWide.write([], { style: {} as never, bom }) as Iterable<ExportFile>)][0].data as string;
    expect(write(true).charCodeAt(0)).toBe(0xfeff);
    expect(write().startsWith('picture')).toBe(true);
  });
});
