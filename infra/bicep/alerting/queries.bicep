// Rules to queries over Application Insights. Each query answers one row with the column `lowest`, the least sample of the time it looks at,
// or none: the alert compares that with the threshold, so that it fires when every sample passes it. No data is no alert.

import { alertRule, signalLabels } from '../types.bicep'

@description('The series of an instrument.')
func series(instrument string, labels signalLabels) string =>
  'customMetrics\n| where name == "${instrument}"${join(map(items(labels), label => '\n| where tostring(customDimensions["${label.key}"]) == "${label.value}"'), '')}'

@description('The time a rule looks at, without the instant of its end. It ended three minutes ago: telemetry takes about that long to arrive.')
func lately(rule alertRule) string => '| where timestamp >= ago(${rule.forMinutes + 3}m) and timestamp < ago(3m)'

@description('The least of the samples, one a window, where there are so many.')
func leastSample(rule alertRule, reading string, readings int) string =>
  '${lately(rule)}\n| summarize reading = ${reading} by bin_at(timestamp, ${rule.windowMinutes}m, ago(3m))\n| summarize readings = count(), lowest = min(reading)\n| where readings >= ${readings}\n| project lowest'

@description('A third of a gauge\'s samples, rounded up, may be missing: the process that measures comes and goes.')
func leastOfGauge(rule alertRule) string => leastSample(rule, 'max(valueMax)', max(1, rule.forMinutes * 2 / (rule.windowMinutes * 3)))

@description('None of a counter\'s samples may be missing: a counter that does not grow is not sent.')
func leastOfCounter(rule alertRule) string => leastSample(rule, 'sum(valueSum)', rule.forMinutes / rule.windowMinutes)

@description('One sample over the whole time: a part in percent of the whole, or nothing where there is too little to say.')
func percentage(rule alertRule, source string, part string, whole string) string =>
  '${source}\n${lately(rule)}\n| summarize part = ${part}, whole = ${whole}\n| where whole >= ${rule.signal.minimumCount!}\n| project lowest = 100.0 * part / whole'

@description('Growth of a counter in percent of the growth of another.')
func ratio(rule alertRule) string =>
  percentage(
    rule,
    'customMetrics\n| where name in ("${rule.signal.instrument!}", "${rule.signal.per!}")',
    'sumif(valueSum, name == "${rule.signal.instrument!}")',
    'sumif(valueSum, name == "${rule.signal.per!}")'
  )

@description('Calls that may last as long as their caller likes: claims that wait for work, streams of events, and submissions that wait for a slot (Prefer: wait). How fast runs are admitted is an objective of its own.')
var isNotHeld = 'name !in ("ClaimTasks", "StreamRunEvents", "StreamTenantEvents", "SubmitRun", "Foreman", "TriggerSchedule")'

@description('What the host recorded of HTTP requests. Calls of other functions have no address.')
func requests(rule alertRule) string =>
  rule.signal.measure! == 'server-error-percent'
    ? percentage(rule, 'requests\n| where isnotempty(url)', 'sumif(itemCount, toint(resultCode) >= 500)', 'sum(itemCount)')
    : 'requests\n| where isnotempty(url) and ${isNotHeld}\n${lately(rule)}\n| summarize slow = percentilew(duration, itemCount, 95), whole = sum(itemCount)\n| where whole >= ${rule.signal.minimumCount!}\n| project lowest = slow / 1000.0'

@export()
@description('The query of a rule. A gauge is reported by every process that measured it lately, so the greatest value counts; counters add up.')
func alertQuery(rule alertRule) string =>
  rule.signal.source == 'gauge'
    ? '${series(rule.signal.instrument!, rule.signal.labels)}\n${leastOfGauge(rule)}'
    : rule.signal.source == 'counter'
        ? '${series(rule.signal.instrument!, rule.signal.labels)}\n${leastOfCounter(rule)}'
        : rule.signal.source == 'ratio' ? ratio(rule) : requests(rule)

@export()
@description('The query of a rule over the workspace\'s own operations: how many there were.')
func operationQuery(rule alertRule) string =>
  '_LogOperation\n| project timestamp = TimeGenerated, Detail\n${lately(rule)}\n| where Detail contains "${rule.signal.operation!}"\n| summarize lowest = count()'
