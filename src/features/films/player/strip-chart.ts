/** A curve over the film's time with a mark at the frame that is shown. */

import uPlot from 'uplot';
import { frameAt } from '../results/film-data';
import { alone, formatValue, tickLabels, timeRange, valueRange } from './strip-scale';

const HEIGHT_PX = 120;
/** All strips of a film have their cursors at the same time. */
const CURSORS = 'film';

export interface StripChartOptions {
  /** S. */
  readonly times: readonly number[];
  readonly lines: readonly { readonly label: string; readonly values: readonly (number | null)[] }[];
  /** S: where a shot begins. */
  readonly cuts: readonly number[];
  readonly isDark: boolean;
  readonly onseek: (timeS: number) => void;
}

export interface StripChart {
  /** Moves the mark. */
  mark(timeS: number): void;
  destroy(): void;
}

const strokes = {
  light: ['#0d6b61', '#b3541e', '#5a4fcf'],
  dark: ['#6ad3c1', '#f0b46c', '#b9b4ff'],
} as const;
const dashes = [[], [7, 4], [2, 3]];

export function createStripChart(host: HTMLElement, options: StripChartOptions): StripChart {
  const { times, lines, cuts, isDark, onseek } = options;
  const style = getComputedStyle(host);
  const [ink, line] = [style.getPropertyValue('--ink-soft'), style.getPropertyValue('--line')];
  const font = `11px ${style.fontFamily}`;
  const axis = { stroke: ink, font, grid: { stroke: line, width: 1 }, ticks: { stroke: line } };
  const colours = strokes[isDark ? 'dark' : 'light'];
  const marker = document.createElement('div');
  marker.className = 'strip-mark';
  let markedS = 0;
  const dots = lines.map(({ values }) => alone(values));
  const place = (chart: uPlot) => (marker.style.left = `${chart.valToPos(markedS, 'x')}px`);
  /** Of the frame that is shown, while the pointer is at none. */
  const tell = (drawn: uPlot) => {
    if ((drawn.cursor.idx ?? null) === null) drawn.setLegend({ idx: frameAt(times, markedS) }, false);
  };
  const chart = new uPlot(
    {
      width: host.clientWidth,
      height: HEIGHT_PX,
      scales: {
        x: { time: false, range: (_, first, last) => timeRange(first, last) },
        y: { range: (_, low, high) => uPlot.rangeNum(...valueRange(low, high), 0.1, true) },
      },
      cursor: { drag: { x: false, y: false }, sync: { key: CURSORS } },
      legend: { live: true },
      axes: [
        { ...axis, size: 24, values: (_, ticks) => ticks.map((tick) => `${Number(tick.toFixed(2))} s`) },
        { ...axis, size: 54, values: (_, ticks, _axis, _space, step) => tickLabels(ticks, step) },
      ],
      series: [
        { label: 'Time', value: (_, value) => (value === null ? '–' : `${value.toFixed(2)} s`) },
        ...lines.map(({ label }, i) => ({
          label,
          stroke: colours[i % colours.length],
          dash: dashes[i % dashes.length],
          width: 1.75,
          points: { show: false, size: 6, filter: () => dots[i] },
          value: (_: uPlot, value: number | null) => formatValue(value),
        })),
      ],
      hooks: {
        draw: [(drawn) => drawCuts(drawn, cuts, line)],
        setSize: [place],
        setLegend: [tell],
      },
    },
    [[...times], ...lines.map(({ values }) => [...values])],
    host,
  );
  chart.over.append(marker);
  place(chart);
  tell(chart);
  const seek = (event: PointerEvent) => {
    if (event.buttons & 1)
      onseek(chart.posToVal(event.clientX - chart.over.getBoundingClientRect().left, 'x'));
  };
  chart.over.addEventListener('pointerdown', seek);
  chart.over.addEventListener('pointermove', seek);
  const observer = new ResizeObserver(() => chart.setSize({ width: host.clientWidth, height: HEIGHT_PX }));
  observer.observe(host);
  return {
    mark(timeS) {
      markedS = timeS;
      place(chart);
      tell(chart);
    },
    destroy() {
      observer.disconnect();
      chart.destroy();
    },
  };
}

function drawCuts({ ctx, bbox, valToPos }: uPlot, cuts: readonly number[], colour: string): void {
  ctx.save();
  ctx.fillStyle = colour;
  for (const cut of cuts) ctx.fillRect(Math.round(valToPos(cut, 'x', true)), bbox.top, 2, bbox.height);
  ctx.restore();
}
