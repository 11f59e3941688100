// Rules to queries over Application Insights. Each query answers one row with the column `lowest`, the least sample of the time it looks at,
// or none: the alert compares that with the threshold, so that it fires when every sample passes it. No data is no alert.

import { alertRule, signalLabels } from '../types.bicep'

@description('The series of an instrument.')
func series(instrument string, labels signalLabels) string =>
  'customMetrics\n| where name == "${instrument}"${join(map(items(labels), label => '\n| where tostring(customDimensions["${label.key}"]) == "${label.value}"'), '')}'

@description('The least of the samples, if there are as many as the time has windows; one may be missing. Looks three minutes back: telemetry takes about that long to arrive.')
func leastSample(rule alertRule, sample string) string =>
  '| where timestamp between (ago(${rule.forMinutes + 3}m) .. ago(3m))\n| summarize sample = ${sample} by bin_at(timestamp, ${rule.windowMinutes}m, ago(3m))\n| summarize samples = count(), lowest = min(sample)\n| where samples >= ${max(1, rule.forMinutes / rule.windowMinutes - 1)}\n| project lowest'

@description('One sample over the whole time: a part in percent of the whole, or nothing where there is too little to say.')
func percentage(rule alertRule, source string, part string, whole string) string =>
  '${source}\n| where timestamp > ago(${rule.forMinutes}m)\n| summarize part = ${part}, whole = ${whole}\n| where whole >= ${rule.signal.minimumCount!}\n| project lowest = 100.0 * part / whole'

@description('Growth of a counter in percent of the growth of another.')
func ratio(rule alertRule) string =>
  percentage(
    rule,
    'customMetrics\n| where name in ("${rule.signal.instrument!}", "${rule.signal.per!}")',
    'sumif(valueSum, name == "${rule.signal.instrument!}")',
    'sumif(valueSum, name == "${rule.signal.per!}")'
  )

@description('What the host recorded of HTTP requests. Calls of other functions have no address.')
func requests(rule alertRule) string =>
  rule.signal.measure! == 'server-error-percent'
    ? percentage(rule, 'requests\n| where isnotempty(url)', 'sumif(itemCount, toint(resultCode) >= 500)', 'sum(itemCount)')
    : 'requests\n| where isnotempty(url)\n| where timestamp > ago(${rule.forMinutes}m)\n| summarize slow = percentilew(duration, itemCount, 95), whole = sum(itemCount)\n| where whole >= ${rule.signal.minimumCount!}\n| project lowest = slow / 1000.0'

@export()
@description('The query of a rule. A gauge is reported by every process that measured it lately, so the greatest value counts; counters add up.')
func alertQuery(rule alertRule) string =>
  rule.signal.source == 'gauge'
    ? '${series(rule.signal.instrument!, rule.signal.labels)}\n${leastSample(rule, 'max(valueMax)')}'
    : rule.signal.source == 'counter'
        ? '${series(rule.signal.instrument!, rule.signal.labels)}\n${leastSample(rule, 'sum(valueSum)')}'
        : rule.signal.source == 'ratio' ? ratio(rule) : requests(rule)
