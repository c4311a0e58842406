import type { Metric, Sample } from './metric.ts';

/**
 * Metrics in Prometheus' text format, version 0.0.4, as node_exporter's textfile collector reads it.
 * @see https://prometheus.io/docs/instrumenting/exposition_formats/
 */
export function renderExposition(metrics: readonly Metric[]): string {
  return metrics
    .filter(({ samples }) => samples.length > 0)
    .map(({ name, help, samples }) => {
      const lines = samples.map((sample) => `${name}${renderLabels(sample)} ${sample.value}\n`);
      return `# HELP ${name} ${escapeHelp(help)}\n# TYPE ${name} gauge\n${lines.join('')}`;
    })
    .join('');
}

function renderLabels({ labels }: Sample): string {
  const pairs = Object.entries(labels).map(([label, value]) => `${label}="${escapeValue(value)}"`);
  return pairs.length === 0 ? '' : `{${pairs.join(',')}}`;
}

function escapeHelp(text: string): string {
  return text.replaceAll('\\', '\\\\').replaceAll('\n', '\\n');
}

function escapeValue(text: string): string {
  return escapeHelp(text).replaceAll('"', '\\"');
}
