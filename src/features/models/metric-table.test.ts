import { readFileSync } from 'node:fs';
import { render } from 'svelte/server';
import { expect, it } from 'vitest';
import MetricTable from './MetricTable.svelte';

it('tells of a data set whose labels were laid anew that its errors are of the shape alone, by yaw too', () => {
  const file = readFileSync('static/models/lite/model.json', 'utf8');
  const { metrics } = JSON.parse(file).userDefinedMetadata.mien;
  const rows = render(MetricTable, { props: { metrics, label: 'lite' } }).body.split('<tr');
  const shapes = rows.filter((row) => row.includes('shape only'));
  expect(shapes).toHaveLength(1);
  expect(shapes[0]).toContain('aflw2000_rest');
  const turned = rows.slice(rows.indexOf(shapes[0]) + 1).filter((row) => row.includes('turned by'));
  expect(turned.map((row) => /turned by ([^<]+)/.exec(row)?.[1].trim())).toEqual([
    '0–30°',
    '30–60°',
    '60–90°',
  ]);
});
