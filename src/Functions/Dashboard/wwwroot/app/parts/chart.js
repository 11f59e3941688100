import { html, useEffect, useRef, useState } from '../html.js';
import { clock } from '../text.js';
import { NotLoaded } from './later.js';
import { THEME_CHANGED } from './theme-switch.js';

const HEIGHT = 190;
/** A shorter time would make noise look like movement. */
const LEAST_SECONDS = 60;
const STEPS = [10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600];
const STYLES = new URL('../../vendor/uplot.css', import.meta.url);

/** The library, loaded with its styles when the first chart is drawn. */
let library = null;

function load() {
  library ??= Promise.all([
    import('../../vendor/uplot.mjs').then((module) => module.default),
    new Promise((resolve) => {
      const styles = Object.assign(document.createElement('link'), { rel: 'stylesheet', href: STYLES.href, onload: resolve, onerror: resolve });
      document.head.append(styles);
    }),
  ]).then(([chart]) => chart);
  return library;
}

/**
 * Lines over time.
 * @param {{ series: { label: string, colour: string }[], data: number[][], label: string }} props `colour` is the name of a CSS variable; `data` has times in seconds first
 */
export function Chart({ series, data, label }) {
  const place = useRef(null);
  const chart = useRef(null);
  const [isMissing, setMissing] = useState(false);
  const latest = useRef(data);
  latest.current = data;

  useEffect(() => {
    let isGone = false;
    let draw = () => {};
    load().then((Plot) => {
      if (isGone)
        return;
      draw = () => {
        chart.current?.destroy();
        chart.current = new Plot(options(place.current, series), latest.current, place.current);
      };
      draw();
    }, () => isGone || setMissing(true));
    const sized = new ResizeObserver(([entry]) => chart.current?.setSize({ width: Math.round(entry.contentRect.width), height: HEIGHT }));
    sized.observe(place.current);
    const redraw = () => draw();
    addEventListener(THEME_CHANGED, redraw);
    const system = matchMedia('(prefers-color-scheme: dark)');
    system.addEventListener('change', redraw);
    return () => {
      isGone = true;
      sized.disconnect();
      removeEventListener(THEME_CHANGED, redraw);
      system.removeEventListener('change', redraw);
      chart.current?.destroy();
      chart.current = null;
    };
  }, []);

  useEffect(() => chart.current?.setData(data), [data.length, data[0]?.at(-1)]);
  return html`<div class="chart" ref=${place} role="img" aria-label=${label}></div>${isMissing && html`<${NotLoaded} />`}`;
}

function options(place, series) {
  // A canvas knows no light-dark(): the colour is taken from an element that has it.
  const probe = document.createElement('span');
  place.append(probe);
  const colour = (name) => {
    probe.style.color = `var(${name})`;
    return getComputedStyle(probe).color;
  };
  const axis = { stroke: colour('--soft'), grid: { stroke: colour('--line'), width: 1 }, ticks: { stroke: colour('--line'), width: 1 } };
  const made = {
    width: place.clientWidth,
    height: HEIGHT,
    cursor: { drag: { x: false, y: false } },
    legend: { live: false },
    scales: { x: { range: (_, low, high) => [Math.min(low, high - LEAST_SECONDS), high] }, y: { range: (_, low, high) => [0, Math.max(5, (high ?? 0) * 1.15)] } },
    axes: [{ ...axis, incrs: STEPS, space: 70, values: (_, ticks) => ticks.map((tick) => clock(tick * 1000)) }, { ...axis, size: 54 }],
    series: [{}, ...series.map((each) => ({ label: each.label, stroke: colour(each.colour), width: 2, points: { show: false } }))],
  };
  probe.remove();
  return made;
}
